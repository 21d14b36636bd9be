"""What is told by webhook, and its form: deliveries are written together with what they tell of, and posted later."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from tieout.portal.letters import address
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Event, Reason, Sync
from tieout.portal.webhooks.models import Delivery, Endpoint, EventType, Form
from tieout.portal.workspaces.models import Workspace

if TYPE_CHECKING:
    from tieout.portal.alerts.models import Incident

OVERLAP = timedelta(minutes=10)  # rows may be seen a little later than the moment that is written in them


def incident_opened(incident: Incident) -> None:
    """Tell that an incident has begun. Call it in the transaction that opens it."""
    _tell_incident(incident, EventType.INCIDENT_OPENED)


def incident_closed(incident: Incident) -> None:
    """Tell that an incident is over. Call it in the transaction that closes it."""
    _tell_incident(incident, EventType.INCIDENT_CLOSED)


def _tell_incident(incident: Incident, kind: EventType) -> None:
    from tieout.portal.alerts.models import Kind

    if incident.kind in (Kind.WEBHOOK_DISABLED, Kind.PROVED):  # about itself, and one person's own wish
        return
    for endpoint in _listening(_workspace_of(incident), kind):
        at = incident.closed_at if kind is EventType.INCIDENT_CLOSED else incident.opened_at
        put(
            endpoint,
            kind,
            f"{kind.value}:{incident.pk}",
            at=at or timezone.now(),
            data=_of_incident(incident, endpoint),
        )


def _workspace_of(incident: Incident) -> Workspace | None:
    """Whose webhooks tell it. An incident of the installation is told by those of the first workspace."""
    from tieout.portal.alerts.receivers import first_workspace

    return incident.workspace or first_workspace()


def _of_incident(incident: Incident, endpoint: Endpoint) -> dict[str, Any]:
    """What programs read is in English; a chat's is in the language of who set it up."""
    from tieout.portal.alerts.told import Told

    reader = endpoint.made_by if endpoint.form == Form.CHAT else None
    with translation.override(reader.language if reader else settings.LANGUAGE_CODE):
        told = Told(incident)
        texts = {"title": told.subject, "means": told.means, "url": told.url}
    return {
        "incident": str(incident.pk),
        "kind": incident.kind,
        "gravity": incident.gravity.value,
        **_of_source(incident.source),
        "since": _iso(incident.since),
        "closed_at": _iso(incident.closed_at),
        **texts,
    }


def tell_syncs(*, now: datetime) -> None:
    """Tell of every sync that has finished since the last call, once each, whatever was killed in between."""
    # Every workspace's: each endpoint within its own.
    for endpoint in Endpoint.objects.filter(disabled_at=None).select_related("workspace"):
        if EventType.SYNC_FINISHED in endpoint.types:
            since = max(endpoint.told_until - OVERLAP, endpoint.listens_from)
            for sync in _finished(endpoint.workspace, since=since):
                _tell_sync(endpoint, sync)
        Endpoint.objects.filter(pk=endpoint.pk).update(told_until=now)


def _finished(workspace: Workspace, *, since: datetime) -> Iterable[Sync]:
    done = Sync.objects.filter(source__workspace=workspace, finished_at__gte=since)
    return done.exclude(reason=Reason.FILL).select_related("source").order_by("finished_at")


def _tell_sync(endpoint: Endpoint, sync: Sync) -> None:
    key = f"{EventType.SYNC_FINISHED.value}:{sync.pk}"
    if not Delivery.objects.filter(endpoint=endpoint, key=key).exists():
        put(endpoint, EventType.SYNC_FINISHED, key, at=sync.finished_at or timezone.now(), data=_of_sync(sync))


def _of_sync(sync: Sync) -> dict[str, Any]:
    return {
        "sync": sync.pk,
        **_of_source(sync.source),
        "outcome": sync.state,
        "verdict": sync.verdict or None,
        "started_at": _iso(sync.started_at),
        "finished_at": _iso(sync.finished_at),
        "tables": changed_tables(sync),
        "url": address(reverse("syncs:sync", args=[sync.source_id, sync.pk])),
    }


def changed_tables(sync: Sync) -> list[dict[str, Any]]:
    """The tables in which the sync changed rows, with how many of each kind."""
    figures: dict[str, dict[str, int]] = {}
    for event in Event.objects.filter(sync=sync, code="stream_finished"):
        table = figures.setdefault(event.stream, {"new": 0, "changed": 0, "removed": 0})
        for figure in table:
            table[figure] += int(event.facts.get(figure) or 0)
    schema = f"raw_{sync.source.connector}"
    return [
        {"table": f"{schema}.{stream}", **counts} for stream, counts in sorted(figures.items()) if any(counts.values())
    ]


def test(endpoint: Endpoint) -> Delivery:
    """Owe a test to one endpoint."""
    now = timezone.now()
    data = {"title": f"Tieout: a test of the webhook {endpoint.name}", "url": address(reverse("webhooks:list"))}
    return put(endpoint, EventType.TEST, f"test:{now.isoformat()}", at=now, data=data)


def put(endpoint: Endpoint, kind: EventType, key: str, *, at: datetime, data: dict[str, Any]) -> Delivery:
    """Owe an endpoint one event; the same key twice is once."""
    now = timezone.now()
    delivery, _made = Delivery.objects.get_or_create(
        endpoint=endpoint,
        key=key,
        defaults={"type": kind, "body": _body(endpoint, kind, at, data), "made_at": now, "due_at": now},
    )
    return delivery


def _body(endpoint: Endpoint, kind: EventType, at: datetime, data: dict[str, Any]) -> str:
    if endpoint.form == Form.CHAT:
        return json.dumps({"text": _line(kind, data)}, ensure_ascii=False)
    return json.dumps({"type": kind.value, "timestamp": _iso(at), "data": data}, ensure_ascii=False)


def _line(kind: EventType, data: dict[str, Any]) -> str:
    """One line for a chat. What would be a mark-up there (<, >, &) is written as they ask for."""
    title = data.get("title") or f"{data['company']}: sync {data['outcome']}, {data['verdict'] or 'no verdict'}"
    said = str(title).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{said}\n{data['url']}"


def _listening(workspace: Workspace | None, kind: EventType) -> list[Endpoint]:
    if workspace is None:
        return []
    every = Endpoint.objects.in_workspace(workspace).filter(disabled_at=None).select_related("made_by")
    return [endpoint for endpoint in every if kind in endpoint.types]


def _of_source(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {"source": None, "company": None, "organisation_number": None}
    number = source.organisation_number
    return {"source": str(source.pk), "company": source.company_name, "organisation_number": number}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
