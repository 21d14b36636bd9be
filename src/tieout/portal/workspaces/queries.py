"""Which workspace a request is about, and who its person is there."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tieout.portal.people.factors import has_second_factor
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import ADMINISTRATING, Happening, Membership, Role, Workspace

SESSION_KEY = "workspace"
_CACHE = "_tieout_membership"


def person_of(request: HttpRequest) -> Person:
    """Who is signed in. Raises PermissionDenied for nobody."""
    if isinstance(request.user, Person):
        return request.user
    raise PermissionDenied


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The person's workspaces, by name."""
    # Not of one workspace: this is how one is chosen.
    return Membership.objects.filter(person=person).select_related("workspace", "person").order_by("workspace__name")


class SecondFactorNeededError(PermissionDenied):
    """The workspace opens to who has a second factor only. The person is led to set one up (`errors.not_allowed`)."""


def chosen_membership(request: HttpRequest) -> Membership | None:
    """The person's role in the workspace that was chosen last, else in the first one, whether or not it may be opened now."""
    every = list(memberships_of(person_of(request)))
    chosen = request.session.get(SESSION_KEY)
    return next((one for one in every if one.workspace_id == chosen), every[0] if every else None)


def membership_of(request: HttpRequest) -> Membership:
    """Who the person of a request is in its workspace. Raises PermissionDenied if in none, SecondFactorNeededError."""
    known: Membership | None = getattr(request, _CACHE, None)
    if known is None:
        known = chosen_membership(request)
        if known is None:
            raise PermissionDenied(_("You belong to no workspace yet. Ask an owner to let you in."))
        if lacks_factor(known):
            raise SecondFactorNeededError
        known.workspace.companies = known.scope()
        setattr(request, _CACHE, known)
    return known


def lacks_factor(membership: Membership) -> bool:
    """Whether the workspace asks for a second factor that this person has not."""
    return membership.workspace.requires_second_factor and not has_second_factor(membership.person)


def be_member(request: HttpRequest, membership: Membership) -> None:
    """Say whose request this is where no session tells it: a token does. `membership.workspace` is narrowed already."""
    request.user = membership.person
    setattr(request, _CACHE, membership)


def workspace_of(request: HttpRequest) -> Workspace:
    """The workspace a request is about. Raises PermissionDenied."""
    return membership_of(request).workspace


def other_owners(membership: Membership) -> QuerySet[Membership]:
    """Owners besides this one who can sign in and whose access has no end: who could let people in."""
    owners = Membership.objects.in_workspace(membership.workspace).filter(role=Role.OWNER, until=None)
    return owners.filter(person__is_active=True).exclude(pk=membership.pk)


def administrators_of(workspace: Workspace, *, source_id: UUID | None = None) -> QuerySet[Person]:
    """Who gets receipts: owners and administrators; of what is about one company those who may see it, else those of all."""
    about_it = Membership.objects.in_workspace(workspace).filter(role__in=ADMINISTRATING).seeing(source_id)
    return Person.objects.filter(memberships__in=about_it, is_active=True).distinct().order_by("email")


def happenings_of(workspace: Workspace, *, source_id: UUID | None = None) -> QuerySet[Happening]:
    """What people did, newest first; of one data source if named."""
    every = Happening.objects.in_workspace(workspace).select_related("person")
    return every.filter(source_id=source_id) if source_id else every
