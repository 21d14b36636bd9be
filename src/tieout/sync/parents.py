"""Streams that cost one question per record of another: lines of invoices and orders, rates of currencies."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import groupby, islice

from tieout.catalog import Ask, How, Stream
from tieout.ledger.fiscal_year import month_ends
from tieout.sync.events import Event
from tieout.sync.extract import Answer
from tieout.sync.load import Tally, take_in
from tieout.sync.work import Loads, Work
from tieout.warehouse.base import Scope, StreamState

TOGETHER = 50  # so many parents' answers are committed at once


def fill(work: Work, stream: Stream, *, today: date, budget: int | None = None) -> Iterator[Event]:
    """Ask what was not asked yet, newest first, at most `budget` questions; the rest waits for a later sync.

    Lines of a deferred stream are asked once; others again when their parent has changed.
    """
    work.touched += work.store.remove_orphans(stream, work.sync, parent=work.by_name[stream.parent or ""])
    waiting, all_of_them = _unanswered(work, stream, today)
    asked = waiting if budget is None else waiting[:budget]
    told = _counting(work, stream, all_of_them)
    told(len(waiting))
    if not asked:
        return

    def loads(tally: Tally) -> Loads:
        yield from _in_bunches(work, tally, asked, told, len(waiting))
        if len(asked) < len(waiting):
            work.states[stream.name] = StreamState.FILLING

    yield from work.stream(stream, "lines" if stream.how is How.PARENTS else "snapshot", len(asked), loads)


def leave(work: Work, stream: Stream, *, today: date) -> None:
    """Only keep how far a stream has filled."""
    waiting, all_of_them = _unanswered(work, stream, today)
    _counting(work, stream, all_of_them)(len(waiting))
    if waiting:
        work.states[stream.name] = StreamState.FILLING


def _unanswered(work: Work, stream: Stream, today: date) -> tuple[list[Ask], int]:
    """The questions that no answer came to yet, newest first, and how many there are with those answered."""
    parent = work.by_name[stream.parent or ""]
    keys = len(set(work.store.column(parent.name, stream.parent_key)))
    if stream.how is How.PARENTS:
        found = work.store.unanswered_parents(stream, parent=parent, again_when_changed=not stream.deferred)
        return [Ask(stream=stream, parent=key) for key in found], keys
    dates = _picture_dates(work, parent, today)
    asks = [
        Ask(stream=stream, on=on, parent=key)
        for on in dates
        for key in work.store.unanswered_parents(stream, parent=parent, again_when_changed=False, on=on)
    ]
    return asks, keys * len(dates)


def _picture_dates(work: Work, parent: Stream, today: date) -> list[date]:
    """Month ends since the parent's first record, and today; newest first."""
    months = work.store.dates(parent.name, parent.window_column) if parent.window_column else []
    return sorted({*(month_ends(months[0], today) if months else ()), today}, reverse=True)


def _counting(work: Work, stream: Stream, all_of_them: int) -> Callable[[int], None]:
    """Keeps how many questions have been answered, given how many wait."""

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
