"""*Data*: the list of tables, one table in pages, and a table as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.portal.explorer import queries
from tieout.portal.explorer.columns import order
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import workspace_of
from tieout.warehouse.browse import OWNERS, PAGE_ROWS, TableColumn

CHUNK_BYTES = 256 * 1024


@reader_required
@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    """Every table of the workspace, by schema."""
    found = queries.tables_of(workspace_of(request))
    schemas = [(schema, list(group)) for schema, group in groupby(found, key=lambda table: table.schema)]
    return render(request, "explorer/tables.html", {"schemas": schemas})


@reader_required
@require_GET
def table(request: HttpRequest, schema: str, name: str) -> HttpResponse:
    """Fifty rows of one table."""
    workspace = workspace_of(request)
    view = queries.view_of(request.GET)
    rows = queries.rows_of(workspace, schema, name, view)
    pages = Paginator(range(rows.total), PAGE_ROWS)
    shown = order(schema, name, rows.columns)
    stamps, syncs = queries.moments_of(workspace, view)
    return render(
        request,
        "explorer/table.html",
        {
            "schema": schema,
            "name": name,
            "view": view,
            "total": rows.total,
            "rows": [(_whose(row, rows.columns), [row[position] for position in shown]) for row in rows.rows],
            "stamps": stamps,
            "syncs": syncs,
            "columns": [_column(rows.columns[position], view) for position in shown],
            "sources": queries.sources_of(workspace),
            "source_names": {str(source.pk): source.name for source in queries.sources_of(workspace)},
            "page": pages.get_page(rows.page),
            "query": view.query(),
            "why_empty": "" if rows.total else queries.why_empty(workspace, name, view),
        },
    )


def _whose(row: Sequence[Any], columns: Sequence[TableColumn]) -> str:
    """The data source that a row is of; empty where it is of none."""
    return next((str(value) for value, column in zip(row, columns, strict=True) if column.name in OWNERS), "")


def _column(column: Any, view: queries.View) -> dict[str, Any]:
    """A head of a column: its name, whether it holds figures, its filter, and where a press on it leads."""
    is_sorted = view.sort == column.name
    down = "1" if is_sorted and not view.is_descending else ""
    return {
        "name": column.name,
        "is_source": column.name in OWNERS,
        "is_voucher": column.name.endswith("voucher_no") and column.type == "BIGINT",
        "is_figure": column.type.startswith(("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "UBIGINT")),
        "filter": view.filters.get(column.name, ""),
        "sorted": ("descending" if view.is_descending else "ascending") if is_sorted else "",
        "query": view.query(sort=column.name, down=down),
    }


@reader_required
@require_GET
def download(request: HttpRequest, schema: str, name: str, kind: str) -> StreamingHttpResponse:
    """A view of a table as a file. It is written first, streamed, and deleted when the last byte is out."""
    path = queries.file_of(workspace_of(request), schema, name, queries.view_of(request.GET), kind=kind)
    response = StreamingHttpResponse(streamed(path), content_type=queries.KINDS[kind])
    response["Content-Length"] = str(path.stat().st_size)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def streamed(path: Path) -> Iterator[bytes]:
    """A file in pieces; it is deleted when the last one is out."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    finally:
        path.unlink(missing_ok=True)
