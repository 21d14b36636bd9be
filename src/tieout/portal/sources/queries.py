"""What can be asked of data sources."""

from __future__ import annotations

from copy import copy
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from tieout.catalog import DEFAULT_CHOICES, Choice, Personal
from tieout.connectors.base import Connector
from tieout.portal.sources.health import freshness, health, standing
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import workspace_of


def get_source(workspace: Workspace, source_id: UUID) -> Source:
    """A data source of this workspace. Raises Http404 for any other."""
    return get_object_or_404(
        Source.objects.in_workspace(workspace).select_related("workspace", "paused_by"), pk=source_id
    )


def connector_of(source: Source) -> Connector:
    """What declares how this source's system works, with its streams as the source's choices of personal data have them.

    Raises KeyError if its folder is gone.
    """
    connector: Connector = copy(
        settings.CONNECTORS[source.connector]
    )  # shallow: keys, limit and tokens are those of all
    choices = choices_of(source)
    connector.streams = tuple(stream.as_chosen(choices) for stream in connector.streams)
    return connector


def choices_of(source: Source) -> dict[Personal, Choice]:
    """What becomes of each kind of personal data."""
    return {**DEFAULT_CHOICES, **{Personal(kind): Choice(choice) for kind, choice in source.personal.items()}}


def are_all_shut_out(source: Source) -> bool:
    """Whether the system lets in none of this installation's companies, this and others: then its own key may be wrong."""
    if source.approval_state != ApprovalState.WITHDRAWN:
        return False
    # Not of one workspace: one fact about the whole installation; no other company is named or shown.
    states = Source.objects.connected().filter(connector=source.connector).exclude(approval_state=ApprovalState.WAITING)
    told = list(states.values_list("approval_state", flat=True))
    return len(told) > 1 and set(told) == {ApprovalState.WITHDRAWN}


def source_page(request: HttpRequest, source_id: UUID, *, tab: str) -> dict[str, Any]:
    """What every page of a data source needs, for templates that extend sources/source_base.html. Raises Http404.

    `tab` is one of overview, streams, history, proof, vouchers, stamps, saft, access, settings.
    """
    source = get_source(workspace_of(request), source_id)
    return {
        "source": source,
        "connector": connector_of(source),
        "standing": standing(health(source), freshness(source)),
        "freshness": freshness(source),
        "all_stand_still": are_all_shut_out(source),
        "tab": tab,
    }
