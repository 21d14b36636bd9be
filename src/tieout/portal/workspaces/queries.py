"""Which workspace a request is about, and who its person is there."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

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
    return Membership.objects.filter(person=person).select_related("workspace").order_by("workspace__name")


def membership_of(request: HttpRequest) -> Membership:
    """The person's role in the workspace that was chosen last, else in the first one. Raises PermissionDenied if in none."""
    known = getattr(request, _CACHE, None)
    if known is None:
        every = list(memberships_of(person_of(request)))
        chosen = request.session.get(SESSION_KEY)
        known = next((one for one in every if one.workspace_id == chosen), every[0] if every else None)
        if known is None:
            raise PermissionDenied(_("You belong to no workspace yet. Ask an owner to let you in."))
        known.workspace.companies = known.scope()
        setattr(request, _CACHE, known)
    return known


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
