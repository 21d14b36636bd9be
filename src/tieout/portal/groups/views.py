"""Pages of groups, and what is done to several companies of the list at once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tieout.portal.groups import actions, queries
from tieout.portal.groups.forms import GroupForm, NameForm
from tieout.portal.people.models import Person
from tieout.portal.sources.listing import listing_of
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.decorators import administrator_required, whole_workspace_required
from tieout.portal.workspaces.queries import person_of, workspace_of

KEPT = ("status", "q", "sort", "group", "whose")  # what the list's address keeps


@whole_workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponseBase:
    """All groups of the workspace, and the form that makes one more."""
    workspace = workspace_of(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = actions.make_group(workspace, form.cleaned_data["name"], by=person_of(request))
        except ValueError as error:
            form.add_error("name", str(error))
        else:
            return redirect("groups:group", group.pk)
    return render(request, "groups/groups.html", {"groups": queries.groups_of(workspace), "form": form})


@whole_workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, group_id: int) -> HttpResponseBase:
    """One group: its name, and which companies are in it."""
    group, by = queries.get_group(workspace_of(request), group_id), person_of(request)
    form = GroupForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_group(group, form.cleaned_data["name"], by=by)
        except ValueError as error:
            form.add_error("name", str(error))
        else:
            actions.set_companies(group, form.cleaned_data["companies"], by=by)
            messages.success(request, _("%(name)s is saved.") % {"name": group.name})
            return redirect("groups:groups")
    return render(request, "groups/group.html", {"group": group, "form": form, "seeing": queries.seen_through(group)})


@whole_workspace_required
@require_POST
def remove(request: HttpRequest, group_id: int) -> HttpResponse:
    """End a group; its companies stay."""
    group = queries.get_group(workspace_of(request), group_id)
    actions.remove_group(group, by=person_of(request))
    messages.success(request, _("The group %(name)s is gone. Its companies stay.") % {"name": group.name})
    return redirect("groups:groups")


@administrator_required
@require_POST
def several(request: HttpRequest) -> HttpResponseBase:
    """Do one thing to the companies that were ticked in the list, or to all that it showed."""
    sources = _chosen(request)
    if not sources:
        messages.error(request, _("No company was ticked. Nothing was changed."))
        return _back(request)
    if request.POST.get("act") == "responsible":
        _make_responsible(request, sources)
        return _back(request)
    return _change_group(request, sources)


def _chosen(request: HttpRequest) -> list[Source]:
    """The ticked ones, or all that the list's filters let through, on whichever page."""
    workspace = workspace_of(request)
    if "all" in request.POST:
        return listing_of(workspace, request.POST.dict(), person=person_of(request)).matching
    ids = [one for one in request.POST.getlist("source") if _is_id(one)]
    return list(Source.objects.in_workspace(workspace).filter(pk__in=ids))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _make_responsible(request: HttpRequest, sources: Sequence[Source]) -> None:
    workspace, chosen = workspace_of(request), request.POST.get("responsible", "")
    people = {str(one.pk): one for one in queries.people_of(workspace)}
    person: Person | None = people.get(chosen)
    if person is None and chosen != queries.NOBODY:
        messages.error(request, _("Choose a person first. Nothing was changed."))
        return
    try:
        actions.make_responsible(workspace, sources, person, by=person_of(request))
    except actions.DoesNotSeeError as error:
        messages.error(request, str(error))
        return
    told = {"n": len(sources), "who": person or _("Nobody")}
    sentence = ngettext(
        "%(who)s: responsible for %(n)s company.", "%(who)s: responsible for %(n)s companies.", len(sources)
    )
    messages.success(request, sentence % told)


@whole_workspace_required
def _change_group(request: HttpRequest, sources: Sequence[Source]) -> HttpResponse:
    chosen = request.POST.get("to_group", "")
    if not chosen.isdecimal():
        messages.error(request, _("Choose a group first. Nothing was changed."))
        return _back(request)
    group = queries.get_group(workspace_of(request), int(chosen))
    act = actions.take_out if request.POST.get("act") == "take" else actions.put_in
    changed = act(group, sources, by=person_of(request))
    if act is actions.put_in:
        told = ngettext("%(n)s company added to %(group)s.", "%(n)s companies added to %(group)s.", changed)
    else:
        told = ngettext("%(n)s company taken out of %(group)s.", "%(n)s companies taken out of %(group)s.", changed)
    messages.success(request, told % {"n": changed, "group": group.name})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was, still choosing."""
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    return redirect(f"{reverse('sources:list')}?{urlencode(kept | {'several': '1'})}")


@administrator_required
@require_POST
def responsible(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Who is responsible for one company."""
    source = get_object_or_404(Source.objects.in_workspace(workspace_of(request)), pk=source_id)
    _make_responsible(request, [source])
    return redirect("sources:settings", source.pk)


@whole_workspace_required
@require_POST
def messages_first(request: HttpRequest) -> HttpResponse:
    """Whether messages about a company go to its responsible person first."""
    actions.tell_responsible_first(workspace_of(request), "responsible_first" in request.POST, by=person_of(request))
    messages.success(request, _("Who is told is saved."))
    return redirect("alerts:who")
