"""Rows of syncs as the recorder would have written them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Event, Reason, StreamPhase, StreamState, Sync, SyncState

NOW = datetime(2026, 11, 19, 9, 4, tzinfo=UTC)
LEDGER = {"check": "ledger", "date": "2026-11-19", "compared": 214, "outcome": "agrees", "reason": None}
NO_REGISTER = {
    "check": "suppliers",
    "date": "2026-11-19",
    "compared": 0,
    "outcome": "not_applicable",
    "reason": "no_control_account",
}


def make_sync(source: Source, **fields: Any) -> Sync:
    at = fields.pop("at", NOW)
    defaults: dict[str, Any] = {
        "reason": Reason.SCHEDULE,
        "slot": f"{at.isoformat()}",
        "state": SyncState.SUCCEEDED,
        "requested_at": at,
        "started_at": at,
        "finished_at": at + timedelta(seconds=48),
        "requests": 41,
        "rows_new": 1284,
    }
    return Sync.objects.create(source=source, **(defaults | fields))


def make_state(source: Source, stream: str, **fields: Any) -> StreamState:
    defaults: dict[str, Any] = {"phase": StreamPhase.COMPLETE, "rows": 412806, "grade": "balanced"}
    return StreamState.objects.create(source=source, stream=stream, **(defaults | fields))


def tell(sync: Sync, code: str, *, stream: str = "", **facts: Any) -> Event:
    number = sync.events.count() + 1
    return Event.objects.create(
        sync=sync,
        number=number,
        at=sync.requested_at + timedelta(seconds=number),
        code=code,
        stream=stream,
        facts=facts,
    )


def difference(account_no: int | None, stored: str, vendor: str, **more: Any) -> dict[str, Any]:
    from decimal import Decimal

    facts = {
        "check": "ledger",
        "date": "2026-11-19",
        "account_no": account_no,
        "account_name": "Fixture account",
        "stored": stored,
        "vendor": vendor,
        "difference": str(Decimal(stored) - Decimal(vendor)),
    }
    return facts | more


def make_tie_out(
    source: Source, *, differences: tuple[dict[str, Any], ...] = (), verdict: str = "", **fields: Any
) -> Sync:
    """A sync that ended with a tie-out over 214 accounts."""
    outcome = "differs" if differences else "agrees"
    verdict = verdict or ("not_proved" if differences else "proved")
    checks = fields.pop("checks", [LEDGER | {"outcome": outcome}, NO_REGISTER])
    sync = make_sync(source, verdict=verdict, **fields)
    tell(sync, "tie_out", verdict=verdict, checks=checks, differences=list(differences), streams=[])
    return sync
