"""Questions in SQL, as on the page *SQL*: answered in a process of its own on the published copy, within its limits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from tieout.portal.api.cursors import Place, place_of, write
from tieout.portal.api.problems import Problem, Who, conflict
from tieout.portal.api.shapes import tables as shapes
from tieout.portal.explorer import asking, refusals
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.warehouse.as_json import as_json
from tieout.warehouse.asking.ask import NotAnsweredError
from tieout.warehouse.asking.statement import RefusedError

router = Router(tags=["Tables"])
MOST_ROWS = 10_000


class Some(Place):
    """Which rows of an answer."""

    limit: int = Field(1_000, ge=1, le=MOST_ROWS, description="at most so many")


@router.post("", response={201: shapes.Answer})
def ask(request: HttpRequest, response: HttpResponse, asked: shapes.Question) -> Any:
    """Ask one SELECT of the published copy. It changes nothing, so a token that may read may ask; the answer is kept an hour."""
    workspace, person = workspace_of(request), person_of(request)
    has_left = request.META.get("waitress.client_disconnected", lambda: False)
    try:
        answer_id = asking.ask_for(workspace, person, asked.sql, has_left)
    except RefusedError as error:
        raise Problem(422, "not-a-question", refusals.refused(error)) from error
    except NotAnsweredError as error:
        raise _not_answered(error) from error
    except FileNotFoundError as error:
        raise conflict("nothing-synced", _("Nothing has been synced here yet."), who=Who.NOBODY) from error
    found = asking.answer_of(workspace, person, answer_id)
    columns, _rows = asking.some_rows(workspace, answer_id, most=0)
    response["Location"] = f"/api/v1/queries/{answer_id}/rows"
    return Status(
        201,
        {
            "query": answer_id,
            "columns": [{"name": one.name, "type": one.type} for one in columns],
            "rows": found.rows,
            "is_cut": found.is_cut,
            "seconds": found.seconds,
        },
    )


@router.get("/{uuid:query_id}/rows", response=shapes.AnswerRows)
def rows(request: HttpRequest, query_id: UUID, page: Query[Some]) -> Any:
    """Rows of an answer, each as a list in the order of its columns."""
    workspace = workspace_of(request)
    found = asking.answer_of(workspace, person_of(request), query_id)
    first = place_of(page)
    following = first + page.limit
    _columns, some = asking.some_rows(workspace, query_id, most=page.limit, after=first)
    more = write([following]) if following < found.rows else None
    return {"items": [[as_json(value) for value in row] for row in some], "next": more}


def _not_answered(error: NotAnsweredError) -> Problem:
    said = refusals.not_answered(error)
    told = f"{said} {error.text}" if error.text else said
    if error.why == "busy":
        return Problem(503, "busy", told, who=Who.NOBODY, headers={"Retry-After": "5"})
    return Problem(422, "not-answered", told)
