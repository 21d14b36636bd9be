"""Figures of the whole installation, for monitors: counts and ages, of no company by name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Sum

from tieout.portal.alerts.models import Incident, Message, MessageState
from tieout.portal.sources.health import Health, health
from tieout.portal.sources.models import ApprovalState, Source, Verdict
from tieout.portal.syncs.models import Sync, SyncState
from tieout.portal.upkeep.disk import disk_of
from tieout.portal.webhooks.models import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How everything stands now. Sums are over the syncs that are kept (TIEOUT_HISTORY_YEARS)."""

    requests: int
    refused: int
    syncs: dict[str, int]  # ended, by outcome
    queued: int
    running: int
    health: dict[str, int]
    verdicts: dict[str, int]
    oldest_seconds: float | None  # of the complete pictures of sources that should be kept fresh
    incidents: dict[str, int]
    messages_waiting: int
    deliveries_waiting: int
    disk_percent: int


def figures(*, now: datetime) -> Figures:
    """Count. Every workspace's: these are the installation's."""
    sources = list(Source.objects.connected())
    told = Sync.objects.aggregate(requests=Sum("requests"), refused=Sum("throttled"))
    states = dict(Sync.objects.order_by().values_list("state").annotate(Count("pk")))
    return Figures(
        requests=told["requests"] or 0,
        refused=told["refused"] or 0,
        syncs={state.value: states.get(state.value, 0) for state in SyncState if state not in GOING_ON},
        queued=states.get(SyncState.QUEUED, 0),
        running=states.get(SyncState.RUNNING, 0),
        health=_of_all(Health.values, [health(source, now=now).value for source in sources]),
        verdicts=_of_all(Verdict.values, [source.verdict for source in sources if source.verdict]),
        oldest_seconds=_oldest(sources, now),
        incidents=_of_all(("error", "warning"), [one.gravity.value for one in Incident.objects.filter(closed_at=None)]),
        messages_waiting=Message.objects.filter(state=MessageState.WAITING, due_at__lte=now).count(),
        deliveries_waiting=Delivery.objects.filter(due_at__lte=now, endpoint__disabled_at=None).count(),
        disk_percent=disk_of(settings.TIEOUT).percent,
    )


GOING_ON = (SyncState.QUEUED, SyncState.RUNNING)


def _of_all(names: object, met: list[str]) -> dict[str, int]:
    """How often each name was met, those never met too: a series that comes and goes can't be watched."""
    counted = Counter(met)
    assert isinstance(names, list | tuple)
    return {str(name): counted[str(name)] for name in names}


def _oldest(sources: list[Source], now: datetime) -> float | None:
    kept = [one for one in sources if not one.is_paused and one.approval_state != ApprovalState.WAITING]
    ages = [(now - one.last_complete_at).total_seconds() for one in kept if one.last_complete_at]
    return max(ages, default=None)
