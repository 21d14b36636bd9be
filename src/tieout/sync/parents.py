"""Streams that cost one question per record of another: lines of invoices and orders, rates of currencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import groupby, islice

from tieout.catalog import Ask, Stream
from tieout.ledger.fiscal_year import month_ends
from tieout.sync.events import Event
from tieout.sync.extract import Answer
from tieout.sync.load import Tally, take_in
from tieout.sync.work import Loads, Work
from tieout.warehouse.base import Scope, StreamState

TOGETHER = 50  # so many parents' answers are committed at once


def fill(work: Work, stream: Stream, *, budget: int | None = None) -> Iterator[Event]:
    """Ask for parents that were not asked yet, newest first, at most `budget`; the rest waits for a later sync.

    Lines of a deferred stream are asked once; others again when their parent has changed.
    """
    parent = work.by_name[stream.parent or ""]
    waiting = work.store.unanswered_parents(stream, parent=parent, again_when_changed=not stream.deferred)
    orphans = work.store.remove_orphans(stream, work.sync, parent=parent)
    work.touched += orphans
    asked = waiting if budget is None else waiting[:budget]
    told = _counting(work, stream)
    told(len(waiting))
    if not asked:
        return

    def loads(tally: Tally) -> Loads:
        yield from _in_bunches(work, tally, [Ask(stream=stream, parent=key) for key in asked], told, len(waiting))
        if len(asked) < len(waiting):
            work.states[stream.name] = StreamState.FILLING

    yield from work.stream(stream, "lines", len(asked), loads)


def leave(work: Work, stream: Stream) -> None:
    """Only keep how far a stream has filled."""
    parent = work.by_name[stream.parent or ""]
    waiting = work.store.unanswered_parents(stream, parent=parent, again_when_changed=not stream.deferred)
    _counting(work, stream)(len(waiting))
    if waiting:
        work.states[stream.name] = StreamState.FILLING


def snapshots_of_parents(work: Work, stream: Stream, *, today: date) -> Iterator[Event]:
    """One question per date and value that the parent holds: month ends since its first record, and today."""
    parent = work.by_name[stream.parent or ""]
    months = work.store.dates(parent.name, parent.window_column) if parent.window_column else []
    dates = sorted({*(month_ends(months[0], today) if months else ()), today}, reverse=True)
    asks = [
        Ask(stream=stream, on=on, parent=key)
        for on in dates
        for key in work.store.unanswered_parents(stream, parent=parent, again_when_changed=False, on=on)
    ]

    def loads(tally: Tally) -> Loads:
        yield from _in_bunches(work, tally, asks, lambda left: None, 0)

    if asks:
        yield from work.stream(stream, "snapshot", len(asks), loads)


def _counting(work: Work, stream: Stream) -> Callable[[int], None]:
    """Keeps how many parents have been asked, given how many wait."""
    all_of_them = len(set(work.store.column(stream.parent or "", stream.parent_key)))

    def told(left: int) -> None:
        work.store.note_filling(stream.name, filled=all_of_them - left, to_fill=all_of_them)

    return told


def _in_bunches(work: Work, tally: Tally, asks: Sequence[Ask], told: Callable[[int], None], waiting: int) -> Loads:
    """Load answers, committing a bunch at a time, so that an interruption costs little."""
    with closing(work.ahead(iter(asks))) as coming:
        for bunch in _bunches(asks):
            yield from _bunch(work, tally, bunch, coming)
            waiting -= len(bunch)
            told(waiting)


def _bunches(asks: Sequence[Ask]) -> Iterator[list[Ask]]:
    for _, same_day in groupby(asks, key=lambda ask: ask.on):
        while bunch := list(islice(same_day, TOGETHER)):
            yield bunch


def _bunch(work: Work, tally: Tally, bunch: list[Ask], coming: Iterator[Answer]) -> Loads:
    stream = bunch[0].stream
    with work.store.loading(stream, work.sync) as loading:
        for _ in bunch:
            answer = next(coming)
            try:
                yield from take_in(answer, loading, tally)
            finally:
                answer.give_up()
                work.spool.done(answer.folder, sync=work.sync, stream=stream.name)
        scope = Scope(parents=tuple(ask.parent or "" for ask in bunch), on=bunch[0].on)
        tally.loaded += loading.commit(scope)
