"""What a sync tells, kept: its own row, every stream's state, the source's summary, and the log of events.

Progress is written at most twice a second; what ends something is written at once.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from tieout.connectors.base import Connector, Reader
from tieout.portal.syncs import compared
from tieout.portal.syncs.models import Event, Fault, StreamPhase, StreamState, Sync, SyncState
from tieout.sync import events as told
from tieout.warehouse.base import Outcome, SourceStore, StreamSummary
from tieout.warehouse.base import StreamState as Stands

WRITE_EVERY_SECONDS = 0.5

# What the recorder writes of a sync's row; who cancels writes the rest.
OURS = (
    "state",
    "attempt",
    "started_at",
    "finished_at",
    "rows_new",
    "rows_changed",
    "rows_removed",
    "requests",
    "requests_planned",
    "throttled",
    "verdict",
    "fault",
    "message",
)
STATES = {
    Outcome.SUCCEEDED: SyncState.SUCCEEDED,
    Outcome.INCOMPLETE: SyncState.INCOMPLETE,
    Outcome.FAILED: SyncState.FAILED,
    Outcome.CANCELLED: SyncState.CANCELLED,
    Outcome.INTERRUPTED: SyncState.INCOMPLETE,
}
PHASES = {
    Stands.WAITING: StreamPhase.QUEUED,
    Stands.CURRENT: StreamPhase.COMPLETE,
    Stands.FILLING: StreamPhase.FETCHING,
    Stands.POSTPONED: StreamPhase.QUEUED,
    Stands.NOT_AVAILABLE: StreamPhase.UNAVAILABLE,
    Stands.FAILED: StreamPhase.FAILED,
    Stands.SKIPPED: StreamPhase.QUEUED,
}


class Recorder:
    """Keeps what one sync tells. Used by one thread, from the first event to the last."""

    def __init__(self, sync: Sync, connector: Connector) -> None:
        self.sync = sync
        self._connector = connector
        self._number = Event.objects.filter(sync=sync).aggregate(last=Max("number"))["last"] or 0
        self._streams = ensure_streams(sync.source, connector)
        self._unsaved: set[str] = set()
        self._written = 0.0
        self._windows: dict[str, tuple[date | None, date | None]] = {}
        self._done_before: dict[str, int] = {}  # requests of each stream when it started
        self._rows_before: dict[str, int] = {}
        self._requests_before, self._throttled_before = sync.requests, sync.throttled  # of earlier chunks or tries

    def record(self, event: told.Event, reader: Reader, store: SourceStore) -> None:
        """Keep one event."""
        self.sync.requests = self._requests_before + reader.requests
        self.sync.throttled = self._throttled_before + reader.throttled
        match event:
            case told.StreamProgressed():
                self._progressed(event)
                self._write()
                return
            case told.SyncPlanned():
                self.sync.requests_planned = event.requests
            case told.StreamStarted():
                self._started(event)
            case told.StreamFinished():
                self._finished(event)
            case told.StreamPostponed():
                self._stopped(event.stream, StreamPhase.QUEUED, event.reason, Fault.TRY_LATER)
            case told.StreamNotAvailable():
                self._stopped(event.stream, StreamPhase.UNAVAILABLE, event.reason, "")
            case told.StreamFailed():
                self._stopped(event.stream, StreamPhase.FAILED, event.reason, Fault.UNEXPECTED)
            case told.TiedOut():
                self.sync.verdict = event.verdict.value
                self._grade(event)
                compared.keep(self.sync, event.tie_out, self._connector, store)
        self._keep(event, store)
        self._write(now=True)

    def note(self, code: str, at: datetime, **facts: Any) -> None:
        """Keep something that the engine does not tell."""
        self._number += 1
        stream = str(facts.pop("stream", ""))
        Event.objects.create(sync=self.sync, number=self._number, at=at, code=code, stream=stream, facts=facts)

    def _keep(self, event: told.Event, store: SourceStore) -> None:
        facts = event.as_json()
        del facts["event"], facts["at"]
        if isinstance(event, told.TiedOut):
            compared.name(facts["differences"], self._connector, store)
        self.note(event.name, event.at, **facts)

    def _started(self, event: told.StreamStarted) -> None:
        """A stream may start more than once in a sync (a scan, rows read again): figures add up over the sync."""
        state = self._streams[event.stream]
        is_first = event.stream not in self._done_before
        state.phase = StreamPhase.CHECKING if event.how == "scan" else StreamPhase.FETCHING
        state.last_attempt_at = event.at
        state.reason = state.fault = state.window = ""
        if is_first:
            state.rows_new = state.rows_changed = state.rows_removed = 0
        if is_first and not state.is_deferred:
            state.requests_done, state.requests_planned = 0, 0
        if not state.is_deferred:
            state.requests_planned = (state.requests_planned or 0) + event.planned
        self._done_before[event.stream], self._rows_before[event.stream] = state.requests_done, state.rows
        self._unsaved.add(event.stream)

    def _progressed(self, event: told.StreamProgressed) -> None:
        state = self._streams[event.stream]
        self._note_window(event)
        state.window = _window_text(event)
        done = self._done_before.get(event.stream, 0)
        state.requests_done = done + event.requests
        if state.is_deferred:
            state.rows = self._rows_before.get(event.stream, 0) + event.rows  # asked once each: all of them are new
        else:
            state.requests_planned = max(state.requests_planned or 0, done + event.planned)
            state.rows = max(state.rows, event.rows)
        self._unsaved.add(event.stream)

    def _note_window(self, event: told.StreamProgressed) -> None:
        """When a stream goes on to another window, the one before is stored."""
        window = (event.first, event.last)
        before = self._windows.get(event.stream)
        if before and before != window and _is_past(before, event.at):
            self.note("window_ready", event.at, stream=event.stream, first=str(before[0]), last=str(before[1]))
        self._windows[event.stream] = window

    def _finished(self, event: told.StreamFinished) -> None:
        state = self._streams[event.stream]
        state.phase = StreamPhase.FETCHING if event.filling else StreamPhase.COMPLETE
        state.window = ""
        if event.rows:  # an answer without rows tells nothing of fields
            state.unknown_fields = sorted(event.unknown)
        if not event.filling:
            state.last_success_at = event.at
        for figure in ("new", "changed", "removed"):
            told_now = getattr(event, figure)
            setattr(state, f"rows_{figure}", getattr(state, f"rows_{figure}") + told_now)
            setattr(self.sync, f"rows_{figure}", getattr(self.sync, f"rows_{figure}") + told_now)
        if not state.is_deferred:
            state.requests_planned = state.requests_done
        self._unsaved.add(event.stream)

    def _stopped(self, stream: str, phase: StreamPhase, reason: str, fault: str) -> None:
        state = self._streams[stream]
        state.phase, state.reason, state.fault, state.window = phase, reason, fault, ""
        self._unsaved.add(stream)

    def _grade(self, event: told.TiedOut) -> None:
        for grade in event.tie_out.streams:
            state = self._streams.get(grade.stream)
            if state is not None:
                state.grade, state.graded_on, state.grade_holds = grade.grade.value, grade.on, grade.holds
                self._unsaved.add(grade.stream)

    def _write(self, *, now: bool = False) -> None:
        if not now and time.monotonic() - self._written < WRITE_EVERY_SECONDS:
            return
        self._written = time.monotonic()
        for name in self._unsaved:
            self._streams[name].save()
        self._unsaved.clear()
        # Not the whole row: somebody may be cancelling it at this moment.
        self.sync.save(update_fields=OURS)

    @property
    def has_told(self) -> bool:
        """Whether the sync told something before: it is taken up again."""
        return self._number > 0

    def finish(self, finished: told.SyncFinished | None, *, at: datetime) -> None:
        """Close the row as the engine told. A check alone has no such end: its verdict is its success."""
        if finished is None:
            self.close(SyncState.SUCCEEDED if self.sync.verdict else SyncState.FAILED, at=at)
        else:
            fault = finished.cause.value if finished.cause else ""
            self.close(STATES[finished.outcome], at=at, fault=fault, message=finished.reason or "")

    def close(self, state: SyncState, *, at: datetime, fault: str = "", message: str = "") -> None:
        """Close the row."""
        self.sync.state, self.sync.fault, self.sync.message = state, fault, message
        self.sync.finished_at = at
        self._write(now=True)

    def wait_again(self) -> None:
        """Put the row back among those that wait, under a new job."""
        self.sync.state = SyncState.QUEUED
        self.sync.attempt += 1
        self._write(now=True)

    def catch_up(self, store: SourceStore) -> None:
        """Take what the warehouse says of every stream: it is the truth, this table repeats it."""
        for summary in store.streams():
            state = self._streams.get(summary.stream)
            if state is not None:
                _take(state, summary)
                state.save()


def ensure_streams(source: Any, connector: Connector) -> dict[str, StreamState]:
    """A row for every stream the connector declares, in its order."""
    known = {state.stream: state for state in StreamState.objects.filter(source=source)}
    for position, stream in enumerate(connector.streams):
        if stream.name not in known:
            known[stream.name] = StreamState.objects.create(
                source=source,
                stream=stream.name,
                position=position,
                is_deferred=stream.deferred,
                grade=stream.grade.value,
            )
    return known


def _take(state: StreamState, summary: StreamSummary) -> None:
    state.phase = PHASES[summary.state]
    state.rows, state.newest_on = summary.rows, summary.newest
    state.reason = summary.reason or state.reason
    state.last_attempt_at = summary.last_attempt_at or state.last_attempt_at
    state.last_success_at = summary.last_success_at or state.last_success_at
    if state.is_deferred:
        state.requests_done, state.requests_planned = summary.filled, summary.to_fill


def _is_past(window: tuple[date | None, date | None], at: datetime) -> bool:
    """Whether a window lies in time that people have books of; one that lies ahead is read as well."""
    return window[0] is not None and window[0] <= at.date()


def _window_text(event: told.StreamProgressed) -> str:
    """The year that is being read; what is older or newer than any year of its own by its bound."""
    if event.first is None or event.last is None:
        return ""
    if event.last.year - event.first.year <= 1:
        return str(event.last.year)
    return f"≤ {event.last.year}" if event.first < event.at.date() else f"≥ {event.first.year}"


def now() -> datetime:
    """This moment, UTC."""
    return timezone.now()
