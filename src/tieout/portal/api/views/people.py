"""People of the workspace, invitations, and whose token it is."""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.portal.api.access import caller_of
from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import checked, conflict, invalid
from tieout.portal.api.shapes import people as shapes
from tieout.portal.groups.models import Group
from tieout.portal.letters import address
from tieout.portal.people import actions, emails, queries
from tieout.portal.people.actions import FreshInvitation
from tieout.portal.people.forms import InviteForm
from tieout.portal.people.models import Invitation
from tieout.portal.people.team import last_owner_sentence
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.access import set_until
from tieout.portal.workspaces.actions import LastOwnerError, change_role, limit_to, remove_member
from tieout.portal.workspaces.decorators import must_own
from tieout.portal.workspaces.models import Membership
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of

router = Router(tags=["People"])


@router.get("/me", response=shapes.Me)
def me(request: HttpRequest) -> Any:
    """Whose token this is, what it may, and until when."""
    caller, membership = caller_of(request), membership_of(request)
    return {
        "token": caller.token.name,
        "scope": caller.token.scope,
        "expires_at": caller.token.expires_at,
        "person": membership.person.pk,
        "email": membership.person.email,
        "role": membership.role,
        "workspace": caller.workspace.name,
        "companies": None if caller.workspace.companies is None else sorted(caller.workspace.companies),
    }


@router.get("/people", response=shapes.People)
def list_people(request: HttpRequest, page: Query[Place]) -> Any:
    """Everybody of the workspace. For owners."""
    must_own(request)
    members = Membership.every.in_workspace(workspace_of(request)).select_related("person")
    return paged(members, page, shape, by=("id",))


@router.patch("/people/{int:person_id}", response=shapes.Person)
def change(request: HttpRequest, person_id: int, asked: shapes.PersonChange) -> Any:
    """Another role, another end of access, or other companies. For owners."""
    must_own(request)
    member, by = member_of(request, person_id), person_of(request)
    try:
        with transaction.atomic():
            if asked.role:
                change_role(member, asked.role, by=by)
            if "until" in asked.model_fields_set:
                set_until(member, asked.until, by=by)
            if asked.all_companies:
                limit_to(member, None, by=by)
            elif asked.companies is not None or asked.groups is not None:
                companies, groups = _chosen(request, asked.companies or (), asked.groups or ())
                limit_to(member, companies, groups=groups, by=by)
    except LastOwnerError as error:
        raise conflict("last-owner", last_owner_sentence()) from error
    except ValueError as error:
        raise conflict("owner-has-all", str(error)) from error
    return shape(member)


@router.delete("/people/{int:person_id}", response={204: None})
def remove(request: HttpRequest, person_id: int) -> Any:
    """Take somebody out of the workspace. For owners."""
    must_own(request)
    try:
        remove_member(member_of(request, person_id), by=person_of(request))
    except LastOwnerError as error:
        raise conflict("last-owner", last_owner_sentence()) from error
    return Status(204, None)


@router.get("/invitations", response=shapes.Invitations)
def list_invitations(request: HttpRequest, page: Query[Place]) -> Any:
    """Invitations that nobody has used, newest first. For owners."""
    must_own(request)
    return paged(queries.invitations_of(workspace_of(request)), page, _invitation, by=("-made_at", "-id"))


@router.post("/invitations", response={201: shapes.Invitation})
def invite(request: HttpRequest, response: HttpResponse, asked: shapes.NewInvitation) -> Any:
    """Invite somebody by e-mail for seven days; an earlier invitation of the address ends. For owners."""
    must_own(request)
    _chosen(request, asked.companies, asked.groups)
    wishes = checked(InviteForm(asked.dict(), workspace=workspace_of(request)))
    try:
        fresh = actions.invite_person(workspace_of(request), **wishes, by=person_of(request))
    except ValueError as error:
        raise conflict("not-invited", str(error)) from error
    told = {"is_sent": _is_sent(request, fresh), "address": address(reverse("people:welcome", args=[fresh.token]))}
    return Status(201, _invitation(fresh.invitation) | told)


def _is_sent(request: HttpRequest, fresh: FreshInvitation) -> bool:
    try:
        emails.invitation(fresh, by=person_of(request))
    except (OSError, SMTPException):
        return False
    return True


@router.delete("/invitations/{int:invitation_id}", response={204: None})
def withdraw_invitation(request: HttpRequest, invitation_id: int) -> Any:
    """End an invitation. For owners."""
    must_own(request)
    actions.withdraw(queries.get_invitation(workspace_of(request), invitation_id), by=person_of(request))
    return Status(204, None)


def member_of(request: HttpRequest, person_id: int) -> Membership:
    """Somebody of the workspace. Raises Http404."""
    return queries.get_member_of_person(workspace_of(request), person_id)


def _chosen(request: HttpRequest, companies: Sequence[UUID], groups: Sequence[int]) -> tuple[list[Source], list[Group]]:
    """The named companies and groups. Raises Problem where one is not of this workspace."""
    workspace = workspace_of(request)
    some = list(Source.objects.in_workspace(workspace).filter(pk__in=companies))
    several = list(Group.objects.in_workspace(workspace).filter(pk__in=groups))
    if len(some) != len(set(companies)):
        raise invalid([("companies", _("Not all of these are data sources of this workspace."))])
    if len(several) != len(set(groups)):
        raise invalid([("groups", _("Not all of these are groups of this workspace."))])
    return some, several


def shape(member: Membership) -> dict[str, Any]:
    """A member as the API tells it."""
    is_all = not member.is_limited
    return {
        "person": member.person_id,
        "name": member.person.name,
        "email": member.person.email,
        "role": member.role,
        "is_active": member.person.is_active and not member.has_ended,
        "until": member.until,
        "companies": None if is_all else sorted(member.companies.values_list("pk", flat=True)),
        "groups": None if is_all else sorted(member.groups.values_list("pk", flat=True)),
    }


def _invitation(invitation: Invitation) -> dict[str, Any]:
    names = ("email", "role", "is_limited", "until", "made_at", "expires_at")
    return {"invitation": invitation.pk} | {name: getattr(invitation, name) for name in names}
