"""The page *People*, for owners: who is in the workspace, with which role; inviting, changing, removing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tieout.portal import shown_once
from tieout.portal.encryption import Place
from tieout.portal.letters import address
from tieout.portal.people import actions, emails, queries
from tieout.portal.people.actions import FreshInvitation
from tieout.portal.people.forms import CompaniesForm, InviteForm
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.actions import LastOwnerError, limit_to, remove_member
from tieout.portal.workspaces.actions import change_role as give_another_role
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.models import Role
from tieout.portal.workspaces.queries import person_of, workspace_of

LATELY = timedelta(days=90)
LATEST = 10


@owner_required
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponseBase:
    """Everybody of the workspace, and the form that invites one more."""
    form = InviteForm(request.POST or None, workspace=workspace_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            fresh = actions.invite_person(workspace_of(request), **form.cleaned_data, by=person_of(request))
        except ValueError as error:
            form.add_error("email", str(error))
        else:
            _send(request, fresh)
            return redirect("people:people")
    return render(request, "people/people.html", _page(request) | {"form": form})


def _page(request: HttpRequest) -> dict[str, Any]:
    workspace, now = workspace_of(request), datetime.now(UTC)
    invitations = list(queries.invitations_of(workspace))
    fresh = [(one, token) for one in invitations if (token := shown_once.take(request, _place(one)))]
    return {
        "members": [(one, queries.is_last_owner(one)) for one in queries.members_of(workspace)],
        "invitations": [(one, one.expires_at <= now) for one in invitations],
        "fresh": [(one, address(reverse("people:welcome", args=[token]))) for one, token in fresh],
        "roles": Role.choices,
        "without_factor": [str(one.person) for one in queries.without_factor(workspace)],
        "lately": queries.lately(workspace, since=now - LATELY)[:LATEST],
    }


@owner_required
@require_POST
def invite_again(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A new link for the same address; the earlier one ends."""
    old = queries.get_invitation(workspace_of(request), invitation_id)
    try:
        fresh = actions.invite_person(
            old.workspace,
            email=old.email,
            role=old.role,
            by=person_of(request),
            companies=list(old.companies.all()),
            groups=list(old.groups.all()),
            is_limited=old.is_limited,
            until=old.until,
        )
    except ValueError as error:
        messages.error(request, str(error))
    else:
        _send(request, fresh)
    return redirect("people:people")


def _send(request: HttpRequest, fresh: FreshInvitation) -> None:
    shown_once.remember(request, fresh.token, _place(fresh.invitation))
    try:
        emails.invitation(fresh, by=person_of(request))
    except (OSError, SMTPException):
        messages.error(request, _("The mail server did not take the e-mail. Copy the link and send it yourself."))
    else:
        messages.success(request, _("The e-mail is sent to %(to)s.") % {"to": fresh.invitation.email})


def _place(invitation: Invitation) -> Place:
    return Place(str(invitation.workspace_id), f"invitation:{invitation.pk}", "token")


@owner_required
@require_POST
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """End an invitation."""
    invitation = queries.get_invitation(workspace_of(request), invitation_id)
    actions.withdraw(invitation, by=person_of(request))
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("people:people")


@owner_required
@require_POST
def change_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Another role for somebody. Owners who make themselves less are shown what they still may see."""
    member = queries.get_member(workspace_of(request), membership_id)
    role = request.POST.get("role", "")
    try:
        give_another_role(member, role, by=person_of(request))
    except LastOwnerError:
        messages.error(request, last_owner_sentence())
    except ValueError:
        messages.error(request, _("There is no such role."))
    else:
        told = {"name": member.person, "role": Role(role).label}
        messages.success(request, _("%(name)s now has the role %(role)s.") % told)
    return _back(request, member.person)


@owner_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, membership_id: int) -> HttpResponseBase:
    """Asks once more, then takes somebody out of the workspace."""
    member = queries.get_member(workspace_of(request), membership_id)
    if request.method != "POST":
        return render(request, "people/remove.html", {"member": member, "is_last_owner": queries.is_last_owner(member)})
    try:
        remove_member(member, by=person_of(request))
    except LastOwnerError:
        messages.error(request, last_owner_sentence())
    else:
        messages.success(request, _("%(name)s is no longer in this workspace.") % {"name": member.person})
    return _back(request, member.person)


@owner_required
@require_http_methods(["GET", "HEAD", "POST"])
def companies(request: HttpRequest, membership_id: int) -> HttpResponseBase:
    """Which companies somebody sees: all, or those chosen."""
    workspace = workspace_of(request)
    member = queries.get_member(workspace, membership_id)
    form = CompaniesForm(request.POST or None, workspace=workspace, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            limit_to(member, form.chosen, groups=form.cleaned_data["groups"], by=person_of(request))
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("What %(name)s sees is saved.") % {"name": member.person})
            return redirect("people:people")
    return render(request, "people/companies.html", {"form": form, "member": member})


def last_owner_sentence() -> str:
    """Why the last owner stays one."""
    return _("A workspace needs an owner. Make somebody else an owner first.")


def _back(request: HttpRequest, touched: Person) -> HttpResponse:
    is_oneself = touched == person_of(request)
    return redirect("sources:list" if is_oneself else "people:people")
