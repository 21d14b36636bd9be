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


@dataclass(slots=True)
class Taken:
    """What the pages of one answer told of all of them. `total` is the source's own count, None where it told none.

    A total that shrinks from one page to another means that a record has left: those after it moved up, and one of them
    from a page that was still to be read onto one that had been.
    """

    total: int | None = None
    is_steady: bool = True
    _highest: int = 0

    def note(self, total: int | None) -> None:
        if total is None:
            return
        self.total, self.is_steady = total, self.is_steady and total >= self._highest
        self._highest = max(total, self._highest)

    def is_whole(self, distinct: int) -> bool:
        """Whether `distinct` records are all that there were."""
        return self.is_steady and self.total in (None, distinct)


def take_in(answer: Answer, sink: Sink, tally: Tally) -> Generator[StreamProgressed, None, Taken]:
    """Stage an answer's pages, telling after each. Gives what they told of all of them.

    An answer without pages was one request too. Raises CancelledError, and what the reader raises.
    """
    taken, pages = Taken(), 0
    for page in answer.pages():
        rows = sink.add(page)
        taken.note(page.total)
        pages += 1
        if pages == 1 and page.total and rows:
            tally.planned += -(-page.total // rows) - 1
        tally.rows, tally.requests = tally.rows + rows, tally.requests + 1
        yield tally.progressed(answer.ask)
        if tally.should_stop():
            raise CancelledError
    if not pages:
        tally.requests += 1
        yield tally.progressed(answer.ask)
    return taken


def load(
    step: Step, answer: Answer, ask_again: Callable[[Ask], Answer], store: SourceStore, sync: int, tally: Tally
) -> Generator[StreamProgressed, None, Loaded]:
    """Load one step's answer. One whose records moved, or that must be complete and is not, is asked a second time.

    Raises MovingError, DoesNotFitError, CancelledError and what the reader raises: then nothing of it was committed.
    """
    for attempt in (answer, None):
        current = attempt or ask_again(step.ask)
        with store.loading(step.stream, sync) as loading:
            taken = yield from take_in(current, loading, tally)
            if taken.is_whole(loading.distinct()) or (taken.is_steady and step.scope == CHANGES):
                if step.scope.everything:
                    tally.is_whole, tally.total = True, taken.total
                return _commit(step, current, loading, store, sync)
    raise MovingError


def _commit(step: Step, answer: Answer, loading: Loading, store: SourceStore, sync: int) -> Loaded:
    cursors = step.cursors(answer.asked_at, store.cursors(step.stream.name))
    if step.scope.everything and not loading.rows and store.count(step.stream.name):
        return _confirm_emptiness(step, store, sync, cursors)
    # An empty answer about a part says as little as one about everything; what is gone of it the tie-out tells.
    is_silent = not loading.rows and (step.scope.part or step.scope.window)
    return loading.commit(CHANGES if is_silent else step.scope, cursors=cursors)


def _confirm_emptiness(step: Step, store: SourceStore, sync: int, cursors: dict[str, str]) -> Loaded:
    """Nothing where rows are stored may be a fault of the source: they go when another sync sees nothing too.

    Where rows leave every day (the last order was invoiced) a second answer in the same sync will do.
    """
    with store.scanning(step.stream, sync) as scanning:
        found = scanning.commit(cursors=cursors)
        return Loaded(removed=found.removed, missing=found.missing if step.stream.vanishes else 0)
