"""When a data source syncs by the clock: every interval, spread over it, with a thorough one each night.

The moments are written in `Source.next_sync_at`; a tick each minute asks for what is due.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import OPEN_STATES, Reason, Sync, SyncState

if TYPE_CHECKING:
    from tieout.portal.syncs.jobs import JobEngine

NIGHT_HOUR = 2
BOOKS_ZONE = ZoneInfo("Europe/Oslo")

# What runs by the clock, cron in UTC with seconds first.
BY_THE_CLOCK = (
    ("request due syncs", "0 * * * * *", "request_due"),
    ("check candidates", "20 */3 * * * *", "check_candidates"),
    ("tidy", "40 17 3 * * *", "tidy"),
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

    Each source has a fixed offset within its interval, from its id: thousands of sources share the limit evenly.
    """
    interval = int(interval_of(source).total_seconds())
    offset = zlib.crc32(str(source.pk).encode()) % interval // 60 * 60
    passed = (int(after.timestamp()) - offset) // interval
    return datetime.fromtimestamp((passed + 1) * interval + offset, UTC)


def last_night(now: datetime) -> datetime:
    """When the latest night began, UTC: the thorough sync belongs after it."""
    local = now.astimezone(BOOKS_ZONE)
    began = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return (began if began <= local else began - timedelta(days=1)).astimezone(UTC)


def is_nightly_due(source: Any, *, now: datetime) -> bool:
    """Whether keys, settings and rates were not yet read through since the latest night began."""
    since = last_night(now)
    done = Sync.objects.filter(source=source, started_at__gte=since, state=SyncState.SUCCEEDED)
    return not (done.filter(nightly=True).exists() or done.filter(reason=Reason.FIRST).exists())


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
