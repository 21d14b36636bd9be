"""What may happen to workspaces: made, joined, and told about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tieout.portal.audits.actions import record
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.models import Happening, Membership, Role, Workspace
from tieout.portal.workspaces.queries import other_owners

if TYPE_CHECKING:
    from tieout.portal.groups.models import Group
    from tieout.portal.sources.models import Source

NORWEGIAN_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "ae", "Ø": "o", "Å": "a"})
SLUG_LENGTH = 40


def create_workspace(name: str) -> Workspace:
    """Make a workspace. Its slug names its files: small letters, digits and hyphens. Raises ValueError if the name is taken."""
    name = " ".join(name.split())
    if not name:
        raise ValueError("A workspace needs a name.")
    with transaction.atomic():
        if Workspace.objects.filter(name=name).exists():
            raise ValueError(f"There is a workspace {name} already.")
        return Workspace.objects.create(name=name, slug=_free_slug(name))


def _free_slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(NORWEGIAN_LETTERS)).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number = 2
    free = slug
    while free in taken:
        free = f"{slug}-{number}"
        number += 1
    return free


def give_role(workspace: Workspace, person: Person, role: str) -> Membership:
    """Let a person into a workspace, again if access had ended, or change the role there.

    Raises ValueError for a role that doesn't exist.
    """
    membership, _made = Membership.every.update_or_create(
        workspace=workspace, person=person, defaults={"role": Role(role), "until": None, "deactivated_at": None}
    )
    return membership


class LastOwnerError(ValueError):
    """A workspace keeps an owner, else nobody could let people in. Nothing was changed."""


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: Person) -> None:
    """Give a member another role. Raises LastOwnerError, or ValueError for a role that doesn't exist."""
    new = Role(role)
    membership.refresh_from_db(fields=["role"])
    if new == membership.role:
        return
    if membership.role == Role.OWNER:
        keep_an_owner(membership)
    membership.role = new
    membership.save(update_fields=["role"])
    if new is Role.OWNER and membership.is_limited:
        limit_to(membership, None, by=by)
    tell(membership.workspace, "role_changed", person=by, who=str(membership.person), role=new.value)


@transaction.atomic
def remove_member(membership: Membership, *, by: Person) -> None:
    """End a membership; the next page the person opens is refused. The account, and what it did, stay. Raises LastOwnerError."""
    if membership.role == Role.OWNER:
        keep_an_owner(membership)
    tell(membership.workspace, "person_removed", person=by, who=str(membership.person), email=membership.person.email)
    end_invitations(membership)
    _hand_back(membership, but=frozenset())
    membership.delete()


@transaction.atomic
def limit_to(
    membership: Membership, companies: Sequence[Source] | None, *, groups: Sequence[Group] = (), by: Person
) -> None:
    """Let a member see some companies of the workspace only, and those of some groups; None: all.

    Raises ValueError for an owner, who has all.
    """
    if membership.role == Role.OWNER and companies is not None:
        raise ValueError(_("An owner looks after all companies. Give another role first."))
    membership.is_limited = companies is not None
    membership.save(update_fields=["is_limited"])
    membership.companies.set(companies or ())
    membership.groups.set(groups if companies is not None else ())
    _hand_back(membership, but=membership.scope())
    tell(
        membership.workspace,
        "companies_changed",
        person=by,
        who=str(membership.person),
        is_limited=membership.is_limited,
        companies=[str(one.pk) for one in companies or ()],
        groups=[one.name for one in groups],
    )


def end_invitations(membership: Membership) -> None:
    """An earlier link that was never used must not lead back in."""
    Invitation.objects.in_workspace(membership.workspace).filter(email=membership.person.email, used_at=None).delete()


def _hand_back(membership: Membership, *, but: frozenset[UUID] | None) -> None:
    """Companies that somebody sees no more have no responsible person any more. `but`: those still seen; None: all."""
    if but is not None:
        own = membership.workspace.sources.filter(responsible=membership.person)
        own.exclude(pk__in=but).update(responsible=None)


def keep_an_owner(leaving: Membership) -> None:
    """Raises LastOwnerError where no other owner's access lasts."""
    # Writers have their turns (transactions begin IMMEDIATE), so two owners can't both go at once.
    if not other_owners(leaving).exists():
        raise LastOwnerError


def tell(
    workspace: Workspace, kind: str, *, person: Person | None = None, source: Source | None = None, **facts: Any
) -> Happening:
    """Store that something happened, in the history and in the audit log. `facts` are JSON values, never a secret."""
    record(workspace, kind, person=person, source_id=source.pk if source else None, **facts)
    return Happening.objects.create(
        workspace=workspace,
        kind=kind,
        at=datetime.now(UTC),
        person=person,
        source_id=source.pk if source else None,
        facts=facts,
    )
