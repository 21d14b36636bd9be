"""Questions in SQL that people saved. Asking one is `POST /queries` with its text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import conflict, invalid
from tieout.portal.api.shapes import saved as shapes
from tieout.portal.explorer import saved
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of

router = Router(tags=["Tables"])


@router.get("", response=shapes.SavedQueries)
def list_saved(request: HttpRequest, page: Query[Place]) -> Any:
    """The person's own questions and those that others share, by name."""
    found = SavedQuery.objects.seen_by(person_of(request), workspace_of(request))
    return paged(found, page, _shape, by=("name", "id"))


@router.post("", response={201: shapes.SavedQuery})
def save(request: HttpRequest, response: HttpResponse, asked: shapes.NewSavedQuery) -> Any:
    """Keep a question under a name."""
    try:
        made = saved.save(workspace_of(request), person_of(request), **asked.dict())
    except ValueError as error:
        raise invalid([("name" if asked.sql.strip() else "sql", str(error))]) from error
    response["Location"] = f"/api/v1/saved-queries/{made.pk}"
    return Status(201, _shape(made))


@router.get("/{uuid:saved_query_id}", response=shapes.SavedQuery)
def get(request: HttpRequest, saved_query_id: UUID) -> Any:
    """One saved question."""
    return _shape(saved.get_saved(workspace_of(request), person_of(request), saved_query_id))


@router.patch("/{uuid:saved_query_id}", response=shapes.SavedQuery)
def change(request: HttpRequest, saved_query_id: UUID, asked: shapes.SavedQueryChange) -> Any:
    """Rename it, share it, or keep it to oneself. For who saved it."""
    person = person_of(request)
    found = saved.get_saved(workspace_of(request), person, saved_query_id)
    is_shared = found.is_shared if asked.is_shared is None else asked.is_shared
    try:
        saved.change(found, person, name=asked.name or found.name, is_shared=is_shared)
    except ValueError as error:
        raise conflict("name-taken", str(error)) from error
    return _shape(found)


@router.delete("/{uuid:saved_query_id}", response={204: None})
def remove(request: HttpRequest, saved_query_id: UUID) -> Any:
    """Take it away. For who saved it, and administrators."""
    person = person_of(request)
    found = saved.get_saved(workspace_of(request), person, saved_query_id)
    saved.remove(found, person, administers=membership_of(request).can_administer)
    return Status(204, None)


def _shape(query: SavedQuery) -> dict[str, Any]:
    told = {name: getattr(query, name) for name in ("name", "sql", "is_shared", "saved_at")}
    return told | {"saved_query": query.pk, "saved_by": query.saved_by_id}
