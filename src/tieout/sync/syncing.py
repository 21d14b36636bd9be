"""The course of one sync: settings, what came and changed, what hangs on it, what is gone, and the tie-out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from tieout.catalog import Ask, How, Stream
from tieout.connectors.base import Connector, Reader
from tieout.connectors.errors import ConnectorError
from tieout.sync import parents, plan
from tieout.sync.books import Books, read_books
from tieout.sync.events import Event, Published, SyncFinished, SyncPlanned, SyncStarted, TiedOut
from tieout.sync.extract import QUESTIONS_AHEAD
from tieout.sync.load import CancelledError
from tieout.sync.mend import tie_out_and_mend
from tieout.sync.plan import Step
from tieout.sync.run import Deferred, Options
from tieout.sync.scan import scan_where_due
from tieout.sync.tie_out import Examination, could_not_check
from tieout.sync.work import Work, cause_of
from tieout.warehouse.base import Outcome, Scope, SourceStore, SyncKind, TieOut
from tieout.warehouse.spool import Spool

ROWS_A_REQUEST = 5000  # for estimates only
PUBLISH_EVERY = 20  # seconds, while a first sync goes on


class Syncing:
    """One sync of one source. Use `run.run` and `run.tie_out`."""

    def __init__(
        self,
        connector: Connector,
        reader: Reader,
        store: SourceStore,
        *,
        spool: Path,
        options: Options,
        should_stop: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._options, self._store, self._reader, self._now = options, store, reader, now
        self._spool = Spool(spool, keep_days=options.spool_days)
        self._work = Work(
            connector,
            reader,
            store,
            self._spool,
            should_stop=should_stop,
            now=now,
            skip=options.skip,
            patience_seconds=options.patience_seconds,
        )
        self._proof = connector.proof
        self._streams = connector.streams
        self._reason: str | None = None
        self._published_at: datetime | None = None

    def run(self) -> Iterator[Event]:
        """See `run.run`."""
        only_lines = self._options.deferred is Deferred.ONLY
        yield from self._begin(SyncKind.FILLING if only_lines else SyncKind.SYNC)
        outcome, tied = Outcome.SUCCEEDED, None
        try:
            if only_lines:
                yield from self._fill_deferred(self._options.budget)
            else:
                yield from self._read_all()
                tied = yield from self._tie_out()
        except CancelledError:
            outcome = Outcome.CANCELLED
        except ConnectorError as error:
            outcome, self._work.cause, self._reason = Outcome.FAILED, cause_of(error), str(error)
        if outcome is Outcome.SUCCEEDED and self._work.cause:
            outcome = Outcome.INCOMPLETE
        if tied is None and outcome is not Outcome.CANCELLED and not only_lines:
            tied = could_not_check(self._work, self._books())
        yield from self._end(outcome, tied)

    def tie_out_alone(self) -> Iterator[Event]:
        """See `run.tie_out`."""
        yield from self._begin(SyncKind.TIE_OUT)
        outcome, tied = Outcome.SUCCEEDED, None
        try:
            self._meet_company()
            examination = Examination(self._work, self._books(), thorough=True)
            examination.every_year = True  # who asks for a check wants no answer from memory
            tied = yield from tie_out_and_mend(self._work, examination, mend=False)
        except ConnectorError as error:
            outcome, self._work.cause, self._reason = Outcome.FAILED, cause_of(error), str(error)
            tied = could_not_check(self._work, self._books())
        *_, told = self._end(outcome, tied)
        yield told

    def _begin(self, kind: SyncKind) -> Iterator[Event]:
        self._spool.clear()
        self._store.prepare(self._streams)
        self._started = self._now()
        self._work.sync = self._store.begin_sync(self._started, kind=kind)
        self._is_first = self._store.summary().first_sync_done_at is None
        if self._options.full and kind is SyncKind.SYNC:
            for stream in self._streams:
                if self._work.readable(stream):
                    self._store.forget_cursors(stream.name)
        yield SyncStarted(at=self._started, sync=self._work.sync, first=self._is_first)

    def _meet_company(self) -> None:
        """The first request of a sync: it tells whether we are still let in, and what time it is there."""
        company = self._reader.company()
        self._store.keep_company(name=company.name, organisation_number=company.organisation_number)

    def _read_all(self) -> Iterator[Event]:
        self._meet_company()
        calendar = {self._proof.calendar.settings, self._proof.calendar.lock}
        yield from self._work.steps(self._plan([s for s in self._streams if s.name in calendar], self._books()))
        books = self._books()
        steps = self._plan([s for s in self._streams if s.name not in calendar], books)
        yield self._planned(steps)
        for event in self._work.steps(steps):
            yield event
            yield from self._publish_now_and_then()
        yield from self._revised()
        yield from scan_where_due(self._work, nightly=self._options.nightly)
        yield from self._lines_and_rates(books)
        yield from self._snapshots(books)
        yield from self._deferred()

    def _plan(self, streams: list[Stream], books: Books) -> list[Step]:
        standing = [s for s in streams if s.how not in (How.PARENTS, How.SNAPSHOT) and self._work.readable(s)]
        at, nightly = self._work.clock(), self._options.nightly
        return plan.steps(sorted(standing, key=_weight), self._store, books, at=at, nightly=nightly)

    def _planned(self, steps: list[Step]) -> SyncPlanned:
        """Tell what this will cost; before a first sync the source is asked how much there is."""
        big = {step.stream.name: step.stream for step in steps if self._is_first and _weight(step.stream)}
        parents_ = {
            s.parent: self._work.by_name[s.parent] for s in self._deferred_streams() if self._is_first and s.parent
        }
        with ThreadPoolExecutor(QUESTIONS_AHEAD) as threads:
            totals = dict(zip(big | parents_, threads.map(self._total, (big | parents_).values()), strict=True))
        return SyncPlanned(
            at=self._now(),
            streams=tuple(stream.name for stream in self._streams),
            requests=len(steps) + sum(totals[name] // ROWS_A_REQUEST for name in big),
            deferred=sum(totals[name] for name in parents_),
        )

    def _total(self, stream: Stream) -> int:
        """Only for estimates: what can't be had now is met again when it is read."""
        try:
            return self._reader.total(stream) or 0
        except ConnectorError:
            return 0

    def _revised(self) -> Iterator[Event]:
        """Ask again for rows that others named since this was last done; a sync that was cut off may have left some."""
        readable, steps = self._work.readable, list[Step]()
        named = [(s, *s.revised_by) for s in self._streams if s.revised_by and readable(s)]
        for stream, told_by, column in named:
            if stream.name not in self._work.first_reads:
                done = self._store.cursors(stream.name).get(plan.REVISED)
                since = int(done) + 1 if done else self._work.sync
                steps += plan.revised(stream, self._store.column(told_by, column, since_sync=since))
        yield from self._work.steps(steps)
        for stream, told_by, _ in named:
            if readable(stream) and readable(self._work.by_name[told_by]):
                self._store.set_cursors(stream.name, self._work.sync, {plan.REVISED: str(self._work.sync)})

    def _lines_and_rates(self, books: Books) -> Iterator[Event]:
        for stream in self._streams:
            if not self._work.readable(stream) or stream.deferred:
                continue
            if stream.how is How.PARENTS:
                yield from parents.fill(self._work, stream)
            elif stream.how is How.SNAPSHOT and stream.parent:
                yield from parents.snapshots_of_parents(self._work, stream, today=books.today)

    def _snapshots(self, books: Books) -> Iterator[Event]:
        """Today's pictures, when something has moved since the last one, or today has none yet."""
        steps = []
        for stream in self._streams:
            if stream.how is How.SNAPSHOT and not stream.parent:
                cursor = self._store.cursors(stream.name).get("on")
                if self._work.touched or self._options.nightly or cursor != books.today.isoformat():
                    marks = {"on": books.today.isoformat(), plan.FIRST: plan.DONE}
                    ask = Ask(stream=stream, on=books.today)
                    steps.append(Step(stream=stream, how="snapshot", ask=ask, scope=Scope(on=books.today), marks=marks))
        yield from self._work.steps(steps)

    def _deferred(self) -> Iterator[Event]:
        if self._options.deferred is Deferred.ALL:
            yield from self._publish(only_first=True)
            yield from self._fill_deferred(None)
            return
        for stream in self._deferred_streams():
            parents.leave(self._work, stream)

    def _fill_deferred(self, budget: int | None) -> Iterator[Event]:
        for stream in self._deferred_streams():
            yield from parents.fill(self._work, stream, budget=budget)

    def _deferred_streams(self) -> list[Stream]:
        return [stream for stream in self._streams if stream.deferred and self._work.readable(stream)]

    def _tie_out(self) -> Generator[Event, None, TieOut]:
        thorough = self._work.touched > 0 or self._is_first or self._options.full
        examination = Examination(self._work, self._books(), thorough=thorough)
        return (yield from tie_out_and_mend(self._work, examination, mend=True))

    def _books(self) -> Books:
        return read_books(self._proof, self._store, self._work.clock())

    def _publish_now_and_then(self) -> Iterator[Event]:
        waited = (self._now() - (self._published_at or self._started)).total_seconds()
        if self._is_first and waited >= PUBLISH_EVERY:
            yield from self._publish(only_first=True)

    def _publish(self, *, only_first: bool = False) -> Iterator[Event]:
        if only_first and not self._is_first:
            return
        self._published_at = self._now()
        if self._store.publish() is not None:
            yield Published(at=self._now())

    def _end(self, outcome: Outcome, tied: TieOut | None) -> Iterator[Event]:
        at, reader = self._now(), self._reader
        self._store.finish_sync(
            self._work.sync, outcome, at=at, reason=self._reason, requests=reader.requests, throttled=reader.throttled
        )
        if tied is not None:
            self._store.record_tie_out(tied)
        self._spool.clear()
        yield from self._publish()
        yield SyncFinished(
            at=at,
            sync=self._work.sync,
            outcome=outcome,
            rows=self._work.rows,
            requests=reader.requests,
            throttled=reader.throttled,
            seconds=round((at - self._started).total_seconds(), 3),
            cause=self._work.cause if outcome is not Outcome.CANCELLED else None,
            reason=self._reason,
        )
        if tied is not None:
            yield TiedOut(at=tied.at, tie_out=tied, cause=self._work.cause)


def _weight(stream: Stream) -> int:
    """Small streams first, so that postings find their accounts and names; a first sync's many windows in between."""
    if stream.windowed:
        return 1
    return 3 if stream.how is How.NUMBERED else 2 if stream.grade.value == "balanced" else 0
