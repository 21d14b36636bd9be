"""How pages follow each other, and where they end: known by counting rows, never by a header alone (contract 5.2)."""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import orjson

from tieout.catalog import Page
from tieout.connectors.errors import UnexpectedAnswerError
from tieout.connectors.http import Answer

IN_FLIGHT = 6  # enough for ten requests a second while an answer takes up to 0.6 s

SIZES = (1_000, 5_000, 10_000, 20_000)  # rows a page; the vendor's own is 5,000, its largest 20,000 (contract 5.1)
USUAL = 5_000
PAGE_SECONDS = (
    4.0  # that a page may take: well within the time limits, and short enough to be cut off without much loss
)

Fetch = Callable[[int], Answer | None]


class PageSize:
    """How many rows to ask for at once: as many as come in a few seconds, by the last full page. `only` fixes it."""

    def __init__(self, only: int | None = None) -> None:
        if only is not None and not 1 <= only <= SIZES[-1]:
            raise ValueError(f"a page holds 1 to {SIZES[-1]} rows, not {only}")
        self._sizes = SIZES if only is None else (only,)
        self.rows = only or USUAL

    def full_page_took(self, seconds: float, *, rows: int) -> None:
        """Choose by what a full page of `rows` took."""
        quick = [size for size in self._sizes if size * seconds <= rows * PAGE_SECONDS]
        self.rows = max(quick, default=self._sizes[0])

    def failed(self) -> None:
        """Ask for less: the other side did not manage it."""
        self.rows = max((size for size in self._sizes if size < self.rows), default=self._sizes[0])


def pages_of(fetch: Fetch, *, size: int, fixed: Mapping[str, str]) -> Iterator[Page]:
    """Pages in order, the next ones already on their way as far as the source's own total reaches.

    `fetch` gives a page by number from 1, None for 204. A full page is always followed by a question for the next one.
    """
    first = fetch(1)
    with ThreadPoolExecutor(max_workers=IN_FLIGHT) as threads:
        coming: deque[Future[Answer | None]] = deque()
        number, answer = 1, first
        try:
            while answer is not None:
                yield _page(answer, number, fixed)
                if not _is_full(answer, number, size):
                    return
                last = max(number + 1, _last_page(answer.headers, size))
                while len(coming) < IN_FLIGHT and number + len(coming) < last:
                    coming.append(threads.submit(fetch, number + len(coming) + 1))
                number, answer = number + 1, coming.popleft().result()
        finally:
            for future in coming:
                future.cancel()


def told_total(headers: Mapping[str, str]) -> int | None:
    """The source's own number of rows over all pages, where it tells."""
    return _told(headers).get("totalcount")


def rows_in(answer: Answer) -> int:
    """The exact number of rows in a spooled page."""
    if answer.path is None:
        return 0
    data = answer.path.read_bytes()
    try:
        return len(orjson.loads(gzip.decompress(data) if answer.path.suffix == ".gz" else data))
    except (orjson.JSONDecodeError, TypeError) as error:
        raise UnexpectedAnswerError("PowerOffice Go answered a page that is no JSON array.") from error


def _page(answer: Answer, number: int, fixed: Mapping[str, str]) -> Page:
    assert answer.path is not None, "pages are spooled"
    return Page(
        path=answer.path,
        number=number,
        total=told_total(answer.headers),
        fixed=dict(fixed),
        server_time=answer.date,
    )


def _is_full(answer: Answer, number: int, size: int) -> bool:
    """Whether more may follow. A header that says so is believed, which costs one empty answer at most; a header that
    says no, or none, is checked by counting: else a wrong one would lose rows."""
    told = _told(answer.headers)
    size = min(size, told.get("pagesize") or size)  # a source may hold smaller pages than we ask for
    total = told.get("totalcount")
    return (total is not None and total >= number * size) or rows_in(answer) >= size


def _last_page(headers: Mapping[str, str], size: int) -> int:
    told = _told(headers)
    size = min(size, told.get("pagesize") or size)
    return -(-(told.get("totalcount") or 0) // size)


def _told(headers: Mapping[str, str]) -> dict[str, int]:
    """The whole numbers of X-Pagination by lower-case name; empty where it is missing or odd (contract 11.1)."""
    try:
        found = json.loads(headers.get("X-Pagination", ""))
        return {str(name).lower(): value for name, value in found.items() if type(value) is int and value >= 0}
    except (ValueError, AttributeError):
        return {}
