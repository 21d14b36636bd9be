"""Pages of data sources: the list, settings, pause, remove."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tieout.portal.sources import actions
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source, source_page
from tieout.portal.workspaces.decorators import administrator_required, reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of


@require_safe
@reader_required
def list_sources(request: HttpRequest) -> HttpResponse:
    return render(request, "sources/list.html", {"sources": Source.objects.in_workspace(workspace_of(request))})


@reader_required
def settings(request: HttpRequest, source_id: UUID) -> HttpResponse:
    return render(request, "sources/settings.html", source_page(request, source_id, tab="settings"))


@require_POST
@administrator_required
def pause(request: HttpRequest, source_id: UUID) -> HttpResponse:
    actions.pause(get_source(workspace_of(request), source_id), by=person_of(request))
    return redirect("sources:settings", source_id)


@require_POST
@administrator_required
def resume(request: HttpRequest, source_id: UUID) -> HttpResponse:
    actions.resume(get_source(workspace_of(request), source_id), by=person_of(request))
    return redirect("sources:settings", source_id)


@administrator_required
def remove(request: HttpRequest, source_id: UUID) -> HttpResponse:
    return render(request, "sources/remove.html", source_page(request, source_id, tab="settings"))
