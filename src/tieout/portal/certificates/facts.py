"""What a certificate states of a data source: its latest tie-out as pages show it, told to `sync.certificate.statement`."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Balances, Event, StreamState
from tieout.portal.syncs.tie_outs import TieOut
from tieout.sync.certificate.statement import Compared, MovedError
from tieout.sync.events import amount
from tieout.warehouse.base import AccountBalance, SourceStore
from tieout.warehouse.base import TieOut as Stored

SAME = timedelta(seconds=60)  # the verdict is stored and told within a moment


def compared(source: Source, tie_out: TieOut, store: SourceStore) -> Compared:
    """The tie-out that a certificate is made of. Raises MovedError."""
    told = (
        Event.objects.filter(sync__source=source, sync_id=tie_out.sync_id, code="tie_out")
        .order_by("-at", "-pk")
        .first()
    )
    facts: dict[str, Any] = told.facts if told else {}
    kept = Balances.objects.filter(source=source, sync_id=tie_out.sync_id).first()
    stored = _stored(tie_out, store)
    rows = kept.rows if kept else []
    return Compared(
        at=tie_out.at,
        verdict=tie_out.verdict,
        on=tie_out.balances_on if rows else None,
        sync=stored.sync,
        number=stored.id,
        convention=facts.get("convention") or stored.convention or "restarts",
        balances=[
            AccountBalance(account_no=no, stored=Decimal(ours), vendor=Decimal(theirs)) for no, _, ours, theirs in rows
        ],
        names={no: name for no, name, *_ in rows},
        checks=[
            {
                "check": check.check,
                "is_control": check.is_control,
                "date": check.on.isoformat() if check.on else None,
                "compared": check.compared,
                "outcome": check.outcome,
                "reason": check.reason or None,
            }
            for check in tie_out.checks
        ],
        differences=[
            {
                "check": row.check,
                "date": row.on.isoformat() if row.on else None,
                "number": row.number,
                "name": row.name,
                "stored": amount(row.stored),
                "vendor": amount(row.vendor),
                "difference": amount(row.difference),
            }
            for row in tie_out.differences
        ],
        streams=_streams(source),
        carried_from=tie_out.carried_from,
    )


def _stored(tie_out: TieOut, store: SourceStore) -> Stored:
    near = [one for one in store.tie_outs(limit=5) if abs(one.at - tie_out.at) <= SAME]
    if not near:
        raise MovedError("the warehouse does not know the latest tie-out. Check now; when it has ended, export again.")
    return min(near, key=lambda one: abs(one.at - tie_out.at))


def _streams(source: Source) -> list[dict[str, Any]]:
    return [
        {"stream": state.stream, "rows": state.rows, "grade": state.grade, "holds": state.grade_holds}
        for state in StreamState.objects.filter(source=source)
    ]
