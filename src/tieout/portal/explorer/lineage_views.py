"""*Columns*: what each column of a table holds, and where it comes from, down to the accounting system's own field."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.portal.explorer import queries
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import workspace_of
from tieout.reports.lineage import Place, Trace, traces
from tieout.reports.models import views
from tieout.warehouse.browse import Table


@dataclass(frozen=True, slots=True)
class Step:
    """Columns of one table that a column is made of; whether that table has a page."""

    schema: str
    table: str
    columns: list[str]
    has_page: bool


NOTHING = Trace((), (), ())


@reader_required
@require_GET
def columns(request: HttpRequest, schema: str, name: str) -> HttpResponse:
    """Every column with its type, its description and its lineage. Raises Http404 for a table that isn't there."""
    shown = queries.tables_of(workspace_of(request))
    table = next((one for one in shown if (one.schema, one.name) == (schema, name)), None)
    if table is None:
        raise Http404
    about = next(
        (
            one
            for one in views(tuple(settings.CONNECTORS))
            if (one.schema, one.name) == (schema, name) and not one.parameters
        ),
        None,
    )
    told = {
        "table": table,
        "description": about.description if about else "",
        "columns": _columns(table, about.columns if about else {}, {(one.schema, one.name) for one in shown}),
    }
    return render(request, "explorer/columns.html", told)


def _columns(table: Table, texts: Any, pages: set[tuple[str, str]]) -> list[dict[str, Any]]:
    streams = {name: connector.streams for name, connector in settings.CONNECTORS.items()}
    found = traces(streams, table.schema, table.name)
    return [
        {
            "name": column.name,
            "type": column.type.lower(),
            "description": texts.get(column.name, ""),
            "steps": _steps(found.get(column.name, NOTHING), pages),
            "streams": _fields(found.get(column.name, NOTHING)),
        }
        for column in table.columns
    ]


def _steps(trace: Trace, pages: set[tuple[str, str]]) -> list[list[Step]]:
    """Models, then stored columns, table by table."""
    return [[_step(key, list(of), pages) for key, of in groupby(places, key=_table)] for places in _levels(trace)]


def _levels(trace: Trace) -> list[tuple[Place, ...]]:
    return [places for places in (trace.models, trace.stored) if places]


def _table(place: Place) -> tuple[str, str]:
    return place.schema, place.table


def _step(key: tuple[str, str], places: list[Place], pages: set[tuple[str, str]]) -> Step:
    return Step(*key, [one.column for one in places], key in pages)


def _fields(trace: Trace) -> list[tuple[str, list[str]]]:
    """Fields by the stream that has them."""
    named = sorted((one for one in trace.fields if one.name), key=lambda one: one.stream)
    return [(stream, [one.name for one in of]) for stream, of in groupby(named, key=lambda one: one.stream)]
