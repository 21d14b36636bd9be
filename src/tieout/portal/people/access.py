"""A member's own page, for owners: how long access lasts, and what is left to take over when it ends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tieout.portal.people import deactivation, queries
from tieout.portal.people.factors import has_any
from tieout.portal.people.forms import AccessForm
from tieout.portal.people.team import last_owner_sentence
from tieout.portal.workspaces.access import set_until
from tieout.portal.workspaces.actions import LastOwnerError
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.models import Membership
from tieout.portal.workspaces.queries import person_of, workspace_of


@owner_required
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, membership_id: int) -> HttpResponseBase:
    """How long somebody has access."""
    found = queries.get_member(workspace_of(request), membership_id)
    form = AccessForm(request.POST or None, initial={"until": found.until})
    if request.method == "POST" and form.is_valid():
        try:
            set_until(found, form.cleaned_data["until"], by=person_of(request))
        except LastOwnerError:
            form.add_error("until", last_owner_sentence())
        else:
            messages.success(request, _("How long %(name)s has access is saved.") % {"name": found.person})
            return redirect("people:people")
    return _page(request, found, form)


@owner_required
@require_POST
def deactivate(request: HttpRequest, membership_id: int) -> HttpResponse:
    """End somebody's access at once; their page then lists what is left to take over."""
    found = queries.get_member(workspace_of(request), membership_id)
    try:
        deactivation.deactivate(found, by=person_of(request))
    except LastOwnerError:
        messages.error(request, last_owner_sentence())
    else:
        messages.success(request, _("%(name)s is deactivated.") % {"name": found.person})
    return redirect("sources:list") if found.person == request.user else redirect("people:member", found.pk)


@owner_required
@require_POST
def reactivate(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Give access back."""
    found = queries.get_member(workspace_of(request), membership_id)
    deactivation.reactivate(found, by=person_of(request))
    messages.success(request, _("%(name)s has access again.") % {"name": found.person})
    return redirect("people:member", found.pk)


def _page(request: HttpRequest, found: Membership, form: AccessForm) -> HttpResponse:
    told: dict[str, Any] = {"member": found, "form": form, "is_last_owner": queries.is_last_owner(found)}
    told["has_factor"] = has_any(found.person)
    told["left"] = deactivation.left_of(found)
    return render(request, "people/member.html", told)
