"""A second factor that a workspace asks of everybody: led to set one up, asked by an owner, reset when it was lost."""

from __future__ import annotations

from smtplib import SMTPException

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tieout.portal.people import emails, queries
from tieout.portal.people.resetting import NotTheirsError, reset_for
from tieout.portal.workspaces.access import NoFactorYetError, require_second_factor
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.queries import chosen_membership, lacks_factor, memberships_of, person_of, workspace_of


@login_required
@require_safe
def needed(request: HttpRequest) -> HttpResponseBase:
    """What a workspace opens to, for who has no second factor yet, and the way there."""
    membership = chosen_membership(request)
    if membership is None or not lacks_factor(membership):
        return redirect("sources:list")
    others = [one.workspace for one in memberships_of(person_of(request)) if one != membership]
    return render(request, "people/factor_needed.html", {"asking": membership.workspace, "others": others})


@owner_required
@require_POST
def require(request: HttpRequest) -> HttpResponse:
    """Ask a second factor of everybody in the workspace, or no longer."""
    is_required = request.POST.get("required") == "yes"
    try:
        require_second_factor(workspace_of(request), is_required, by=person_of(request))
    except NoFactorYetError:
        messages.error(request, _("Set up a second factor of your own first; nothing was changed."))
        return redirect("mfa_index")
    said = _("A second factor is asked of everybody now.") if is_required else _("A second factor is optional now.")
    messages.success(request, said)
    return redirect("people:people")


@owner_required
@require_POST
def reset(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take away somebody's lost second factor; an e-mail tells them."""
    member = queries.get_member(workspace_of(request), membership_id)
    try:
        reset_for(member, by=person_of(request))
    except NotTheirsError as error:
        messages.error(request, str(error))
        return redirect("people:member", member.pk)
    messages.success(request, _("%(name)s signs in by password alone now.") % {"name": member.person})
    try:
        emails.factor_reset(member.person, by=person_of(request))
    except (OSError, SMTPException):
        messages.error(
            request, _("The mail server did not take the e-mail. Tell %(name)s yourself.") % {"name": member.person}
        )
    return redirect("people:member", member.pk)
