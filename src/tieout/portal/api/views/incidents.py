"""Incidents: what needs somebody, and what is over. How everything stands."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from tieout import __version__
from tieout.portal.alerts import queries
from tieout.portal.alerts.models import Gravity, Incident
from tieout.portal.alerts.told import Told
from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.shapes import told as shapes
from tieout.portal.health.status import incident_line, source_line
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.queries import membership_of, workspace_of

router = Router(tags=["Incidents"])


class Filters(Place):
    """Which incidents."""

    state: Literal["open", "closed"] | None = None
    gravity: Gravity | None = None


@router.get("/incidents", response=shapes.Incidents)
def list_incidents(request: HttpRequest, page: Query[Filters]) -> Any:
    """What people are told of, newest first. News have no end: they are closed when they are made."""
    found = queries.incidents_of(membership_of(request))
    if page.state:
        found = found.filter(closed_at__isnull=page.state == "open")
    if page.gravity:
        found = queries.of_gravity(found, page.gravity)
    return paged(found, page, _shape, by=("-since", "-opened_at", "id"))


@router.get("/incidents/{uuid:incident_id}", response=shapes.Incident)
def get(request: HttpRequest, incident_id: UUID) -> Any:
    """One incident."""
    return _shape(get_object_or_404(queries.incidents_of(membership_of(request)), pk=incident_id))


@router.get("/status", response=shapes.Status)
def status(request: HttpRequest) -> Any:
    """How everything stands: the data sources that the token may see, and what is open."""
    now = timezone.now()
    sources = Source.objects.in_workspace(workspace_of(request)).select_related("workspace")
    lines = [source_line(one, now) for one in sources]
    return {
        "version": __version__,
        "at": now.isoformat(),
        "health": Counter(line["health"] for line in lines),
        "verdicts": Counter(line["verdict"] for line in lines if line["verdict"]),
        "incidents_open": [incident_line(one) for one in queries.standing(membership_of(request))],
        "sources": lines,
    }


def _shape(incident: Incident) -> dict[str, Any]:
    told = Told(incident)
    return {
        "incident": incident.pk,
        "kind": incident.kind,
        "gravity": incident.gravity.value,
        "source": incident.source_id,
        "since": incident.since,
        "opened_at": incident.opened_at,
        "closed_at": incident.closed_at,
        "title": told.title,
        "means": told.means,
        "who": told.who,
        "url": told.url,
    }
