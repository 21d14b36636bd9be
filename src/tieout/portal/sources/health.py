"""How a data source is doing: three axes (approval, freshness, proof), and the health that lists show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from tieout.portal.sources.models import ApprovalState, Source, Verdict
from tieout.portal.sources.schedules import overdue_at

STALE_AFTER = timedelta(hours=24)


class Health(models.TextChoices):
    """Worst first: the order of lists."""

    ACTION_REQUIRED = "action-required", _("Action required")
    NEEDS_ATTENTION = "needs-attention", _("Needs attention")
    WAITING = "waiting", _("Waiting for approval")
    PAUSED = "paused", _("Paused")
    HEALTHY = "healthy", _("Healthy")


class Freshness(models.TextChoices):
    FIRST_SYNC = "first-sync", _("First sync")
    FRESH = "fresh", _("Fresh")
    DELAYED = "delayed", _("Delayed")
    STALE = "stale", _("Stale")


def freshness(source: Source, *, now: datetime | None = None) -> Freshness:
    """How old the newest complete picture is: younger than two intervals, than a day, or older. By our clock.

    Where the rhythm rests longer (nights, weekends) it is fresh until it has missed two of its moments.
    A source that never had one counts from when it was made; while its first sync runs it is no older than that.
    """
    now = now or datetime.now(UTC)
    if source.last_complete_at is None and source.activity:
        return Freshness.FIRST_SYNC
    since = source.last_complete_at or source.created_at
    if now < overdue_at(str(source.pk), source.interval_minutes, source.hours, since=since):
        return Freshness.FRESH if source.last_complete_at else Freshness.FIRST_SYNC
    return Freshness.DELAYED if now - since < STALE_AFTER else Freshness.STALE


def standing(of: Health, how_fresh: Freshness) -> Health | Freshness:
    """What a status says: the health, but "First sync" where nothing was proved yet that could be called healthy."""
    return how_fresh if of is Health.HEALTHY and how_fresh is Freshness.FIRST_SYNC else of


def health(source: Source, *, now: datetime | None = None) -> Health:
    """The first that holds: paused, waiting, action required, needs attention, healthy (interface section 1)."""
    if source.is_paused:
        return Health.PAUSED
    if source.approval_state == ApprovalState.WAITING:
        return Health.WAITING
    if source.approval_state == ApprovalState.WITHDRAWN or source.trouble:
        return Health.ACTION_REQUIRED
    if source.verdict in (Verdict.NOT_PROVED, Verdict.COULD_NOT_CHECK):
        return Health.NEEDS_ATTENTION
    if freshness(source, now=now) in (Freshness.DELAYED, Freshness.STALE):
        return Health.NEEDS_ATTENTION
    return Health.HEALTHY
