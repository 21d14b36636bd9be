"""What can be asked about webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from tieout.portal.alerts.found import Found, key_of
from tieout.portal.alerts.models import Kind
from tieout.portal.webhooks.models import Delivery, Endpoint
from tieout.portal.workspaces.models import Workspace


def endpoints_of(workspace: Workspace) -> QuerySet[Endpoint]:
    """The webhooks of a workspace, by name."""
    return Endpoint.objects.in_workspace(workspace).select_related("workspace", "made_by")


def get_endpoint(workspace: Workspace, endpoint_id: UUID) -> Endpoint:
    """A webhook of this workspace. Raises Http404 for any other."""
    return get_object_or_404(endpoints_of(workspace), pk=endpoint_id)


def deliveries_of(endpoint: Endpoint) -> QuerySet[Delivery]:
    """What was posted to an endpoint, newest first."""
    return Delivery.objects.filter(endpoint=endpoint)


def disabled_by_failure() -> Iterator[Found]:
    """Endpoints that were switched off after days of failure, for the watch."""
    # Not of one workspace: the installation's own watch, each within its own.
    for endpoint in Endpoint.objects.filter(is_disabled_by_failure=True).select_related("workspace"):
        if endpoint.disabled_at:
            yield Found(
                kind=Kind.WEBHOOK_DISABLED,
                key=key_of(Kind.WEBHOOK_DISABLED, f"webhook:{endpoint.pk}"),
                since=endpoint.disabled_at,
                workspace=endpoint.workspace,
                facts={"name": endpoint.name},
            )
