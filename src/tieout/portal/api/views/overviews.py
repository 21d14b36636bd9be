"""What several companies have in common: the close board, the limit that they share, the installation."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from tieout.connectors.first_contact import Finding
from tieout.portal.api.problems import invalid
from tieout.portal.api.shapes import overviews as shapes
from tieout.portal.installation import examination
from tieout.portal.installation.words import shown
from tieout.portal.proofs.board import Row, board_of
from tieout.portal.sources.models import Source
from tieout.portal.usage.queries import Limited, usage_of
from tieout.portal.workspaces.decorators import must_look_after_all, must_own
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.books import FIRST_DAY, LAST_DAY, OSLO

router = Router(tags=["Overviews"])


class BoardWishes(Schema):
    """Which month and which companies."""

    month: str = Field("", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", description="YYYY-MM; empty: the last whole one")
    group: str = Field("", pattern=r"^\d{0,9}$", description="a group's id")
    whose: str = Field("", pattern=r"^(mine|nobody|\d{1,9})?$", description="mine, nobody, or a person's id")
    q: str = Field("", max_length=100, description="part of the name, the organisation number or who is responsible")


class Asking(Schema):
    """Whom to ask."""

    ask: bool = Field(False, description="ask the accounting systems too, which takes some seconds")


@router.get("/close-board", response=shapes.Board)
def board(request: HttpRequest, wishes: Query[BoardWishes]) -> Any:
    """Which companies can be closed, worst first."""
    asked = {name: getattr(wishes, name) for name in ("month", "group", "whose", "q")}
    now = timezone.now().astimezone(OSLO)
    found = board_of(workspace_of(request), asked, person=person_of(request), now=now)
    month = f"{found.month:%Y-%m}"
    if wishes.month not in ("", month):
        raise invalid([("month", f"{FIRST_DAY:%Y-%m} – {LAST_DAY:%Y-%m}")])
    counts = {"needs_you": found.needs_you, "not_ready": found.not_ready, "ready": found.ready}
    return {"items": [_row(one) for one in found.rows], "month": month} | counts


@router.get("/requests", response=shapes.Requests)
def requests(request: HttpRequest) -> Any:
    """What is used of each system's limit, and by which data sources."""
    must_look_after_all(request)
    return {"items": [_limited(one) for one in usage_of(workspace_of(request), now=timezone.now())]}


@router.get("/installation", response=shapes.Findings)
def installation(request: HttpRequest, wish: Query[Asking]) -> Any:
    """Whether this installation is well, as the doctor finds it. For owners."""
    must_own(request)
    findings = list(examination.here())
    if wish.ask:
        findings += examination.vendors()
        findings += examination.granted(Source.objects.in_workspace(workspace_of(request)).order_by("name"))
    return {"items": [_finding(one) for one in findings]}


def _row(row: Row) -> dict[str, Any]:
    source = row.source
    checks = {
        one.kind: {"outcome": one.outcome or None, "compared": one.compared, "differing": one.differing}
        for one in row.cells
    }
    return {
        "source": source.pk,
        "name": source.name,
        "readiness": row.readiness.name.lower(),
        "verdict": source.verdict or None,
        "health": row.health.value,
        "freshness": row.freshness.value,
        "checks": checks,
        "locked_to": row.locked_to,
        "is_locked": row.is_locked,
        "responsible": source.responsible_id,
    }


def _limited(one: Limited) -> dict[str, Any]:
    shares = {name: str(getattr(one, name)) for name in ("per_second", "hour_share", "day_share")}
    rows = [
        {"source": row.source.pk if row.source else None}
        | {name: getattr(row, name) for name in ("name", "hour", "day", "refused")}
        for row in one.rows
    ]
    hours = [{name: getattr(hour, name) for name in ("began", "requests", "refused")} for hour in one.hours]
    counts = {"hour": one.hour, "day": one.day, "refused": one.refused}
    return {"system": one.title, "by_source": rows, "by_hour": hours} | shares | counts


def _finding(finding: Finding) -> dict[str, Any]:
    told = shown(finding)
    return {"subject": told.subject, "state": finding.state.value, "found": told.found, "advice": told.advice}
