"""*Requests*: what is used of each system's limit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tieout.portal.usage.queries import usage_of
from tieout.portal.workspaces.decorators import whole_workspace_required
from tieout.portal.workspaces.queries import workspace_of


@whole_workspace_required
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """Requests of the last hour and day, by data source and by hour."""
    return render(request, "usage/requests.html", {"usage": usage_of(workspace_of(request), now=timezone.now())})
