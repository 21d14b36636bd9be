"""Groups of companies. For those who look after all of them, as on their page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import conflict, invalid
from tieout.portal.api.shapes import people as shapes
from tieout.portal.groups import actions, queries
from tieout.portal.groups.models import Group
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.decorators import must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Groups"])


@router.get("", response=shapes.Groups)
def list_groups(request: HttpRequest, page: Query[Place]) -> Any:
    """All groups."""
    must_look_after_all(request)
    return paged(queries.groups_of(workspace_of(request)), page, _shape, by=("id",))


@router.post("", response={201: shapes.Group})
def make(request: HttpRequest, asked: shapes.NewGroup) -> Any:
    """Make a group."""
    must_look_after_all(request)
    with transaction.atomic():
        group = _named(lambda: actions.make_group(workspace_of(request), asked.name, by=person_of(request)))
        actions.set_companies(group, _companies(request, asked.companies), by=person_of(request))
    return Status(201, _shape(group))


@router.patch("/{int:group_id}", response=shapes.Group)
def change(request: HttpRequest, group_id: int, asked: shapes.GroupChange) -> Any:
    """Another name, or exactly these companies."""
    must_look_after_all(request)
    group, by = queries.get_group(workspace_of(request), group_id), person_of(request)
    with transaction.atomic():
        if asked.name is not None:
            name = asked.name
            _named(lambda: actions.rename_group(group, name, by=by))
        if asked.companies is not None:
            actions.set_companies(group, _companies(request, asked.companies), by=by)
    return _shape(group)


@router.delete("/{int:group_id}", response={204: None})
def remove(request: HttpRequest, group_id: int) -> Any:
    """End a group; its companies stay."""
    must_look_after_all(request)
    actions.remove_group(queries.get_group(workspace_of(request), group_id), by=person_of(request))
    return Status(204, None)


def _named(act: Any) -> Any:
    try:
        return act()
    except ValueError as error:
        raise conflict("name-taken", str(error)) from error


def _companies(request: HttpRequest, ids: Sequence[UUID]) -> list[Source]:
    found = list(Source.objects.in_workspace(workspace_of(request)).filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise invalid([("companies", _("Not all of these are data sources of this workspace."))])
    return found


def _shape(group: Group) -> dict[str, Any]:
    return {
        "group": group.pk,
        "name": group.name,
        "companies": sorted(group.companies.filter(removed_at=None).values_list("pk", flat=True)),
    }
