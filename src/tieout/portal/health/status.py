"""How everything stands, in one answer: `tieout status`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from tieout import __version__
from tieout.portal.alerts.models import Incident
from tieout.portal.health.figures import figures
from tieout.portal.sources.health import freshness, health
from tieout.portal.sources.models import Source


def status(*, now: datetime, pid: int | None) -> dict[str, Any]:
    """JSON values. `pid`: the process that serves, None where none does. Times are ISO in UTC."""
    return {
        "version": __version__,
        "at": now.isoformat(),
        "serving_pid": pid,
        "is_mail_set": settings.IS_MAIL_SET,
        **asdict(figures(now=now)),
        "incidents_open": [incident_line(one) for one in _standing()],
        "sources": [source_line(one, now) for one in Source.objects.connected().select_related("workspace")],
    }


def _standing() -> list[Incident]:
    # Every workspace's: who holds TIEOUT_HOME may see all of it.
    return list(Incident.objects.filter(closed_at=None).select_related("source", "workspace"))


def incident_line(incident: Incident) -> dict[str, Any]:
    """An incident in a word each."""
    return {
        "kind": incident.kind,
        "gravity": incident.gravity.value,
        "since": incident.since.isoformat(),
        "workspace": incident.workspace.name if incident.workspace else None,
        "source": str(incident.source_id) if incident.source_id else None,
        "about": incident.facts.get("company") or incident.facts.get("system") or incident.facts.get("name"),
    }


def source_line(source: Source, now: datetime) -> dict[str, Any]:
    """A data source in a word each."""
    return {
        "source": str(source.pk),
        "workspace": source.workspace.name,
        "name": source.name,
        "organisation_number": source.organisation_number,
        "health": health(source, now=now).value,
        "freshness": freshness(source, now=now).value,
        "verdict": source.verdict or None,
        "last_complete_at": source.last_complete_at.isoformat() if source.last_complete_at else None,
        "next_sync_at": source.next_sync_at.isoformat() if source.next_sync_at else None,
    }
