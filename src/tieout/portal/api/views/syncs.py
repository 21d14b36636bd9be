"""Syncs of a data source: listed, begun, cancelled; what each told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import Who, conflict, invalid
from tieout.portal.api.shapes import sources as shapes
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.sources.queries import get_source
from tieout.portal.syncs import actions
from tieout.portal.syncs.history import syncs_of
from tieout.portal.syncs.models import Event, Reason, Sync
from tieout.portal.syncs.views import day_asked
from tieout.portal.workspaces.decorators import must_administer
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Syncs"])
NEWEST_FIRST = ("-requested_at", "-id")
ROOT = "/api/v1/sources"


class Since(Place):
    """How much of what is being told. Who follows a running sync asks with the highest `number` so far."""

    after: int = Field(0, ge=0, le=2**31)


@router.get("/{uuid:source_id}/syncs", response=shapes.Syncs)
def list_syncs(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Syncs of a data source, newest first."""
    return paged(syncs_of(_source(request, source_id)), page, shape, by=NEWEST_FIRST)


@router.post("/{uuid:source_id}/syncs", response={202: shapes.Sync})
def begin(request: HttpRequest, response: HttpResponse, source_id: UUID, asked: shapes.SyncWish | None = None) -> Any:
    """Ask for a sync. While one waits that reads as much already, that one is meant."""
    must_administer(request)
    source = _source(request, source_id)
    if source.is_paused:
        raise conflict("paused", _("This data source is paused. Resume it first."))
    if source.approval_state == ApprovalState.WAITING:
        raise conflict("not-approved", _("This data source needs an approval first."), who=Who.COMPANY)
    wish = asked or shapes.SyncWish(full=False, skip=[])
    sync = actions.request_sync(source, reason=Reason.PERSON, by=person_of(request), full=wish.full, skip=wish.skip)
    return _accepted(response, sync)


@router.post("/{uuid:source_id}/syncs/cancel", response=shapes.Cancelled)
def cancel(request: HttpRequest, source_id: UUID) -> Any:
    """Stop what waits or runs; rows that have arrived stay. Tells how many syncs that met."""
    must_administer(request)
    return {"syncs": actions.cancel_sync(_source(request, source_id), person_of(request))}


@router.get("/{uuid:source_id}/syncs/{int:sync_id}", response=shapes.Sync)
def get(request: HttpRequest, source_id: UUID, sync_id: int) -> Any:
    """One sync."""
    return shape(_sync(request, source_id, sync_id))


@router.get("/{uuid:source_id}/syncs/{int:sync_id}/events", response=shapes.Events)
def events(request: HttpRequest, source_id: UUID, sync_id: int, page: Query[Since]) -> Any:
    """What a sync told, oldest first, while it runs too."""
    told = Event.objects.filter(sync=_sync(request, source_id, sync_id), number__gt=page.after)
    return paged(told, page, _event, by=("number",))


@router.post("/{uuid:source_id}/checks", response={202: shapes.Sync})
def check(request: HttpRequest, response: HttpResponse, source_id: UUID, asked: shapes.CheckWish) -> Any:
    """Compare what is stored with the source's own totals; with a date the ledger at the end of that day too.

    The answer is the sync that does it.
    """
    must_administer(request)
    if asked.date and day_asked(asked.date.isoformat()) is None:
        raise invalid([("date", _("Choose a day that is over, no earlier than 1990."))])
    sync = actions.request_check(_source(request, source_id), by=person_of(request), on=asked.date)
    return _accepted(response, sync)


def _accepted(response: HttpResponse, sync: Sync) -> Any:
    response["Location"] = f"{ROOT}/{sync.source_id}/syncs/{sync.pk}"
    return Status(202, shape(sync))


def _source(request: HttpRequest, source_id: UUID) -> Source:
    return get_source(workspace_of(request), source_id)


def _sync(request: HttpRequest, source_id: UUID, sync_id: int) -> Sync:
    return get_object_or_404(syncs_of(_source(request, source_id)), pk=sync_id)


def shape(sync: Sync) -> dict[str, Any]:
    """A sync as the API tells it; names as in the event `sync_finished`."""
    return {
        "sync": sync.pk,
        "source": sync.source_id,
        "asked_by": sync.reason,
        "state": sync.state,
        "outcome": None if sync.is_open else sync.state,
        "requested_at": sync.requested_at,
        "started_at": sync.started_at,
        "finished_at": sync.finished_at,
        "seconds": sync.seconds,
        "rows": sync.rows,
        "requests": sync.requests,
        "throttled": sync.throttled,
        "verdict": sync.verdict or None,
        "cause": sync.fault or None,
        "reason": sync.message or None,
    }


def _event(event: Event) -> dict[str, Any]:
    return {
        "number": event.number,
        "event": event.code,
        "at": event.at,
        "stream": event.stream or None,
        "facts": event.facts,
    }
