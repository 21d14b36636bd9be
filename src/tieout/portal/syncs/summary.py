"""A source's summary: what lists and tiles show without opening the warehouse. Rebuilt from it after each sync."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from tieout.connectors.base import Connector
from tieout.portal.sources.actions import mark_withdrawn
from tieout.portal.sources.models import Activity, ApprovalState, Source, Trouble
from tieout.portal.syncs import schedule
from tieout.portal.syncs.models import OPEN_STATES, Fault, Reason, Sync, SyncState
from tieout.portal.syncs.tie_outs import tie_out_of
from tieout.sync.books import read_books
from tieout.sync.events import SyncFinished
from tieout.warehouse.base import Outcome, SourceStore, SourceSummary

TRY_AGAIN = timedelta(minutes=10)
OF_DAYS = ("ledger", "day")  # checks that hold the ledger against the source at a day
NO_ACTIVITY = (Reason.FILL, Reason.CHECK)  # these go on beside a source that rests
TROUBLES = {
    Fault.COMPANY: Trouble.COMPANY,
    Fault.OPERATOR: Trouble.OPERATOR,
    Fault.UNEXPECTED: Trouble.UNEXPECTED,
}


def rebuild(source: Source, of: SourceSummary, facts: dict[str, str]) -> None:
    """Take what the warehouse says; `facts` as `facts_of` gives them."""
    source.facts = facts
    source.first_sync_done_at = of.first_sync_done_at
    source.last_complete_at = of.last_complete_at
    source.rows_total = of.rows
    source.verdict = of.verdict.value if of.verdict else ""
    source.verdict_as_of = of.verdict_at
    source.verdict_note = _note(source)
    source.rows_last_day = _rows_since(source, timezone.now() - timedelta(days=1))
    source.save(
        update_fields=[
            "first_sync_done_at",
            "last_complete_at",
            "rows_total",
            "verdict",
            "verdict_as_of",
            "verdict_note",
            "facts",
            "rows_last_day",
        ]
    )


def facts_of(connector: Connector, store: SourceStore, *, at: datetime) -> dict[str, str]:
    """Since when the books go and up to when they are locked, dates as YYYY-MM-DD; what nobody tells is left out.

    Where no conversion date is told, the books begin with the month of the first posting.
    """
    books, ledger = read_books(connector.proof, store, at), connector.proof.ledger
    since = books.conversion_date
    if since is None and ledger:
        since = next(iter(store.dates(ledger.postings, ledger.posting_date)), None)
    told = {"books_since": since, "locked_to": books.lock_date}
    return {fact: on.isoformat() for fact, on in told.items() if on}


def after(sync: Sync, finished: SyncFinished | None) -> None:
    """What follows from the end of a sync: who must act, whether the approval holds, when the next one is."""
    source = Source.objects.filter(pk=sync.source_id).select_related("workspace").first()
    if source is None:
        return
    if sync.fault == Fault.COMPANY:
        mark_withdrawn(source, since=timezone.now())
    elif finished is not None and finished.outcome == Outcome.SUCCEEDED:
        _approved_again(source)
    _tell_trouble(source, sync)
    if sync.reason not in NO_ACTIVITY:
        plan_next(source, soon=sync.fault == Fault.TRY_LATER)
    tell_activity(source)


def plan_next(source: Source, *, soon: bool = False) -> None:
    """Set when a source syncs next; `soon` when it was only busy."""
    now = timezone.now()
    slot = schedule.next_slot(source, after=now)
    source.next_sync_at = min(slot, now + TRY_AGAIN) if soon else slot
    source.save(update_fields=["next_sync_at"])


def tell_activity(source: Source) -> None:
    """Say on the source's row whether a sync runs or waits."""
    open_syncs = Sync.objects.filter(source=source, state__in=OPEN_STATES).exclude(reason__in=NO_ACTIVITY)
    states = set(open_syncs.values_list("state", flat=True))
    activity = Activity.RUNNING if SyncState.RUNNING in states else Activity.QUEUED if states else ""
    Source.objects.filter(pk=source.pk).update(activity=activity)


def _approved_again(source: Source) -> None:
    """A sync that went through says that the approval holds, whoever gave it back."""
    if source.approval_state == ApprovalState.WITHDRAWN:
        source.approval_state, source.withdrawn_since = ApprovalState.APPROVED, None
        source.save(update_fields=["approval_state", "withdrawn_since"])


def _tell_trouble(source: Source, sync: Sync) -> None:
    """Somebody must act, or nobody any more. Being busy says nothing about it; the first moment counts."""
    if sync.state in OPEN_STATES or sync.state == SyncState.CANCELLED or sync.fault == Fault.TRY_LATER:
        return
    trouble = TROUBLES.get(Fault(sync.fault)) if sync.fault else None
    if trouble != source.trouble:
        source.trouble_since = timezone.now() if trouble else None
    source.trouble, source.trouble_message = trouble or "", sync.message if trouble else ""
    source.save(update_fields=["trouble", "trouble_since", "trouble_message"])


def _note(source: Source) -> dict[str, Any]:
    """What lists and the proof page say beside the verdict: figures, and the past days whose ledger has agreed."""
    tie_out = tie_out_of(source)
    if tie_out is None:
        return {}
    agreed = dict(source.verdict_note.get("agreed", {}))
    for check in tie_out.checks:
        if check.check not in OF_DAYS or check.on is None or check.on >= tie_out.at.date():
            continue
        if check.outcome == "agrees":
            agreed[check.on.isoformat()] = tie_out.at.isoformat()
        else:
            agreed.pop(check.on.isoformat(), None)
    checks = {
        group.check: {"outcome": group.outcome, "compared": group.compared, "differing": group.differences}
        for group in tie_out.groups
    }
    return {
        "compared": tie_out.accounts_compared,
        "differing": tie_out.accounts_differing,
        "agreed": agreed,
        "checks": checks,
    }


def _rows_since(source: Source, since: datetime) -> int:
    recent = Sync.objects.filter(source=source, started_at__gte=since)
    total = recent.aggregate(rows=Sum(F("rows_new") + F("rows_changed")))["rows"]
    return int(total or 0)
