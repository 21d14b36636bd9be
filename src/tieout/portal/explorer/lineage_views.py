"""*Columns*: what each column of a table holds, and where it comes from, down to the accounting system's own field."""

from __future__ import annotations

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
            "fields": [one for one in found.get(column.name, NOTHING).fields if one.name],
        }
        for column in table.columns
    ]


def _steps(trace: Trace, pages: set[tuple[str, str]]) -> list[list[tuple[Place, bool]]]:
    """Models, then stored columns; each with whether its table has a page."""
    return [
        [(one, (one.schema, one.table) in pages) for one in places] for places in (trace.models, trace.stored) if places
    ]
