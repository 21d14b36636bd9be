"""*SQL*: a question, its answer in pages of this workspace, and the answer as a file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tieout.portal.explorer import asking, examples, refusals
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.explorer.saved import get_saved
from tieout.portal.explorer.views import streamed
from tieout.portal.reports.sheets import Bar, Chart
from tieout.portal.reports.shown import drawn
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.warehouse.asking.ask import NotAnsweredError
from tieout.warehouse.asking.statement import RefusedError
from tieout.warehouse.browse import TableColumn

NUMBERS = ("DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "DOUBLE", "UBIGINT", "SMALLINT", "TINYINT", "FLOAT")
MOST_BARS = 24  # that can be told apart
LETTERS = 72  # that fit below all bars of a chart together


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def sql(request: HttpRequest) -> HttpResponse:
    """The page to write a question on; sent, it leads to the answer's own page."""
    if request.method != "POST":
        chosen = _chosen(request)
        return _page(request, chosen.sql if chosen else request.GET.get("sql", ""), chosen=chosen)
    asked = request.POST.get("sql", "").replace("\r\n", "\n")
    has_left = request.META.get("waitress.client_disconnected", lambda: False)
    try:
        answer_id = asking.ask_for(workspace_of(request), person_of(request), asked, has_left)
    except RefusedError as error:
        mark = refusals.marked(asked, error.line, error.column)
        return _page(request, asked, said=refusals.refused(error), mark=mark)
    except NotAnsweredError as error:
        mark = refusals.marked(asked, error.line, error.column)
        return _page(request, asked, said=refusals.not_answered(error), detail=error.text, mark=mark)
    except FileNotFoundError:
        return _page(request, asked)
    return redirect("explorer:answer", answer_id)


@reader_required
@require_GET
def answer(request: HttpRequest, answer_id: UUID) -> HttpResponse:
    """The first rows of an answer, with the question above them, and a chart if one is asked for."""
    workspace = workspace_of(request)
    found = asking.answer_of(workspace, person_of(request), answer_id)
    columns, rows = asking.some_rows(workspace, answer_id)
    figures = [column.name for column in columns if _is_figure(column)]
    measure = request.GET.get("chart", "")
    return _page(
        request,
        found.sql,
        answer=found,
        answer_id=answer_id,
        columns=[{"name": column.name, "is_figure": _is_figure(column)} for column in columns],
        rows=rows,
        shown=len(rows),
        figures=figures if 0 < len(rows) <= MOST_BARS and len(columns) > 1 else [],
        measure=measure,
        chart=_chart(columns, rows, measure) if measure in figures else None,
    )


@reader_required
@require_GET
def answer_file(request: HttpRequest, answer_id: UUID, kind: str) -> StreamingHttpResponse:
    """An answer as a file, streamed, and deleted when the last byte is out."""
    workspace = workspace_of(request)
    found = asking.answer_of(workspace, person_of(request), answer_id)
    path = asking.file_of(workspace, answer_id, found, kind)
    response = StreamingHttpResponse(streamed(path), content_type=asking.KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="answer.{kind}"'
    return response


def _chosen(request: HttpRequest) -> SavedQuery | None:
    """The saved question that an address opens. Raises Http404 for one that the person does not see."""
    if not (asked := request.GET.get("saved", "")):
        return None
    try:
        key = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    return get_saved(workspace_of(request), person_of(request), key)


def _page(request: HttpRequest, asked: str, **more: Any) -> HttpResponse:
    workspace, person = workspace_of(request), person_of(request)
    context = {
        "sql": asked,
        "examples": examples.EXAMPLES,
        "schemas": examples.tables(workspace),
        "saved": SavedQuery.objects.seen_by(person, workspace).select_related("saved_by"),
        **more,
    }
    return render(request, "explorer/sql.html", context, status=422 if "said" in more else 200)


def _chart(columns: tuple[TableColumn, ...], rows: list[tuple[Any, ...]], measure: str) -> dict[str, Any] | None:
    """Bars of one column, named by the first other one. None where there are too many, or one is no number."""
    names = [column.name for column in columns]
    label = next((at for at, name in enumerate(names) if name != measure), None)
    values = [row[names.index(measure)] for row in rows]
    if label is None or not 0 < len(rows) <= MOST_BARS:
        return None
    room = max(3, LETTERS // len(rows))
    bars = [
        Bar(label=_short(str(row[label]), room), value=Decimal(str(value or 0)))
        for row, value in zip(rows, values, strict=True)
    ]
    return drawn(Chart(title=measure, bars=bars)) if all(bar.value.is_finite() for bar in bars) else None


def _is_figure(column: TableColumn) -> bool:
    return column.type.startswith(NUMBERS) and not column.type.endswith("[]")


def _short(label: str, room: int) -> str:
    """A name that fits below its bar; the table has it in full."""
    return label if len(label) <= room else f"{label[: room - 1].rstrip()}…"
