"""Pages of data sources: the list, settings, pause, remove."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieout.portal.groups.queries import people_of
from tieout.portal.sources import actions, schedules
from tieout.portal.sources.forms import RemoveForm, SettingsForm
from tieout.portal.sources.listing import listing_of
from tieout.portal.sources.queries import connector_of, get_source, source_page
from tieout.portal.syncs.schedule import coming as coming_slots
from tieout.portal.workspaces.decorators import administrator_required, reader_required
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of
from tieout.warehouse.base import BusyError


@require_safe
@reader_required
def list_sources(request: HttpRequest) -> HttpResponse:
    """The list; while something runs its table asks for itself again."""
    workspace, membership = workspace_of(request), membership_of(request)
    listing = listing_of(workspace, request.GET.dict(), person=person_of(request))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    is_several = "several" in request.GET and membership.can_administer
    context = {
        "listing": listing,
        "query_without_page": parameters.urlencode(),
        "systems": _(" or ").join(connector.title for connector in django_settings.CONNECTORS.values()),
        "waiting_links": listing.waiting_links,
        "is_several": is_several,
        "may_group": membership.can_administer and not membership.is_limited,
        "people": people_of(workspace) if is_several else [],
    }
    return render(request, "sources/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@reader_required
def settings(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Name and schedule; readers see them. A reader's POST is refused."""
    page = source_page(request, source_id, tab="settings")
    if not membership_of(request).can_administer and request.method != "POST":
        return render(request, "sources/settings.html", page)
    return _change_settings(request, source_id)


@administrator_required
def _change_settings(request: HttpRequest, source_id: UUID) -> HttpResponse:
    page = source_page(request, source_id, tab="settings")
    form = SettingsForm(request.POST or None, instance=get_source(workspace_of(request), source_id))
    if request.method == "POST" and form.is_valid():
        actions.change_settings(page["source"], **form.chosen(), by=person_of(request))
        messages.success(request, _("The settings are saved."))
        return redirect("sources:settings", source_id)
    coming = coming_slots(page["source"], after=timezone.now())
    shown = {"form": form, "coming": coming, "people": people_of(workspace_of(request))}
    return render(request, "sources/settings.html", page | shown)


@require_safe
@administrator_required
def coming(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The next moments of a schedule that is only being looked at. Nothing is saved."""
    source = get_source(workspace_of(request), source_id)
    try:
        source.interval_minutes, source.hours = schedules.read(request.GET.get("schedule", ""))
    except KeyError as error:
        raise Http404 from error
    slots = coming_slots(source, after=timezone.now())
    return render(request, "sources/partials/coming.html", {"coming": slots})


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


@require_http_methods(["GET", "HEAD", "POST"])
@administrator_required
def remove(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Asks for the name and what becomes of the data, then removes."""
    page = source_page(request, source_id, tab="settings")
    source = page["source"]
    where_to_end = _(connector_of(source).where_to_end())
    form = RemoveForm(request.POST or None, name=source.name, label=_("Type the name of the data source"))
    if request.method == "POST" and form.is_valid():
        name = source.name
        try:
            actions.remove(source, by=person_of(request), delete_data=form.cleaned_data["rows"] == "delete")
        except BusyError:
            told = _("The rows of %(name)s can’t be deleted now; that happens when the server starts the next time.")
            messages.error(request, told % {"name": name})
        messages.success(request, _("%(name)s is removed. %(where)s") % {"name": name, "where": where_to_end})
        return redirect("sources:list")
    return render(request, "sources/remove.html", page | {"form": form, "where_to_end": where_to_end})
