"""What may happen to groups of companies, and who becomes responsible for which company."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from tieout.portal.groups.models import Group
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Membership, Workspace


@transaction.atomic
def make_group(workspace: Workspace, name: str, *, by: Person) -> Group:
    """Make an empty group. Raises ValueError for a name that is empty or taken."""
    group = Group.objects.create(workspace=workspace, name=_free_name(workspace, name))
    tell(workspace, "group_made", person=by, group=group.name)
    return group


@transaction.atomic
def rename_group(group: Group, name: str, *, by: Person) -> None:
    """Give a group another name; who sees it sees the same companies. Raises ValueError for a name that is taken."""
    before, name = group.name, " ".join(name.split())
    if name == before:
        return
    group.name = _free_name(group.workspace, name)
    group.save(update_fields=["name"])
    tell(group.workspace, "group_renamed", person=by, group=group.name, before=before)


def _free_name(workspace: Workspace, name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValueError(_("A group needs a name."))
    if Group.objects.filter(workspace=workspace, name__iexact=name).exists():
        raise ValueError(_("There is a group %(name)s already.") % {"name": name})
    return name


@transaction.atomic
def remove_group(group: Group, *, by: Person) -> None:
    """End a group. Its companies stay; who saw them through it alone sees them no more."""
    tell(group.workspace, "group_removed", person=by, group=group.name, companies=group.companies.count())
    group.delete()


def put_in(group: Group, sources: Iterable[Source], *, by: Person) -> int:
    """Add companies; who sees the group sees them at once. Returns how many are new in it."""
    fresh = {one for one in sources if one.workspace_id == group.workspace_id}
    return _change(group, add=fresh - _inside(group), by=by)


def take_out(group: Group, sources: Iterable[Source], *, by: Person) -> int:
    """Take companies out of a group. Returns how many left."""
    return _change(group, drop=set(sources) & _inside(group), by=by)


def set_companies(group: Group, sources: Iterable[Source], *, by: Person) -> int:
    """Let a group hold these companies and no others. Returns how many came or left."""
    wanted = {one for one in sources if one.workspace_id == group.workspace_id}
    inside = _inside(group)
    return _change(group, add=wanted - inside, drop=inside - wanted, by=by)


def _inside(group: Group) -> set[Source]:
    # Companies that were removed with their data kept stay members unseen: they come back under their old id.
    return set(group.companies.filter(removed_at=None))


@transaction.atomic
def _change(group: Group, *, add: Collection[Source] = (), drop: Collection[Source] = (), by: Person) -> int:
    if not add and not drop:
        return 0
    group.companies.add(*add)
    group.companies.remove(*drop)
    tell(
        group.workspace,
        "group_changed",
        person=by,
        group=group.name,
        added=len(add),
        removed=len(drop),
        companies=sorted(str(one.pk) for one in (*add, *drop)),
    )
    return len(add) + len(drop)


class DoesNotSeeError(ValueError):
    """A person can't be responsible for a company that he doesn't see. Nothing was changed."""


@transaction.atomic
def make_responsible(workspace: Workspace, sources: Collection[Source], person: Person | None, *, by: Person) -> int:
    """Name who is responsible for some companies; None: nobody. Returns for how many that is new. Raises DoesNotSeeError."""
    if person is not None:
        _must_see(workspace, person, sources)
    changed = [one for one in sources if one.responsible_id != (person.pk if person else None)]
    for source in changed:
        source.responsible = person
        source.save(update_fields=["responsible"])
        tell(workspace, "responsible_changed", person=by, source=source, who=str(person) if person else "")
    return len(changed)


def _must_see(workspace: Workspace, person: Person, sources: Collection[Source]) -> None:
    membership = Membership.objects.filter(workspace=workspace, person=person).first()
    scope = membership.scope() if membership else frozenset()
    unseen = [] if scope is None else [one for one in sources if one.pk not in scope]
    if unseen:
        told = {"name": person, "company": unseen[0].name}
        raise DoesNotSeeError(_("%(name)s does not see %(company)s. An owner decides who sees what.") % told)


@transaction.atomic
def tell_responsible_first(workspace: Workspace, is_first: bool, *, by: Person) -> None:
    """Send messages about a company to its responsible person first, or to all at once again. Again changes nothing."""
    if workspace.responsible_first == is_first:
        return
    workspace.responsible_first = is_first
    workspace.save(update_fields=["responsible_first"])
    tell(workspace, "receivers_responsible_first" if is_first else "receivers_at_once", person=by)
