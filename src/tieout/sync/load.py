"""Bring answers into the warehouse: staged page by page, judged complete or not, committed with their cursors."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tieout.catalog import Ask, Page
from tieout.connectors.errors import TryLaterError
from tieout.sync.events import StreamProgressed
from tieout.sync.extract import Answer
from tieout.sync.plan import Step
from tieout.warehouse.base import CHANGES, Loaded, Loading, SourceStore


class CancelledError(Exception):
    """Somebody asked the sync to stop. What was committed stays; the rest is asked again next time."""


class MovingError(TryLaterError):
    """The source's records moved between pages, twice in a row, so the answer may lack some. The next sync asks again."""

    def __init__(self) -> None:
        super().__init__("Records moved while they were read. The next sync reads them again.")


class Sink(Protocol):
    """What takes pages in: a loading or a scanning."""

    def add(self, page: Page) -> int: ...


@dataclass(slots=True)
class Tally:
    """How far the reading of one stream has come, over all its questions."""

    stream: str
    now: Callable[[], datetime]
    should_stop: Callable[[], bool]
    rows: int = 0
    requests: int = 0
    planned: int = 0
    is_whole: bool = False  # all that the stream has was read
    total: int | None = None  # the source's own number of all rows, from a whole reading
    loaded: Loaded = field(default_factory=Loaded)

    def progressed(self, ask: Ask) -> StreamProgressed:
        """The event to tell after a page."""
        self.planned = max(self.planned, self.requests)
        return StreamProgressed(
            at=self.now(),
            stream=self.stream,
            rows=self.rows,
            requests=self.requests,
            planned=self.planned,
            first=ask.window.first if ask.window else None,
            last=ask.window.last if ask.window else None,
        )


def take_in(answer: Answer, sink: Sink, tally: Tally) -> Generator[StreamProgressed, None, int | None]:
    """Stage an answer's pages, telling after each. Gives the source's own count of the answer, where it told one.

    An answer without pages was one request too. Raises CancelledError, and what the reader raises.
    """
    total, pages = None, 0
    for page in answer.pages():
        rows = sink.add(page)
        total, pages = page.total if page.total is not None else total, pages + 1
        if pages == 1 and page.total and rows:
            tally.planned += -(-page.total // rows) - 1
        tally.rows, tally.requests = tally.rows + rows, tally.requests + 1
        yield tally.progressed(answer.ask)
        if tally.should_stop():
            raise CancelledError
    if not pages:
        tally.requests += 1
        yield tally.progressed(answer.ask)
    return total


def load(
    step: Step, answer: Answer, ask_again: Callable[[Ask], Answer], store: SourceStore, sync: int, tally: Tally
) -> Generator[StreamProgressed, None, Loaded]:
    """Load one step's answer. An answer that must be complete and is not is asked a second time.

    Raises MovingError, DoesNotFitError, CancelledError and what the reader raises: then nothing of it was committed.
    """
    for attempt in (answer, None):
        current = attempt or ask_again(step.ask)
        with store.loading(step.stream, sync) as loading:
            total = yield from take_in(current, loading, tally)
            if step.scope == CHANGES or total is None or total == loading.distinct():
                if step.scope.everything:
                    tally.is_whole, tally.total = True, total
                return _commit(step, current, loading, store, sync)
    raise MovingError


def _commit(step: Step, answer: Answer, loading: Loading, store: SourceStore, sync: int) -> Loaded:
    cursors = step.cursors(answer.asked_at, store.cursors(step.stream.name))
    if step.scope.everything and not loading.rows and store.count(step.stream.name):
        return _confirm_emptiness(step, store, sync, cursors)
    return loading.commit(step.scope, cursors=cursors)


def _confirm_emptiness(step: Step, store: SourceStore, sync: int, cursors: dict[str, str]) -> Loaded:
    """Nothing where rows are stored may be a fault of the source: they go when another sync sees nothing too."""
    with store.scanning(step.stream, sync) as scanning:
        return Loaded(removed=scanning.commit(cursors=cursors).removed)
