"""Whose books a person may see in reports: the one place that decides."""

from __future__ import annotations

from django.http import HttpRequest

from tieout.portal.sources.models import Source
from tieout.portal.workspaces.queries import workspace_of


def allowed(request: HttpRequest) -> dict[str, str]:
    """The companies whose figures this request may show: their ids and what the portal calls them."""
    sources = Source.objects.in_workspace(workspace_of(request)).values_list("pk", "name")
    return {str(pk): name for pk, name in sources}
