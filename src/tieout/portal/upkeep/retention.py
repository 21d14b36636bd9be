"""What is too old goes each night, in small steps; what went is told. A proof that pages still show never goes."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.db.models import Max, Min, Q, QuerySet

from tieout.config import Settings
from tieout.portal.api.idempotency import forget as forget_answers
from tieout.portal.audits.actions import forget as forget_entries
from tieout.portal.personal.actions import erase_gone_contacts
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import jobs, warehouses
from tieout.portal.syncs.models import OPEN_STATES, Event, Sync, SyncState
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import WarehouseError
from tieout.warehouse.duckdb.forgetting import forget
from tieout.warehouse.spool import drop_kept

log = logging.getLogger(__name__)
STEP_ROWS = 1_000
DAYS_A_YEAR = 365.25


def forget_what_is_old(*, now: datetime) -> dict[str, int]:
    """Take away what the settings no longer keep; how many of each kind went."""
    kept: Settings = settings.TIEOUT
    history = now - timedelta(days=kept.history_years * DAYS_A_YEAR)
    engine = jobs.engine()
    gone = {
        "jobs": engine.tidy(keep_days=kept.job_days) if engine else 0,
        "events": _events(now - timedelta(days=kept.log_days)),
        "syncs of pages": _syncs(history),
        "spooled questions": _spooled(kept),
        "answers of the API": forget_answers(before=now),
        "audit log entries": forget_entries(before=history),
        "gone contacts' personal data": erase_gone_contacts(now=now),
    }
    for kind, count in _warehouses(history):
        gone[kind] = gone.get(kind, 0) + count
    call_command("clearsessions")
    UserSession.objects.filter(last_seen_at__lt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE)).delete()
    _tell(gone)
    return gone


def _events(before: datetime) -> int:
    """The fine print of syncs. Tie-outs stay as long as their sync does."""
    return _in_steps(Event.objects.filter(at__lt=before).exclude(code="tie_out"))


def _syncs(before: datetime) -> int:
    """Old syncs, but of each source the first, the last, and the last ones with a verdict and with a good one."""
    done = Sync.objects.exclude(state__in=OPEN_STATES)
    kept: set[int | None] = set()
    for edge in (
        Min("pk"),
        Max("pk"),
        Max("pk", filter=Q(state=SyncState.SUCCEEDED)),
        Max("pk", filter=~Q(verdict="")),
        Max("pk", filter=Q(verdict="proved")),
    ):
        kept |= set(done.order_by().values("source").annotate(edge=edge).values_list("edge", flat=True))
    return _in_steps(done.filter(requested_at__lt=before).exclude(pk__in=[pk for pk in kept if pk is not None]))


def _in_steps(rows: QuerySet[Event] | QuerySet[Sync]) -> int:
    """Delete rows in transactions of their own, so that pages and syncs write in between."""
    gone = 0
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:STEP_ROWS]):
        rows.model._default_manager.filter(pk__in=some).delete()
        gone += len(some)
    return gone


def _warehouses(before: datetime) -> Iterable[tuple[str, int]]:
    for workspace in Workspace.objects.order_by("slug"):
        if warehouses.exists(workspace):
            try:
                with warehouses.opened(workspace) as warehouse:
                    yield from forget(warehouse, before=before, stamped=_stamped(workspace)).items()
            except WarehouseError as error:  # one that can't be opened must not keep the others from it
                log.warning("Old history of %s was left: %s", workspace.slug, error)


def _stamped(workspace: Workspace) -> dict[str, int]:
    """Of each data source the sync of its oldest stamp: from there on all is kept that tells what became of it."""
    oldest = Stamp.objects.filter(source__workspace=workspace).order_by().values("source").annotate(first=Min("sync"))
    return {str(source): first for source, first in oldest.values_list("source", "first")}


def _spooled(kept: Settings) -> int:
    folders = (kept.home / "spool").glob("*/*")
    return sum(drop_kept(folder, keep_days=kept.spool_days) for folder in folders)


def _tell(gone: dict[str, int]) -> None:
    what = ", ".join(f"{count} {kind}" for kind, count in gone.items() if count)
    log.info("Old things taken away: %s.", what or "nothing")
