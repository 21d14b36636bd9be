"""What may happen to saved questions. Who saved one changes it; an administrator takes away one that is shared."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tieout.portal.explorer.models import LONGEST_NAME, SavedQuery
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.asking.statement import LONGEST


def get_saved(workspace: Workspace, person: Person, query_id: UUID) -> SavedQuery:
    """A question that the person sees. Raises Http404 for any other."""
    return get_object_or_404(SavedQuery.objects.seen_by(person, workspace).select_related("saved_by"), pk=query_id)


def save(workspace: Workspace, person: Person, *, name: str, sql: str, is_shared: bool) -> SavedQuery:
    """Keep a question; one that the person has under the name gets the new text. Raises ValueError."""
    if not sql.strip() or len(sql) > LONGEST:
        raise ValueError(_("There is no question yet. Write a SELECT."))
    told = {"sql": sql, "is_shared": is_shared, "saved_at": datetime.now(UTC)}
    made, _made = SavedQuery.objects.update_or_create(
        workspace=workspace, saved_by=person, name=_named(name), defaults=told
    )
    return made


def change(query: SavedQuery, person: Person, *, name: str, is_shared: bool) -> None:
    """Rename, share or keep to oneself. Raises ValueError for a name that is taken or none, PermissionDenied."""
    if query.saved_by_id != person.pk:
        raise PermissionDenied
    name = _named(name)
    same = SavedQuery.objects.filter(workspace=query.workspace, saved_by=person, name=name).exclude(pk=query.pk)
    if same.exists():
        raise ValueError(_("You have a question called %(name)s already.") % {"name": name})
    query.name, query.is_shared = name, is_shared
    query.save(update_fields=["name", "is_shared"])


def remove(query: SavedQuery, person: Person, *, administers: bool) -> None:
    """Take it away. Raises PermissionDenied."""
    if query.saved_by_id != person.pk and not administers:
        raise PermissionDenied
    query.delete()


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ValueError(_("A question needs a name of at most %(n)s characters.") % {"n": LONGEST_NAME})
    return name
