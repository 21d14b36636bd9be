"""What can be asked of groups, and which companies a person wants to see of a list: a group's, his own, nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from tieout.portal.groups.models import Group
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Membership, Workspace

MINE, NOBODY = "mine", "nobody"


def groups_of(workspace: Workspace) -> QuerySet[Group]:
    """The groups of a workspace, by name; `companies_count` and `people_count` come with each."""
    return Group.objects.in_workspace(workspace).annotate(
        companies_count=Count("companies", filter=Q(companies__removed_at=None), distinct=True),
        people_count=Count("memberships", filter=Q(memberships__is_limited=True), distinct=True),
    )


def get_group(workspace: Workspace, group_id: int) -> Group:
    """One group of this workspace. Raises Http404 for any other."""
    return get_object_or_404(groups_of(workspace), pk=group_id)


def seen_through(group: Group) -> list[Person]:
    """Who sees a group's companies because they are in it."""
    members = Membership.objects.in_workspace(group.workspace).filter(groups=group, is_limited=True)
    return sorted((one.person for one in members.select_related("person")), key=lambda one: str(one).casefold())


def people_of(workspace: Workspace) -> list[Person]:
    """Who can be responsible for companies: everybody of the workspace who can sign in."""
    members = Membership.objects.in_workspace(workspace).filter(person__is_active=True).select_related("person")
    return sorted((one.person for one in members), key=lambda one: str(one).casefold())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a list is narrowed to. `whose` is empty, "mine", "nobody" or a person's id."""

    person: Person | None
    group: Group | None
    whose: str
    groups: list[Group]  # to choose from
    people: list[Person]  # who is responsible for something
    mine: int  # companies for which `person` is responsible

    @property
    def is_made(self) -> bool:
        return self.group is not None or bool(self.whose)

    @property
    def is_offered(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.groups or self.people)

    def narrow(self, sources: QuerySet[Source]) -> QuerySet[Source]:
        """The chosen ones of some data sources."""
        if self.group is not None:
            sources = sources.filter(groups=self.group)
        if self.whose == NOBODY:
            return sources.filter(responsible=None)
        if self.whose == MINE:
            return sources.filter(responsible=self.person)
        return sources.filter(responsible=int(self.whose)) if self.whose else sources


def choice_of(workspace: Workspace, asked: Mapping[str, str], *, person: Person | None = None) -> Choice:
    """What an address asks for: `group` (its id) and `whose`. What it doesn't know, it ignores."""
    groups = list(Group.objects.in_workspace(workspace))
    named = Source.objects.in_workspace(workspace).exclude(responsible=None).values_list("responsible", flat=True)
    ids = list(named.order_by())
    people = sorted(Person.objects.filter(pk__in=set(ids)), key=lambda one: str(one).casefold())
    known = {MINE, NOBODY, *(str(one.pk) for one in people)} if people else set()
    whose = asked.get("whose", "")
    return Choice(
        person=person,
        group=next((one for one in groups if str(one.pk) == asked.get("group")), None),
        whose=whose if whose in known else "",
        groups=groups,
        people=people,
        mine=sum(one == person.pk for one in ids) if person else 0,
    )
