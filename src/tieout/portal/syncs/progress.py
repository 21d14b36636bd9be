"""How far the first sync (or the filling in) is, and when it ends: a range with its reason, or nothing when unknown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tieout.portal.syncs.models import OPEN_STATES, Reason, StreamPhase, StreamState, Sync, SyncState

# What all companies of an installation get from the source together, requests a second, where its connector tells.
SETTLED = (StreamPhase.COMPLETE, StreamPhase.UNAVAILABLE, StreamPhase.FAILED)
FIRST_SECONDS = 5  # before that, a measured pace says nothing
SLOWER = 1.18  # the pessimistic end: others may take a share of the limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Requests a second: what this source gets now, and what the system allows to all (None where unlimited)."""

    now: float
    allowed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One stream under way."""

    state: StreamState
    left: tuple[float, float] | None  # seconds, a range

    @property
    def percent(self) -> int | None:
        """None while nobody can know how much there is."""
        if self.state.phase in (StreamPhase.COMPLETE, StreamPhase.UNAVAILABLE):
            return 100
        planned = self.state.requests_planned
        return min(99, self.state.requests_done * 100 // planned) if planned else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A sync under way, whole."""

    sync: Sync
    lines: tuple[Line, ...]
    pace: Pace | None

    @property
    def done(self) -> int:
        return sum(line.state.requests_done for line in self.lines)

    @property
    def planned(self) -> int:
        """0 while nobody knows: streams that wait count from the plan on, so that two of two are not all there is."""
        known = sum(_planned(line.state) for line in self.lines)
        return known + self.waiting if self.sync.requests_planned or not self._waits else 0

    @property
    def waiting(self) -> int:
        """Requests of streams that have not begun, as far as the plan tells."""
        begun = sum(line.state.requests_planned or 0 for line in self.lines if not line.state.is_deferred)
        return max(0, self.sync.requests_planned - begun) if self._waits else 0

    @property
    def _waits(self) -> bool:
        return any(line.state.phase == StreamPhase.QUEUED and not line.state.is_deferred for line in self.lines)

    @property
    def requests_left(self) -> int:
        return sum(_left(line.state) for line in self.lines) + self.waiting

    @property
    def rows(self) -> int:
        return sum(line.state.rows for line in self.lines)

    @property
    def percent(self) -> int:
        return min(99, self.done * 100 // self.planned) if self.planned else 0

    @property
    def left(self) -> tuple[float, float] | None:
        """Seconds until the end, as a range."""
        return _range(self.requests_left, self.pace)

    @property
    def usable_left(self) -> tuple[float, float] | None:
        """Seconds until everything but deferred streams is here, as a range."""
        return _range(self.requests_left - self.deferred_left, self.pace)

    @property
    def deferred_left(self) -> int:
        return sum(_left(line.state) for line in self.lines if line.state.is_deferred)


def progress_of(source: Any, *, allowed: float | None, now: datetime) -> Progress | None:
    """What runs for a data source now, with its estimate; None when nothing runs."""
    sync = running_sync(source)
    if sync is None:
        return None
    pace = pace_of(sync, allowed=allowed, now=now)
    states = tuple(StreamState.objects.filter(source=source))
    return Progress(sync=sync, lines=lines_of(states, pace), pace=pace)


def running_sync(source: Any) -> Sync | None:
    """What runs, else what fills in, else what waits."""
    open_syncs = list(Sync.objects.filter(source=source, state__in=OPEN_STATES))
    open_syncs.sort(key=lambda sync: (sync.reason == Reason.FILL, sync.state != SyncState.RUNNING))
    return open_syncs[0] if open_syncs else None


def pace_of(sync: Sync, *, allowed: float | None, now: datetime) -> Pace | None:
    """Measured over the sync itself; what is measured never exceeds what is allowed."""
    if sync.started_at is None or sync.state != SyncState.RUNNING:
        return None
    seconds = (now - sync.started_at).total_seconds()
    if seconds < FIRST_SECONDS or sync.requests == 0:
        return None
    measured = sync.requests / seconds
    return Pace(now=min(measured, allowed) if allowed else measured, allowed=allowed)


def lines_of(states: Iterable[StreamState], pace: Pace | None) -> tuple[Line, ...]:
    """Streams with the time each still needs. Streams share the pace, so a stream's own end is at least its own requests."""
    return tuple(Line(state=state, left=_range(_left(state), pace)) for state in states)


def _planned(state: StreamState) -> int:
    return max(state.requests_planned or 0, state.requests_done)


def _left(state: StreamState) -> int:
    if state.phase in SETTLED:
        return 0
    return max(0, (state.requests_planned or 0) - state.requests_done)


def _range(requests: int, pace: Pace | None) -> tuple[float, float] | None:
    if pace is None or requests == 0 or pace.now <= 0:
        return None
    soonest = requests / (pace.allowed or pace.now)
    return min(soonest, requests / pace.now), requests / pace.now * SLOWER
