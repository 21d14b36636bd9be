"""What to ask, in which order: the first time in windows, newest first; afterwards what changed.

Cursors, kept by the warehouse with the rows they cover:
    first              "done" when a stream was once read whole
    window A..B        "done" for each window of a first sync
    changed, balance…  the instant to ask from next time: five minutes before the source was last asked
    read, whole, scan  when it was last asked, last read whole, and its keys last scanned
    revised            the last sync after which what other streams had named was asked for again
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tieout.catalog import Ask, How, Stream, Window
from tieout.sync.books import Books
from tieout.warehouse.base import CHANGES, EVERYTHING, Scope, SourceStore

OVERLAP = timedelta(minutes=5)  # clocks differ, replicas lag, transactions take time
NUMBERS_AGAIN = 20  # numbers before the last that are asked again, since a lower one may show later
NIGHTLY = timedelta(hours=20)
WEEKLY = timedelta(days=7)
FIRST, WHOLE, READ, SCAN, REVISED, DONE = "first", "whole", "read", "scan", "revised", "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question and what its answer makes true. `stamps` are cursors that get the instant of asking."""

    stream: Stream
    how: str
    ask: Ask
    scope: Scope = CHANGES
    marks: Mapping[str, str] = field(default_factory=dict)
    stamps: tuple[str, ...] = ()
    stamps_once: bool = False  # keep an earlier instant: windows read since are covered from it on

    def cursors(self, asked_at: datetime, before: Mapping[str, str]) -> dict[str, str]:
        """The cursors to keep with the answer."""
        kept = {kind: instant(asked_at - OVERLAP) for kind in self.stamps if not (self.stamps_once and kind in before)}
        return {**kept, READ: instant(asked_at), **self.marks}


def steps(streams: Sequence[Stream], store: SourceStore, books: Books, *, at: datetime, nightly: bool) -> list[Step]:
    """The questions for all streams that stand by themselves, a stream's own together; `at` is the source's clock."""
    planned: list[Step] = []
    for stream in streams:
        planned += _of_stream(stream, store, books, at=at, nightly=nightly)
    return planned


def is_first(stream: Stream, cursors: Mapping[str, str]) -> bool:
    """Whether a stream was never read whole."""
    return FIRST not in cursors


def is_due(kind: str, cursors: Mapping[str, str], at: datetime) -> bool:
    """Whether something nightly was last done too long ago."""
    return kind not in cursors or at - datetime.fromisoformat(cursors[kind]) >= NIGHTLY


def whole(stream: Stream, how: str, *, at: datetime) -> Step:
    """Read a stream whole."""
    return Step(
        stream=stream,
        how=how,
        ask=Ask(stream=stream),
        scope=EVERYTHING,
        marks={FIRST: DONE, WHOLE: instant(at)},
        stamps=stream.changed_by,
    )


def _whole_again(stream: Stream, books: Books, at: datetime) -> Iterator[Step]:
    """Names and codes that records repeat (a department's, a customer's) change in them without any stamp."""
    if not stream.windowed:
        yield whole(stream, "again", at=at)
        return
    first, *rest = [window_again(stream, window) for window in books.windows()]
    steps = [replace(first, stamps=stream.changed_by), *rest]
    yield from [*steps[:-1], replace(steps[-1], marks={WHOLE: instant(at)})]


def window_again(stream: Stream, window: Window) -> Step:
    """Read a window a second time; what it no longer has is gone."""
    return Step(stream=stream, how="again", ask=Ask(stream=stream, window=window), scope=Scope(window=window))


def revised(stream: Stream, numbers: Sequence[int]) -> Iterator[Step]:
    """Ask for rows again whose numbers another stream named (vouchers that were reversed)."""
    for start in range(0, len(numbers), 100):
        chunk = tuple(numbers[start : start + 100])
        yield Step(stream=stream, how="revised", ask=Ask(stream=stream, numbers=chunk))


def instant(moment: datetime) -> str:
    """An instant as cursors hold it."""
    return moment.isoformat()


def _of_stream(stream: Stream, store: SourceStore, books: Books, *, at: datetime, nightly: bool) -> Iterator[Step]:
    cursors = store.cursors(stream.name)
    if stream.how is How.WHOLE:
        if not stream.settings or nightly or is_due(READ, cursors, at):
            yield whole(stream, "whole", at=at)
    elif is_first(stream, cursors):
        yield from changes(stream, store)  # what changed while an interrupted first sync lay still
        yield from _windows(stream, cursors, books, at) if stream.windowed else [whole(stream, "first", at=at)]
    elif at - datetime.fromisoformat(cursors.get(WHOLE, cursors[READ])) >= WEEKLY:
        yield from _whole_again(stream, books, at)
    else:
        yield from changes(stream, store)


def changes(stream: Stream, store: SourceStore) -> Iterator[Step]:
    """What came or changed since the stream was last asked, by each kind of change it can be asked for."""
    cursors = store.cursors(stream.name)
    if stream.how is How.NUMBERED and FIRST in cursors and stream.number_column:
        after = max(0, (store.greatest(stream.name, stream.number_column) or 0) - NUMBERS_AGAIN)
        yield Step(stream=stream, how="numbered", ask=Ask(stream=stream, number_after=after))
    for kind in stream.changed_by:
        if kind in cursors:
            since = datetime.fromisoformat(cursors[kind])
            ask = Ask(stream=stream, changed_after=since, changed_by=kind)
            yield Step(stream=stream, how="changed", ask=ask, stamps=(kind,))


def _windows(stream: Stream, cursors: Mapping[str, str], books: Books, at: datetime) -> Iterator[Step]:
    windows = [window for window in books.windows() if _mark(window) not in cursors]
    for window in windows:
        ends = {FIRST: DONE, WHOLE: instant(at)} if window == windows[-1] else {}
        yield Step(
            stream=stream,
            how="first",
            ask=Ask(stream=stream, window=window),
            scope=Scope(window=window),
            marks={_mark(window): DONE, **ends},
            stamps=stream.changed_by,
            stamps_once=True,
        )


def _mark(window: Window) -> str:
    return f"window {window.first}..{window.last}"
