"""What to ask, in which order: the first time in windows, newest first; afterwards what changed.

Cursors, kept by the warehouse with the rows they cover:
    first              "done" when a stream was once read whole
    window A..B        "done" for each window of a first sync
    changed, balance…  the instant to ask from next time: a quarter of an hour before the source was last asked
    read, whole, scan  when it was last asked, last read whole, and its keys last scanned
    nightly            when it was last asked in the thorough way of a night
    revised, renamed   the last sync after which what other streams had named, or renamed, was asked for again
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tieout.catalog import Ask, How, NumberRange, Rhythm, Stream, Window
from tieout.sync.books import FIRST_DAY, LAST_DAY, Books
from tieout.warehouse.base import CHANGES, TWICE, Scope, SourceStore

OVERLAP = timedelta(
    minutes=15
)  # the clock that dates answers may be ten minutes off; replicas lag, transactions take time
NIGHTLY_OVERLAP = timedelta(days=2)  # what came so late that the overlap missed it
FIRST_PART, LAST_PART = 10_000, 10**9  # where a range of numbers without end is cut first, and last
YEAR = timedelta(days=365)
SMALL = 5_000  # rows: one page, so that all of them cost no more than what changed
NUMBERS_AGAIN = 20  # numbers before the last that are asked again, since a lower one may show later
DAY = timedelta(hours=20)  # who syncs daily has a thorough sync each time
NIGHTLY = timedelta(hours=26)  # a stream that the nights passed by is asked anyway
WEEKLY = timedelta(days=7)
FIRST, WHOLE, READ, SCAN, NIGHT, DONE = "first", "whole", "read", "scan", "nightly", "done"
REVISED, RENAMED = "revised", "renamed"


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
    asked_at: datetime | None = None  # of the last part of a question that was too much: when the whole was asked first

    def cursors(self, asked_at: datetime, before: Mapping[str, str]) -> dict[str, str]:
        """The cursors to keep with the answer."""
        since = instant((self.asked_at or asked_at) - OVERLAP)
        kept = {kind: since for kind in self.stamps if not (self.stamps_once and kind in before)}
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


def is_due(kind: str, cursors: Mapping[str, str], at: datetime, every: timedelta = NIGHTLY) -> bool:
    """Whether something that is done now and then was last done too long ago."""
    return kind not in cursors or at - datetime.fromisoformat(cursors[kind]) >= every


def is_asked(stream: Stream, cursors: Mapping[str, str], *, at: datetime, nightly: bool) -> bool:
    """Whether a stream is asked in this sync whatever moved."""
    if is_first(stream, cursors) or stream.rhythm is Rhythm.ALWAYS:
        return True
    if stream.rhythm is Rhythm.WEEKLY:
        return is_due(READ, cursors, at, WEEKLY)
    return nightly or is_due(NIGHT, cursors, at)


def whole(stream: Stream, how: str, *, at: datetime, scope: Scope = TWICE) -> Step:
    """Read a stream whole. What it no longer has is gone when a second reading says so too."""
    return Step(
        stream=stream,
        how=how,
        ask=Ask(stream=stream),
        scope=scope,
        marks={FIRST: DONE, WHOLE: instant(at), NIGHT: instant(at), SCAN: instant(at)},
        stamps=stream.changed_by,
    )


def window_again(stream: Stream, window: Window) -> Step:
    """Read a window a second time; what it no longer has is gone."""
    return Step(
        stream=stream,
        how="again",
        ask=Ask(stream=stream, window=window),
        scope=Scope(window=window),
    )


def in_two(step: Step, *, asked_at: datetime) -> list[Step]:
    """The same step in two, for a source that can't manage the whole; none where that leads no further.

    What the whole makes true is true with the last part, as of `asked_at`, when the whole was asked.
    """
    parts = [replace(step, ask=ask, scope=_scope_of(ask, step.scope)) for ask in smaller(step.ask, asked_at.date())]
    return [replace(part, marks={}, stamps=()) for part in parts[:-1]] + [
        replace(part, asked_at=step.asked_at or asked_at) for part in parts[-1:]
    ]


def smaller(ask: Ask, today: date) -> list[Ask]:
    """Two questions that together are this one: by date, the newer first, or by what divides the stream.

    None where that leads no further: for a day, for a single number.
    """
    if ask.stream.windowed:
        return [replace(ask, window=span) for span in _spans_of(ask.window or Window(FIRST_DAY, LAST_DAY), today)]
    if ask.stream.divided_by:
        return [replace(ask, part=part) for part in _halves(ask.part or NumberRange(0))]
    return []


def _scope_of(ask: Ask, scope: Scope) -> Scope:
    return scope if scope == CHANGES else replace(scope, everything=False, window=ask.window, part=ask.part)


def _spans_of(whole_span: Window, today: date) -> list[Window]:
    """Of a span without end what lies ahead is cut off, else a year on the side where the postings are."""
    if not (days := (whole_span.last - whole_span.first).days):
        return []
    if whole_span.last == LAST_DAY:
        cut = today if whole_span.first <= today else whole_span.first + YEAR
    else:
        cut = whole_span.last - (YEAR if days > 2 * YEAR.days else timedelta(days=(days + 1) // 2))
    return [Window(cut + timedelta(days=1), whole_span.last), Window(whole_span.first, cut)]


def _halves(whole_range: NumberRange) -> list[NumberRange]:
    """A range without end is cut one digit further, since nobody knows how far numbers go."""
    first, last = whole_range.first, whole_range.last
    if first == last or first >= LAST_PART:
        return []
    cut = max(10 * first, FIRST_PART) - 1 if last is None else (first + last) // 2
    return [NumberRange(cut + 1, last), NumberRange(first, cut)]


def moved(stream: Stream, store: SourceStore, books: Books, *, at: datetime, nightly: bool) -> list[Step]:
    """What only a sync that found the books moved asks of a stream: streams of that rhythm, other kinds of change."""
    if stream.rhythm is Rhythm.MOVED:
        return list(_of_stream(stream, store, books, at=at, nightly=nightly))
    if stream.rhythm is Rhythm.ALWAYS and len(stream.changed_by) > 1 and not stream.windowed:
        return list(changes(stream, store, kinds=stream.changed_by[1:]))
    return []


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
    nightly = nightly or is_due(NIGHT, cursors, at)
    if stream.how is How.WHOLE:
        yield whole(stream, "whole", at=at)
    elif is_first(stream, cursors):
        yield from changes(stream, store)  # what changed while an interrupted first sync lay still
        yield from _windows(stream, cursors, books, at) if stream.windowed else [whole(stream, "first", at=at)]
    elif not stream.windowed and _is_whole_cheaper(stream, store, cursors, at=at, nightly=nightly):
        yield whole(stream, "whole", at=at)
    else:
        kinds = stream.changed_by if nightly or stream.rhythm is not Rhythm.ALWAYS else stream.changed_by[:1]
        yield from changes(stream, store, kinds=kinds, nightly_at=at if nightly else None)
        if nightly and stream.windowed:
            yield from _oldest_windows(stream, cursors, books, at)


def _is_whole_cheaper(
    stream: Stream, store: SourceStore, cursors: Mapping[str, str], *, at: datetime, nightly: bool
) -> bool:
    """A short list read whole shows what is gone, and names and codes that change without any stamp."""
    if is_due(WHOLE, cursors, at, WEEKLY):
        return True
    return (nightly or stream.vanishes) and store.count(stream.name) < SMALL


def changes(
    stream: Stream, store: SourceStore, *, kinds: Sequence[str] | None = None, nightly_at: datetime | None = None
) -> Iterator[Step]:
    """What came or changed since the stream was last asked, by each kind of change (all that it can be asked for).

    At night (`nightly_at`, by the source's clock) from two days further back.
    """
    cursors = store.cursors(stream.name)
    marks = {NIGHT: instant(nightly_at)} if nightly_at else {}
    if stream.how is How.NUMBERED and FIRST in cursors and stream.number_column:
        after = max(0, (store.greatest(stream.name, stream.number_column) or 0) - NUMBERS_AGAIN)
        yield Step(stream=stream, how="numbered", ask=Ask(stream=stream, number_after=after), marks=marks)
    for kind in stream.changed_by if kinds is None else kinds:
        if kind in cursors:
            since = datetime.fromisoformat(cursors[kind]) - (NIGHTLY_OVERLAP if nightly_at else timedelta(0))
            ask = Ask(stream=stream, changed_after=since, changed_by=kind)
            yield Step(stream=stream, how="changed", ask=ask, marks=marks, stamps=(kind,))


def _oldest_windows(stream: Stream, cursors: Mapping[str, str], books: Books, at: datetime) -> Iterator[Step]:
    """A seventh of all windows is read again for each day since the last night, those that were not for longest: changes
    without a stamp are met, and within a week and a day even where nights were missed."""
    windows = books.windows()
    days = max(1, (at - datetime.fromisoformat(cursors[NIGHT])).days) if NIGHT in cursors else 1
    due = [window for window in windows if is_due(_again(window), cursors, at, WEEKLY)]
    share = -(-len(windows) * days // WEEKLY.days)
    for window in sorted(due, key=lambda window: cursors.get(_again(window), ""))[:share]:
        yield replace(window_again(stream, window), marks={_again(window): instant(at)})


def _windows(stream: Stream, cursors: Mapping[str, str], books: Books, at: datetime) -> Iterator[Step]:
    windows = [window for window in books.windows() if _mark(window) not in cursors]
    for window in windows:
        ends = {FIRST: DONE, NIGHT: instant(at)} if window == windows[-1] else {}
        yield Step(
            stream=stream,
            how="first",
            ask=Ask(stream=stream, window=window),
            scope=Scope(window=window),
            marks={_mark(window): DONE, _again(window): instant(at), **ends},
            stamps=stream.changed_by,
            stamps_once=True,
        )


def _mark(window: Window) -> str:
    return f"window {window.first}..{window.last}"


def _again(window: Window) -> str:
    return f"again {window.first}..{window.last}"
