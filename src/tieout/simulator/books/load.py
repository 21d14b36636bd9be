"""Companies loaded from SAF-T Financial (1.10 to 1.30) and SIE 4 files, recognised by content. Their books stand still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tieout.simulator.books import saft, sie
from tieout.simulator.books.company import Company
from tieout.simulator.books.loading.building import build
from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.source import BooksFile, Format, find_books

__all__ = ["BooksFileError", "load_companies"]

_READERS = {Format.SAFT: saft.read, Format.SIE: sie.read}


def load_companies(paths: Sequence[Path], *, now: datetime) -> list[Company]:
    """One company a file (a zip may hold it), in the order given; no stamp in them is later than `now`.

    What a loader has to say is in `books.remarks`, what the file publishes in `books.expected`.
    Raises BooksFileError if any file can't be loaded: then none is. Raises ValueError for a `now` without time zone.
    """
    if now.tzinfo is None:
        raise ValueError(f"{now} has no time zone")
    files = [find_books(Path(path)) for path in paths]
    companies: list[Company] = []
    for file in files:
        taken = {company.books.profile.organisation_number for company in companies}
        companies.append(_load(file, taken, now.astimezone(UTC)))
    return companies


def _load(file: BooksFile, taken: set[str], now: datetime) -> Company:
    try:
        content = _READERS[file.format](file)
        return Company(build(content, digest=file.digest, taken=taken, now=now))
    except BooksFileError as error:
        raise error if error.file else BooksFileError(error.what, file=file.name, line=error.line) from None
