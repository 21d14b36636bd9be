"""The bytes of a file of books, as they lie or inside a zip, and which format they are, judged by content."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from tieout.simulator.books.loading.errors import BooksFileError

MOST_BYTES = 2 * 1024**3  # the authorities' own limit for one SAF-T file
_BLANK = b" \t\r\n\xef\xbb\xbf"


class Format(StrEnum):
    SAFT = "SAF-T"
    SIE = "SIE"


@dataclass(frozen=True, slots=True)
class BooksFile:
    """One file that holds one company's books. `digest` is the SHA-256 of its (unzipped) bytes."""

    path: Path
    member: str | None
    format: Format
    digest: str

    @property
    def name(self) -> str:
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes from the beginning, unzipped."""
        with _opened(self.path, self.member) as stream:
            yield stream


def find_books(path: Path, *, most_bytes: int = MOST_BYTES) -> BooksFile:
    """Recognise a file. Raises BooksFileError if it can't be read, is empty, too large, or of no known format."""
    try:
        member = _only_member(path) if _is_zip(path) else None
        with _opened(path, member) as stream:
            head = stream.read(4096)
            digest = _digest(stream, head, path.name, most_bytes)
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise BooksFileError(
            f"can't be read ({error}). Check the path, and that the file is whole.", file=path.name
        ) from error
    return BooksFile(path, member, _format(head, path.name), digest)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
        yield stream


def _only_member(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        members = [
            info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")
        ]
    if len(members) != 1:
        raise BooksFileError(
            f"is a zip of {len(members)} files. Give a zip of one SAF-T or SIE file, or the files themselves.",
            file=path.name,
        )
    return members[0].filename


def _digest(stream: IO[bytes], head: bytes, name: str, most_bytes: int) -> str:
    """Counts what is really there: the size that a zip declares may be a lie."""
    digest, size = hashlib.sha256(head), len(head)
    while block := stream.read(1 << 20):
        size += len(block)
        if size > most_bytes:
            raise BooksFileError(
                f"is larger than {most_bytes / 1024**3:.0f} GB, more than one SAF-T file may be. Export a shorter span.",
                file=name,
            )
        digest.update(block)
    return digest.hexdigest()


def _format(head: bytes, name: str) -> Format:
    if not head.strip(_BLANK + b"\0"):
        raise BooksFileError("is empty. Export the books again.", file=name)
    start = head.lstrip(_BLANK)
    if re.match(rb"#[A-Za-z]+[ \t\r\n]", start) and re.search(rb"(?im)^\s*#(FLAGGA|SIETYP|PROGRAM|FORMAT|GEN)\b", head):
        return Format.SIE
    if start.startswith(b"<") or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Format.SAFT
    raise BooksFileError(
        "is neither SAF-T Financial (XML) nor SIE 4 (lines that begin with #). Export the books in one of them.",
        file=name,
    )
