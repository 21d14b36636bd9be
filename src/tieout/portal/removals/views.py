"""The page *Remove the workspace*, for owners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tieout.portal.removals import actions
from tieout.portal.sources.forms import TypedNameForm
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.models import Membership
from tieout.portal.workspaces.queries import memberships_of, person_of, workspace_of
from tieout.warehouse.base import BusyError


@owner_required
def remove(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, asks for the name, then removes."""
    workspace, person = workspace_of(request), person_of(request)
    form = TypedNameForm(request.POST or None, name=workspace.name, label=_("Type the name of the workspace"))
    if request.method != "POST" or not form.is_valid():
        shown = {
            "form": form,
            "workspace": workspace,
            "companies": Source.objects.in_workspace(workspace).count(),
            "people": Membership.every.in_workspace(workspace).count(),
        }
        return render(request, "removals/workspace.html", shown)
    told = _("%(name)s is removed, with everything in it.")
    try:
        actions.remove_workspace(workspace, by=person)
    except BusyError:
        told = _("%(name)s is closed. Somebody still reads its files: they go when the server starts the next time.")
    messages.success(request, told % {"name": workspace.name})
    return redirect("sources:list" if memberships_of(person).exists() else "people:preferences")
