"""Webhooks of the workspace. For those who look after all companies, as on their page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import checked, conflict
from tieout.portal.api.shapes import told as shapes
from tieout.portal.webhooks import actions, delivering, events, queries
from tieout.portal.webhooks.forms import EndpointForm
from tieout.portal.webhooks.models import Delivery, Endpoint, Form
from tieout.portal.workspaces.decorators import must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Webhooks"])


@router.get("", response=shapes.Webhooks)
def list_webhooks(request: HttpRequest, page: Query[Place]) -> Any:
    """All webhooks; their addresses are told to nobody."""
    must_look_after_all(request)
    return paged(queries.endpoints_of(workspace_of(request)), page, _shape, by=("id",))


@router.post("", response={201: shapes.Webhook})
def make(request: HttpRequest, response: HttpResponse, asked: shapes.NewWebhook) -> Any:
    """Make a webhook. `signing_secret` is told now and never again."""
    must_look_after_all(request)
    wishes = checked(EndpointForm(asked.dict()))
    endpoint, secret = actions.make(workspace_of(request), **wishes, by=person_of(request))
    response["Location"] = f"/api/v1/webhooks/{endpoint.pk}"
    return Status(201, _shape(endpoint) | {"signing_secret": secret or None})


@router.get("/{uuid:webhook_id}", response=shapes.Webhook)
def get(request: HttpRequest, webhook_id: UUID) -> Any:
    """One webhook."""
    return _shape(_endpoint(request, webhook_id))


@router.patch("/{uuid:webhook_id}", response=shapes.Webhook)
def switch(request: HttpRequest, webhook_id: UUID, asked: shapes.WebhookChange) -> Any:
    """Switch it off, or on: what happens from then on is posted."""
    endpoint = _endpoint(request, webhook_id)
    if asked.is_on != endpoint.is_on:
        (actions.switch_on if asked.is_on else actions.switch_off)(endpoint, by=person_of(request))
    return _shape(_endpoint(request, webhook_id))


@router.delete("/{uuid:webhook_id}", response={204: None})
def remove(request: HttpRequest, webhook_id: UUID) -> Any:
    """Forget a webhook, its secret and its log."""
    actions.remove(_endpoint(request, webhook_id), by=person_of(request))
    return Status(204, None)


@router.post("/{uuid:webhook_id}/test", response=shapes.Tested)
def test(request: HttpRequest, webhook_id: UUID) -> Any:
    """Post a test here and now; the log of deliveries says what came back."""
    endpoint = _endpoint(request, webhook_id)
    return {"is_taken": delivering.deliver(events.test(endpoint), now=timezone.now())}


@router.post("/{uuid:webhook_id}/secret", response=shapes.Webhook)
def renew_secret(request: HttpRequest, webhook_id: UUID) -> Any:
    """A new signing secret, told now and never again; the old one signs nothing any more."""
    endpoint = _endpoint(request, webhook_id)
    if endpoint.form != Form.SIGNED:
        raise conflict("not-signed", "A chat's webhook has no signing secret.")
    return _shape(endpoint) | {"signing_secret": actions.renew_secret(endpoint, by=person_of(request))}


@router.get("/{uuid:webhook_id}/deliveries", response=shapes.Deliveries)
def deliveries(request: HttpRequest, webhook_id: UUID, page: Query[Place]) -> Any:
    """What was posted, newest first."""
    found = queries.deliveries_of(_endpoint(request, webhook_id))
    return paged(found, page, _delivery, by=("-made_at", "-id"))


def _endpoint(request: HttpRequest, webhook_id: UUID) -> Endpoint:
    must_look_after_all(request)
    return queries.get_endpoint(workspace_of(request), webhook_id)


def _shape(endpoint: Endpoint) -> dict[str, Any]:
    names = ("name", "form", "types", "host", "is_on", "is_disabled_by_failure", "made_at")
    return {"webhook": endpoint.pk} | {name: getattr(endpoint, name) for name in names}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    names = ("type", "made_at", "tries", "delivered_at", "status")
    return {"delivery": delivery.pk} | {name: getattr(delivery, name) for name in names}
