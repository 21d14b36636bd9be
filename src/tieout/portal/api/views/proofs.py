"""Tie-outs of a data source: the latest as its page shows it, each earlier one, and what did not agree."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router

from tieout.portal.api.cursors import Place, paged, paged_list
from tieout.portal.api.shapes import proofs as shapes
from tieout.portal.proofs.queries import tie_outs_told
from tieout.portal.sources.queries import get_source
from tieout.portal.syncs.models import Event
from tieout.portal.syncs.tie_outs import Check, TieOut, read, tie_out_of
from tieout.portal.workspaces.queries import workspace_of

router = Router(tags=["Proofs"])
NEWEST_FIRST = ("-at", "-id")
NUMBERS = ("account_no", "party_no", "voucher_no", "stream")


@router.get("/{uuid:source_id}/proof", response=shapes.TieOut)
def latest(request: HttpRequest, source_id: UUID) -> Any:
    """The latest tie-out: does it agree? 404 before the first."""
    source = get_source(workspace_of(request), source_id)
    tie_out, told = tie_out_of(source), tie_outs_told(source).order_by(*NEWEST_FIRST).first()
    if tie_out is None or told is None:
        raise Http404
    return _shape(told, tie_out)


@router.get("/{uuid:source_id}/tie-outs", response=shapes.TieOuts)
def history(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Every tie-out that is kept, newest first."""
    source = get_source(workspace_of(request), source_id)
    return paged(tie_outs_told(source), page, lambda told: _shape(told, read(told)), by=NEWEST_FIRST)


@router.get("/{uuid:source_id}/tie-outs/{int:sync_id}", response=shapes.TieOut)
def get(request: HttpRequest, source_id: UUID, sync_id: int) -> Any:
    """The tie-out of one sync."""
    told = _told(request, source_id, sync_id)
    return _shape(told, read(told))


@router.get("/{uuid:source_id}/tie-outs/{int:sync_id}/differences", response=shapes.Differences)
def differences(request: HttpRequest, source_id: UUID, sync_id: int, page: Query[Place]) -> Any:
    """What did not agree, gravest first within each check: stored, the source's own, and the difference."""
    return paged_list(list(_gravest(_told(request, source_id, sync_id))), page, _difference)


def _told(request: HttpRequest, source_id: UUID, sync_id: int) -> Event:
    told = tie_outs_told(get_source(workspace_of(request), source_id))
    return get_object_or_404(told.filter(sync__pk=sync_id).order_by(*NEWEST_FIRST)[:1])


def _gravest(told: Event) -> Iterable[dict[str, Any]]:
    rows = told.facts.get("differences", ())
    return sorted(rows, key=lambda row: (row["check"], -abs(Decimal(row["difference"]))))


def _shape(told: Event, tie_out: TieOut) -> dict[str, Any]:
    return {
        "sync": told.sync_id,
        "at": told.at,
        "verdict": tie_out.verdict,
        "checks": [_check(one) for one in tie_out.checks],
        "differing": len(tie_out.differences),
        "convention": told.facts.get("convention"),
        "cause": told.facts.get("cause"),
        "carried_from": tie_out.carried_from,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "check": check.check,
        "date": check.on.isoformat() if check.on else None,
        "compared": check.compared,
        "outcome": check.outcome,
        "reason": check.reason or None,
    }


def _difference(row: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: row.get(name) for name in NUMBERS}
    amounts = {name: row[name] for name in ("stored", "vendor", "difference")}
    named = row.get("name") or row.get("account_name")
    return {"check": row["check"], "date": row.get("date"), **numbers, "name": named, **amounts}
