"""The course of one sync: settings, what came and changed, what hangs on it, what is gone, and the tie-out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from pathlib import Path

from tieout.catalog import Ask, Grade, How, Rhythm, Stream
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
from tieout.warehouse.base import EVERYTHING, Outcome, SourceStore, StreamState, SyncKind, TieOut
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
        self._named = set[tuple[str, str]]()  # streams and kinds of cursor: what was looked at for names and new codes
        self._published_at: datetime | None = None
        self._is_carrying_on = False
        self._is_night = False  # whether this is a thorough sync
        self._turn: str | None = None  # the stream that this sync asks because it was not asked for longest

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

    def tie_out_alone(self, also: Collection[date] = ()) -> Iterator[Event]:
        """See `run.tie_out`."""
        yield from self._begin(SyncKind.TIE_OUT)
        outcome, tied = Outcome.SUCCEEDED, None
        try:
            self._meet()
            examination = Examination(self._work, self._books(), thorough=True)
            examination.also |= set(also)
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

    def _meet(self) -> None:
        """The first request of a sync: it tells whether we are still let in, and what time it is there."""
        if not self._is_first:
            self._reader.greet()
        self._is_night = self._options.full or (
            self._was_no_night() if self._options.nightly is None else self._options.nightly
        )
        if self._is_first or self._is_night:
            company = self._reader.company()
            self._store.keep_company(name=company.name, organisation_number=company.organisation_number)
        self._turn = None if self._is_first or self._is_night else self._whose_turn()
        self._is_carrying_on = self._was_cut_off()

    def _was_cut_off(self) -> bool:
        """Whether rows may have been read since the last whole sync: by one that was cut off, or by a tie-out alone."""
        for record in self._store.syncs(limit=20):
            if record.id == self._work.sync or record.kind is SyncKind.FILLING:
                continue
            if record.outcome is not Outcome.SUCCEEDED:
                return True
            if record.kind is SyncKind.SYNC:
                return False
            if record.rows:
                return True
        return False

    def _was_no_night(self) -> bool:
        """Whether the last thorough sync is so long ago that this one must be it: nobody else may keep the time."""
        cursors = [self._store.cursors(stream.name) for stream in self._streams if stream.rhythm is Rhythm.ALWAYS]
        nights = [told[plan.NIGHT] for told in cursors if plan.NIGHT in told]
        return not nights or plan.is_due(plan.NIGHT, {plan.NIGHT: max(nights)}, self._work.clock(), plan.DAY)

    def _read_all(self) -> Iterator[Event]:
        self._meet()
        self._leave_out_what_is_closed()
        calendar = {self._proof.calendar.settings, self._proof.calendar.lock}
        yield from self._work.steps(self._plan([s for s in self._streams if s.name in calendar]))
        steps = self._plan([s for s in self._streams if s.name not in calendar])
        yield self._planned(steps)
        for wave in _waves(steps, self._books()):
            for event in self._work.steps(wave):
                yield event
                yield from self._publish_now_and_then()
        yield from self._moved({step.stream.name for step in steps})
        yield from self._revised()
        yield from self._renamed()
        yield from scan_where_due(self._work, nightly=self._is_night)
        yield from self._lines()
        yield from self._snapshots()
        yield from self._deferred()

    @property
    def _has_moved(self) -> bool:
        """Whether this sync met postings or entries that came, changed or went; or one before it, which went no further."""
        touched = self._work.touched_by
        return self._is_carrying_on or any(
            touched[stream.name] for stream in self._streams if stream.grade is Grade.BALANCED
        )

    def _leave_out_what_is_closed(self) -> None:
        """A stream that the company does not open to us costs two requests to say so: at night, or in its turn."""
        if self._is_first or self._is_night:
            return
        for told in self._store.streams():
            is_closed = told.state is StreamState.NOT_AVAILABLE and told.stream != self._turn
            if is_closed and told.stream not in self._work.states:
                self._work.states[told.stream] = told.state
                self._work.reasons[told.stream] = told.reason or ""

    def _whose_turn(self) -> str | None:
        """Of the streams that this sync would not ask, the one that was not asked for longest."""
        asked_at = {summary.stream: summary.last_attempt_at or self._started for summary in self._store.streams()}
        waiting = [stream for stream in self._streams if self._can_wait(stream)]
        return min(waiting, key=lambda stream: asked_at.get(stream.name, self._started)).name if waiting else None

    def _can_wait(self, stream: Stream) -> bool:
        stands = stream.how not in (How.PARENTS, How.SNAPSHOT) and self._work.readable(stream)
        return stands and stream.rhythm is not Rhythm.ALWAYS

    def _plan(self, streams: list[Stream]) -> list[Step]:
        at, nightly, books = self._work.clock(), self._is_night, self._books()
        asked = [stream for stream in streams if self._is_asked(stream, at)]
        return plan.steps(sorted(asked, key=_weight), self._store, books, at=at, nightly=nightly)

    def _is_asked(self, stream: Stream, at: datetime) -> bool:
        if stream.how in (How.PARENTS, How.SNAPSHOT) or not self._work.readable(stream):
            return False
        cursors = self._store.cursors(stream.name)
        return stream.name == self._turn or plan.is_asked(stream, cursors, at=at, nightly=self._is_night)

    def _moved(self, asked: set[str]) -> Iterator[Event]:
        """What depends on postings is asked when there are new ones: invoices, accounts, stock."""
        if not self._has_moved or self._is_first or self._is_night:
            return
        at, books, steps = self._work.clock(), self._books(), list[Step]()
        for stream in self._streams:
            if self._can_be_asked(stream, asked):
                steps += plan.moved(stream, self._store, books, at=at, nightly=False)
        yield from self._work.steps(steps)

    def _can_be_asked(self, stream: Stream, asked: set[str]) -> bool:
        is_new = stream.name not in asked or stream.rhythm is Rhythm.ALWAYS
        return is_new and stream.how not in (How.PARENTS, How.SNAPSHOT) and self._work.readable(stream)

    def _renamed(self, *, again: bool = False) -> Iterator[Event]:
        """Records that repeat a code which was renamed are read again: nothing else would ever tell."""
        for stream in self._streams:
            if not stream.repeats or not self._work.readable(stream):
                continue
            if again or stream.name not in self._work.first_reads:
                yield from self._read_renamed(stream, self._since(stream, plan.RENAMED))
            self._looked_at(stream, plan.RENAMED)

    def _read_renamed(self, stream: Stream, since: int) -> Iterator[Event]:
        if stream.parent_column:
            stale = self._store.stale(stream, stream.parent_column, since_sync=since)
            self._store.forget_parents(stream.name, [str(key) for key in stale])
        elif stream.windowed and stream.window_column:
            days = self._store.stale(stream, stream.window_column, since_sync=since)
            windows = [w for w in self._books().windows() if any(w.first <= day <= w.last for day in days)]
            yield from self._work.steps([plan.window_again(stream, window) for window in windows])
        elif self._store.stale(stream, stream.primary_key[0], since_sync=since):
            yield from self._work.steps([plan.whole(stream, "again", at=self._work.clock())])

    def _planned(self, steps: list[Step]) -> SyncPlanned:
        """Tell what this will cost; before a first sync the source is asked how much there is."""
        big = {step.stream.name: step.stream for step in steps if self._is_first and _weight(step.stream)}
        lines = [s for s in self._deferred_streams() if self._is_first and s.how is How.PARENTS]
        parents_ = {s.parent: self._work.by_name[s.parent] for s in lines if s.parent}
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
            return self._work.total(stream) or 0
        except ConnectorError:
            return 0

    def _revised(self, *, again: bool = False) -> Iterator[Event]:
        """Ask again for rows that others named since this was last done; a sync that was cut off may have left some."""
        readable, steps = self._work.readable, list[Step]()
        named = [(s, *s.revised_by) for s in self._streams if s.revised_by and readable(s)]
        for stream, told_by, column in named:
            if again or stream.name not in self._work.first_reads:
                since = self._since(stream, plan.REVISED)
                numbers = {*self._store.column(told_by, column, since_sync=since), *self._unmet(stream, told_by, since)}
                steps += plan.revised(stream, sorted(numbers))
        yield from self._work.steps(steps)
        for stream, told_by, _ in named:
            if readable(stream) and readable(self._work.by_name[told_by]):
                self._looked_at(stream, plan.REVISED)

    def _unmet(self, stream: Stream, postings: str, since: int) -> set[int]:
        """Numbers that were posted as records of this stream and that it lacks."""
        if stream.posted_as is None:
            return set()
        number, kind, kinds = stream.posted_as
        column = partial(self._store.column, postings, number, since_sync=since)
        posted = {found for each in kinds for found in column(where={kind: each})}
        return posted - set(self._store.column(stream.name, stream.number_column or number)) if posted else set()

    def _since(self, stream: Stream, kind: str) -> int:
        """The first sync whose rows were not looked at yet for what they name or rename."""
        done = self._store.cursors(stream.name).get(kind)
        return int(done) + 1 if done else 0

    def _looked_at(self, stream: Stream, kind: str) -> None:
        """This sync itself is done with only at its end, since its tie-out may read more."""
        self._store.set_cursors(stream.name, self._work.sync, {kind: str(self._work.sync - 1)})
        self._named.add((stream.name, kind))

    def _lines(self) -> Iterator[Event]:
        for stream in self._streams:
            if stream.how is How.PARENTS and not stream.deferred and self._work.readable(stream):
                yield from parents.fill(self._work, stream, today=self._books().today)

    def _snapshots(self) -> Iterator[Event]:
        """Today's pictures, when the books have moved since the last one, and each night."""
        steps, today, at = [], self._books().today, self._work.clock()
        for stream in self._streams:
            if stream.how is not How.SNAPSHOT or stream.parent:
                continue
            if self._has_moved or self._is_night or plan.is_due(plan.NIGHT, self._store.cursors(stream.name), at):
                marks = {plan.NIGHT: plan.instant(at), plan.FIRST: plan.DONE}
                ask = Ask(stream=stream, on=today)
                steps.append(Step(stream=stream, how="snapshot", ask=ask, scope=EVERYTHING, marks=marks))
        yield from self._work.steps(steps)

    def _deferred(self) -> Iterator[Event]:
        if self._options.deferred is Deferred.ALL:
            yield from self._publish(only_first=True)
            yield from self._fill_deferred(None)
            return
        for stream in self._deferred_streams():
            parents.leave(self._work, stream, today=self._books().today)

    def _fill_deferred(self, budget: int | None) -> Iterator[Event]:
        for stream in sorted(self._deferred_streams(), key=lambda stream: stream.how is How.PARENTS):
            used = self._reader.requests
            yield from parents.fill(self._work, stream, today=self._books().today, budget=budget)
            budget = None if budget is None else max(0, budget - (self._reader.requests - used))

    def _deferred_streams(self) -> list[Stream]:
        return [stream for stream in self._streams if stream.deferred and self._work.readable(stream)]

    def _tie_out(self) -> Generator[Event, None, TieOut]:
        thorough = self._has_moved or self._is_first or self._is_night or self._options.full
        examination = Examination(self._work, self._books(), thorough=thorough, complete=self._is_night)
        touched = self._work.touched
        tied = yield from tie_out_and_mend(self._work, examination, mend=True)
        if self._work.touched != touched:
            yield from self._revised(again=True)
            yield from self._renamed(again=True)
        for stream, kind in self._named:
            self._store.set_cursors(stream, self._work.sync, {kind: str(self._work.sync)})
        return tied

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


def _waves(steps: list[Step], books: Books) -> list[list[Step]]:
    """Of a first sync this fiscal year and the last of everything come before older years of anything."""
    since = books.year(books.today).before().first

    def is_old(step: Step) -> bool:
        return step.how == "first" and step.ask.window is not None and step.ask.window.last < since

    return [[step for step in steps if not is_old(step)], [step for step in steps if is_old(step)]]


def _weight(stream: Stream) -> int:
    """Small streams first, so that postings find their accounts and names; a first sync's many windows in between."""
    if stream.windowed:
        return 1
    return 3 if stream.how is How.NUMBERED else 2 if stream.grade.value == "balanced" else 0
