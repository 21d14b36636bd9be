"""What can be asked of the people of a workspace: who is in it, who is invited, what happened lately."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from tieout.portal.people.factors import has_second_factor
from tieout.portal.people.models import Invitation
from tieout.portal.workspaces.models import Happening, Membership, Role, Workspace
from tieout.portal.workspaces.queries import happenings_of, other_owners

KINDS = (
    "person_added",
    "person_invited",
    "person_removed",
    "invitation_withdrawn",
    "role_changed",
    "companies_changed",
    "access_changed",
    "person_deactivated",
    "person_reactivated",
)


def members_of(workspace: Workspace) -> list[Membership]:
    """Everybody of a workspace, also whose access has ended: owners, administrators, readers, each by name."""
    every = Membership.every.in_workspace(workspace).select_related("person", "workspace")
    order = list(Role)
    return sorted(every, key=lambda one: (order.index(Role(one.role)), str(one.person).casefold()))


def without_factor(workspace: Workspace) -> list[Membership]:
    """Who would be led to set up a second factor if the workspace asked for one."""
    return [one for one in members_of(workspace) if not one.has_ended and not has_second_factor(one.person)]


def get_member(workspace: Workspace, membership_id: int) -> Membership:
    """One membership of this workspace. Raises Http404 for any other."""
    return get_object_or_404(
        Membership.every.in_workspace(workspace).select_related("person", "workspace"), pk=membership_id
    )


def get_member_of_person(workspace: Workspace, person_id: int) -> Membership:
    """A person's membership of this workspace. Raises Http404 for somebody else."""
    members = Membership.every.in_workspace(workspace).select_related("person", "workspace")
    return get_object_or_404(members, person_id=person_id)


def is_last_owner(membership: Membership) -> bool:
    """Whether nobody else could let people in."""
    return membership.role == Role.OWNER and not other_owners(membership).exists()


def invitations_of(workspace: Workspace) -> QuerySet[Invitation]:
    """Invitations by e-mail that nobody has used, newest first; those whose time is over too."""
    waiting = Invitation.objects.in_workspace(workspace).filter(used_at=None).exclude(email="")
    return waiting.select_related("invited_by", "workspace")


def get_invitation(workspace: Workspace, invitation_id: int) -> Invitation:
    """One unused invitation of this workspace. Raises Http404 for any other."""
    return get_object_or_404(invitations_of(workspace), pk=invitation_id)


def lately(workspace: Workspace, *, since: datetime) -> QuerySet[Happening]:
    """Who came, went, or got another role, newest first."""
    return happenings_of(workspace).filter(kind__in=KINDS, at__gte=since)
