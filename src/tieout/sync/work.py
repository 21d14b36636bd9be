"""One sync at work: what its parts share, how a stream's steps are carried out, and what trouble costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby

from tieout.catalog import Ask, Stream
from tieout.connectors.base import Connector, Reader
from tieout.connectors.errors import (
    ConnectorError,
    NeedsCompanyError,
    NeedsOperatorError,
    NotPermittedError,
    OverwhelmedError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.sync import plan
from tieout.sync.events import (
    Cause,
    Event,
    StreamFailed,
    StreamFinished,
    StreamNotAvailable,
    StreamPostponed,
    StreamProgressed,
    StreamStarted,
)
from tieout.sync.extract import Answer, answers
from tieout.sync.load import CancelledError, Tally, load
from tieout.sync.plan import Step
from tieout.warehouse.base import DoesNotFitError, Loaded, SourceStore, StreamRun, StreamState
from tieout.warehouse.spool import Spool

BUSY_STREAMS = 2  # so many streams in a row that find the source busy: the rest is not even asked
Loads = Generator[StreamProgressed, None, None]


class Work:
    """What the parts of one sync share. Raises out of `streams` only what ends the whole sync."""

    def __init__(
        self,
        connector: Connector,
        reader: Reader,
        store: SourceStore,
        spool: Spool,
        *,
        should_stop: Callable[[], bool],
        now: Callable[[], datetime],
        skip: frozenset[str] = frozenset(),
        patience_seconds: float = 0,
    ) -> None:
        self.connector, self.reader, self.store, self.spool = connector, reader, store, spool
        self.should_stop, self.now = should_stop, now
        self.by_name = {stream.name: stream for stream in connector.streams}
        self.sync = 0
        self.rows = 0
        self.touched = 0
        self.states: dict[str, StreamState] = dict.fromkeys(skip, StreamState.SKIPPED)
        self.reasons: dict[str, str] = {}
        self.touched_by: Counter[str] = Counter()  # rows by stream
        self.read_whole: set[str] = set()  # streams of which this sync has read every row
        self.totals: dict[str, int] = {}  # the source's own counts of those
        self.first_reads: set[str] = set()  # streams read whole for the first time in this sync
        self.cause: Cause | None = None  # the gravest trouble that a stream met
        self._patience_seconds = patience_seconds
        self._busy = 0

    def wait(self) -> bool:
        """Give a source whose lists lag behind its balances the time to catch up. False where nobody wants to wait."""
        until = time.monotonic() + self._patience_seconds
        while time.monotonic() < until and not self.should_stop():
            time.sleep(min(0.5, self._patience_seconds))
        return self._patience_seconds > 0

    def clock(self) -> datetime:
        """The source's clock, ours before its first answer; UTC."""
        return (self.reader.server_time() or self.now()).astimezone(UTC)

    def readable(self, stream: Stream) -> bool:
        """Whether a stream can be worked on: not skipped, and nothing stopped it in this sync."""
        return self.states.get(stream.name) in (None, StreamState.CURRENT, StreamState.FILLING)

    def ask(self, ask: Ask) -> Answer:
        """Ask one question at once."""
        return Answer(self.reader, ask, self.spool, self.clock)

    def ahead(self, asks: Iterator[Ask]) -> Generator[Answer, None, None]:
        """Answers in order, the next ones asked meanwhile. To be closed."""
        yield from answers(self.reader, asks, self.spool, self.clock)

    def steps(self, steps: Sequence[Step]) -> Iterator[Event]:
        """Carry out steps, those of one stream together, telling how each stream fares."""
        wanted = [step for step in steps if self.readable(step.stream)]
        with closing(self.ahead(iter([step.ask for step in wanted]))) as coming:
            for _, own in groupby(wanted, key=lambda step: step.stream.name):
                yield from self._steps_of_stream(list(own), coming)

    def stream(self, stream: Stream, how: str, planned: int, loads: Callable[[Tally], Loads]) -> Iterator[Event]:
        """Run what loads a stream; tell of its start, its progress and its end, and keep how it stands.

        What stops the stream only is told and kept; what stops the sync is raised.
        """
        tally = Tally(stream=stream.name, now=self.now, should_stop=self.should_stop, planned=planned)
        yield StreamStarted(at=self.now(), stream=stream.name, how=how, planned=planned)
        try:
            if self._busy >= BUSY_STREAMS:
                raise TryLaterError("The accounting system is busy. The next sync carries on.")
            yield from loads(tally)
        except (NotPermittedError, TryLaterError, UnexpectedAnswerError, DoesNotFitError) as error:
            yield self._stopped(stream, error)
        except (CancelledError, ConnectorError):
            self._note(stream, StreamState.FILLING if stream.deferred else StreamState.POSTPONED, tally, reason=None)
            raise
        else:
            self._busy = 0
            if tally.is_whole:
                self.read_whole.add(stream.name)
            yield self._finished(stream, tally)
            return
        self._note(stream, self.states[stream.name], tally, reason=self.reasons[stream.name])

    def _steps_of_stream(self, own: list[Step], coming: Iterator[Answer]) -> Iterator[Event]:
        taken = 0

        def loads(tally: Tally) -> Loads:
            nonlocal taken
            for step in own:
                answer = next(coming)
                taken += 1
                try:
                    tally.loaded += yield from self._loaded(step, answer, tally)
                except OverwhelmedError:
                    parts = plan.in_two(step, asked_at=answer.asked_at)
                    if not parts or not self._is_well():
                        raise
                    tally.loaded += yield from self._in_parts(parts, tally)
                finally:
                    self._done(answer, step)

        if own[-1].how == "first":
            self.first_reads.add(own[0].stream.name)
        yield from self.stream(own[0].stream, own[0].how, len(own), loads)
        for _ in own[taken:]:  # asked ahead for a stream that has stopped
            answer = next(coming)
            answer.give_up()
            self.spool.done(answer.folder, sync=self.sync, stream=own[0].stream.name)

    def _loaded(self, step: Step, answer: Answer, tally: Tally) -> Generator[StreamProgressed, None, Loaded]:
        """Load an answer; where rows are missing ask once more: they are gone when a second answer lacks them too."""
        loaded = yield from load(step, answer, self.ask, self.store, self.sync, tally)
        if not loaded.missing:
            return loaded
        second = self.ask(step.ask)
        try:
            return loaded + (yield from load(step, second, self.ask, self.store, self.sync, tally))
        finally:
            self._done(second, step)

    def _in_parts(self, parts: list[Step], tally: Tally) -> Generator[StreamProgressed, None, Loaded]:
        """Ask in smaller and smaller parts what the source can't manage at once."""
        loaded, waiting = Loaded(), parts
        while waiting:
            step, *waiting = waiting
            answer = self.ask(step.ask)
            try:
                loaded += yield from self._loaded(step, answer, tally)
            except OverwhelmedError:
                smaller = plan.in_two(step, asked_at=answer.asked_at)
                if not smaller:
                    raise
                waiting = smaller + waiting
            finally:
                self._done(answer, step)
        return loaded

    def total(self, stream: Stream) -> int | None:
        """The source's own number of a stream's rows, added up of parts where it can't manage the whole; None where it
        tells none. Raises ConnectorError."""
        try:
            return self.reader.total(Ask(stream=stream))
        except OverwhelmedError:
            parts = plan.smaller(Ask(stream=stream), self.clock().date())
            if not parts or not self._is_well():
                raise
            return self._added_up(parts)

    def _added_up(self, waiting: list[Ask]) -> int | None:
        found = 0
        while waiting:
            ask, *waiting = waiting
            try:
                told = self.reader.total(ask)
            except OverwhelmedError:
                parts = plan.smaller(ask, self.clock().date())
                if not parts:
                    raise
                waiting = parts + waiting
                continue
            if told is None:
                return None
            found += told
        return found

    def _is_well(self) -> bool:
        """Whether the source answers at all: if so, it was the question that was too large."""
        try:
            self.reader.company()
        except TryLaterError:
            return False
        return True

    def _done(self, answer: Answer, step: Step) -> None:
        answer.give_up()
        self.spool.done(answer.folder, sync=self.sync, stream=step.stream.name)

    def _finished(self, stream: Stream, tally: Tally) -> StreamFinished:
        state = self.states.get(stream.name, StreamState.CURRENT)
        if stream.windowed:
            is_whole = plan.FIRST in self.store.cursors(stream.name)
            state = StreamState.CURRENT if is_whole else StreamState.FILLING  # older years are still to come
        self._note(stream, state, tally, reason=None)
        return StreamFinished(
            at=self.now(),
            stream=stream.name,
            rows=tally.rows,
            new=tally.loaded.new,
            changed=tally.loaded.changed,
            removed=tally.loaded.removed,
            requests=tally.requests,
            filling=state is StreamState.FILLING,
            noise=tally.loaded.noise,
            unknown=tally.loaded.unknown,
        )

    def _note(self, stream: Stream, state: StreamState, tally: Tally, *, reason: str | None) -> None:
        self.states[stream.name] = state
        self.rows += tally.rows
        self.touched += tally.loaded.touched
        self.touched_by[stream.name] += tally.loaded.touched
        if tally.total is not None:
            self.totals[stream.name] = tally.total
        run = StreamRun(
            stream=stream.name,
            state=state,
            reason=reason,
            rows=tally.rows,
            new=tally.loaded.new,
            changed=tally.loaded.changed,
            removed=tally.loaded.removed,
            requests=tally.requests,
        )
        self.store.note_stream(self.sync, run, at=self.now())

    def _stopped(self, stream: Stream, error: ConnectorError | DoesNotFitError) -> Event:
        state, cause, reason = _meaning(error)
        self.states[stream.name], self.reasons[stream.name] = state, reason
        self._busy = self._busy + 1 if state is StreamState.POSTPONED else 0
        if cause is Cause.UNEXPECTED or (cause and self.cause is None):
            self.cause = cause
        if state is StreamState.NOT_AVAILABLE:
            return StreamNotAvailable(at=self.now(), stream=stream.name, reason=reason)
        told = StreamPostponed if state is StreamState.POSTPONED else StreamFailed
        return told(at=self.now(), stream=stream.name, reason=reason)


def _meaning(error: ConnectorError | DoesNotFitError) -> tuple[StreamState, Cause | None, str]:
    """Where an error leaves a stream, who must act, and what people are told."""
    match error:
        case NotPermittedError():
            return StreamState.NOT_AVAILABLE, None, error.reason
        case TryLaterError():
            return StreamState.POSTPONED, Cause.TRY_LATER, str(error)
        case _:
            return StreamState.FAILED, Cause.UNEXPECTED, str(error)


def cause_of(error: ConnectorError) -> Cause:
    """Who must act when a whole sync stops."""
    match error:
        case NeedsCompanyError():
            return Cause.COMPANY
        case NeedsOperatorError():
            return Cause.OPERATOR
        case TryLaterError():
            return Cause.TRY_LATER
        case _:
            return Cause.UNEXPECTED
