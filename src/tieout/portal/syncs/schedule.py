"""When a data source syncs by the clock: every interval, spread over it, with a thorough one each night.

The moments are written in `Source.next_sync_at`; a tick each minute asks for what is due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tieout.portal.sources.models import Source
from tieout.portal.sources.schedules import Hours, next_within_hours
from tieout.portal.syncs import rhythm
from tieout.portal.syncs.models import OPEN_STATES, Reason, Sync, SyncState

if TYPE_CHECKING:
    from tieout.portal.syncs.jobs import JobEngine

# What runs by the clock, cron in UTC with seconds first.
BY_THE_CLOCK = (
    ("request due syncs", "0 * * * * *", "request_due"),
    ("watch alerts", "30 * * * * *", "watch_alerts"),
    ("connect clients", "10 * * * * *", "connect_clients"),
    ("check candidates", "20 */3 * * * *", "check_candidates"),
    ("tidy", "40 17 3 * * *", "tidy"),
    ("tidy alerts", "40 27 3 * * *", "tidy_alerts"),
)


def follow(engine: JobEngine) -> None:
    """Have the engine call what runs by the clock."""
    for name, cron, task in BY_THE_CLOCK:
        engine.schedule(name, cron=cron, task=task)


def interval_of(source: Any) -> timedelta:
    """How long a data source rests between two syncs."""
    return timedelta(minutes=source.interval_minutes)


def next_slot(source: Any, *, after: datetime) -> datetime:
    """The first moment of a source's own rhythm after `after`, UTC, a whole minute.

    One that rests outside its hours is woken at its moment of the night all the same, for its heavy check.
    """
    key = str(source.pk)
    if source.hours == Hours.ALWAYS:
        return rhythm.next_slot(key, interval_of(source), after=after)
    tonight = rhythm.next_night(key, after=after)
    if source.hours == Hours.NIGHT:
        return tonight
    return min(tonight, next_within_hours(key, source.interval_minutes, source.hours, after=after))


def coming(source: Any, *, after: datetime, count: int = 5) -> list[datetime]:
    """The next moments of a source's rhythm."""
    slots: list[datetime] = []
    while len(slots) < count:
        slots.append(next_slot(source, after=slots[-1] if slots else after))
    return slots


def is_nightly_due(source: Any, *, now: datetime) -> bool:
    """Whether what a night's check reads through was not yet read since the source's latest moment of the night.

    By day only where it was not read for so long that the nights must have been missed.
    """
    if _was_thorough(source, since=rhythm.last_night(str(source.pk), now)):
        return False
    return rhythm.is_night(now) or not _was_thorough(source, since=now - rhythm.LONGEST_WITHOUT)


def _was_thorough(source: Any, *, since: datetime) -> bool:
    done = Sync.objects.filter(source=source, started_at__gte=since, state=SyncState.SUCCEEDED)
    return done.filter(Q(nightly=True) | Q(reason=Reason.FIRST)).exists()


def adopt() -> int:
    """Take care of syncs that no job stands for: after a stop, a kill or the loss of jobs.db. Returns how many."""
    from tieout.portal.syncs import actions, jobs, summary

    engine = jobs.engine()
    adopted = 0
    for sync in Sync.objects.filter(state__in=OPEN_STATES).select_related("source"):
        if engine is not None and engine.status(sync.job_id) in (jobs.JobState.QUEUED, jobs.JobState.RUNNING):
            continue
        actions.start_again(sync)
        adopted += 1
    for source in Source.objects.exclude(activity=""):  # every workspace's; a kill may have left it wrong
        summary.tell_activity(source)
    return adopted
