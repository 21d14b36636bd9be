"""What may happen to workspaces: made, joined, and told about."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Happening, Membership, Role, Workspace

if TYPE_CHECKING:
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
    """Let a person into a workspace, or change the role there. Raises ValueError for a role that doesn't exist."""
    membership, _made = Membership.objects.update_or_create(
        workspace=workspace, person=person, defaults={"role": Role(role)}
    )
    return membership


def tell(
    workspace: Workspace, kind: str, *, person: Person | None = None, source: Source | None = None, **facts: Any
) -> Happening:
    """Store that something happened. `facts` are JSON values, never a secret."""
    return Happening.objects.create(
        workspace=workspace,
        kind=kind,
        at=datetime.now(UTC),
        person=person,
        source_id=source.pk if source else None,
        facts=facts,
    )
