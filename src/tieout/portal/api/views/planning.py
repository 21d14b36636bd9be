"""Report lines of the workspace's own, and budgets: all of what is sent is taken, or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged_rows
from tieout.portal.api.problems import Problem, checked, conflict, invalid
from tieout.portal.api.shapes import planning as shapes
from tieout.portal.planning import actions, queries
from tieout.portal.planning.files import accounts_text
from tieout.portal.planning.forms import NameForm
from tieout.portal.planning.words import in_words
from tieout.portal.reports.companies import allowed
from tieout.portal.reports.reading import asking
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.decorators import must_administer, must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.reports.uploaded import Row, UploadError
from tieout.warehouse.layouts import Layout, OwnLine

router = Router(tags=["Report lines and budgets"])


@router.get("/report-lines", response=shapes.Layouts)
def list_layouts(request: HttpRequest, page: Query[Place]) -> Any:
    """Report lines of the workspace's own."""
    return paged_rows(queries.layouts_of(workspace_of(request)), page, _layout, key=lambda one: (one.id,))


@router.post("/report-lines", response={201: shapes.LayoutInFull})
def make_layout(request: HttpRequest, response: HttpResponse, asked: shapes.NewLayout) -> Any:
    """Make report lines under a name."""
    must_look_after_all(request)
    rows = None if asked.lines is None else _rows([one.dict() for one in asked.lines])
    name = checked(NameForm({"name": asked.name}))["name"]
    workspace, companies = workspace_of(request), list(allowed(request))
    try:
        made = actions.make_layout(workspace, name, rows, companies=companies, by=person_of(request))
    except UploadError as error:
        raise _refused("lines", error) from error
    except ValueError as error:
        raise conflict("name-taken", str(error)) from error
    response["Location"] = f"/api/v1/report-lines/{made.id}"
    return Status(201, _in_full(request, made))


@router.get("/report-lines/norwegian", response=shapes.ReportLines)
def norwegian(request: HttpRequest) -> Any:
    """The lines of the Norwegian Accounting Act with the accounts that these companies have on them, to begin with."""
    with asking(workspace_of(request)) as ask:
        lines = queries.norwegian(ask, list(allowed(request))) if ask else ()
    return {"lines": [_line(one) for one in lines]}


@router.get("/report-lines/{uuid:layout_id}", response=shapes.LayoutInFull)
def get_layout(request: HttpRequest, layout_id: UUID) -> Any:
    """All lines, and the accounts that none of them takes."""
    return _in_full(request, queries.layout_of(workspace_of(request), layout_id))


@router.patch("/report-lines/{uuid:layout_id}", response=shapes.LayoutInFull)
def change_layout(request: HttpRequest, layout_id: UUID, asked: shapes.LayoutChange) -> Any:
    """Another name, or other lines in place of all."""
    must_look_after_all(request)
    workspace = workspace_of(request)
    found = queries.layout_of(workspace, layout_id)
    name = checked(NameForm({"name": found.name if asked.name is None else asked.name}))["name"]
    lines = [_line(one) for one in found.lines] if asked.lines is None else [one.dict() for one in asked.lines]
    try:
        actions.change_layout(workspace, found, name, _rows(lines), by=person_of(request))
    except UploadError as error:
        raise _refused("lines", error) from error
    except ValueError as error:
        raise conflict("name-taken", str(error)) from error
    return _in_full(request, queries.layout_of(workspace, layout_id))


@router.delete("/report-lines/{uuid:layout_id}", response={204: None})
def remove_layout(request: HttpRequest, layout_id: UUID) -> Any:
    """Take report lines away. Reports in them are shown after the Act from then on."""
    must_look_after_all(request)
    workspace = workspace_of(request)
    actions.remove_layout(workspace, queries.layout_of(workspace, layout_id), by=person_of(request))
    return Status(204, None)


@router.get("/budgets", response=shapes.Budgets)
def list_budgets(request: HttpRequest, page: Query[Place]) -> Any:
    """Budgets by company and fiscal year."""
    found = queries.budgets_of(workspace_of(request), allowed(request))
    return paged_rows(found, page, _budget, key=lambda row: (row["company_id"], row["fiscal_year"]))


@router.post("/sources/{uuid:source_id}/budgets", response={201: shapes.BudgetTaken})
def give_budget(request: HttpRequest, source_id: UUID, asked: shapes.NewBudget) -> Any:
    """Put these amounts in place of the company's budget for the fiscal years that they lie in."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    rows = [Row(number, _cells(one)) for number, one in enumerate(asked.amounts, start=1)]
    try:
        years = actions.give_budget(source, rows, in_ledger_sign=asked.sign == "ledger", by=person_of(request))
    except UploadError as error:
        raise _refused("amounts", error) from error
    return Status(201, {"fiscal_years": years})


@router.get("/sources/{uuid:source_id}/budgets/{int:year}", response=shapes.BudgetInFull)
def get_budget(request: HttpRequest, source_id: UUID, year: int) -> Any:
    """A company's budget of a fiscal year, amount by amount."""
    source = get_source(workspace_of(request), source_id)
    found = _stored(request, source, year)
    with asking(source.workspace) as ask:
        amounts = ask("budget_of_year", companies=[str(source.pk)], year=year) if ask else []
    return _budget(found) | {"amounts": [_amount(row) for row in amounts]}


@router.delete("/sources/{uuid:source_id}/budgets/{int:year}", response={204: None})
def remove_budget(request: HttpRequest, source_id: UUID, year: int) -> Any:
    """Take the budget of a company's fiscal year away."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    _stored(request, source, year)
    with asking(source.workspace) as ask:
        known = ask("companies", companies=[str(source.pk)]) if ask else []
    first, last = queries.year_span(year, known[0]["fiscal_year_end_month"])
    actions.remove_budget(source, first, last, year, by=person_of(request))
    return Status(204, None)


def _stored(request: HttpRequest, source: Source, year: int) -> dict[str, Any]:
    """Raises Http404 for a year without a budget."""
    budgets = queries.budgets_of(workspace_of(request), {str(source.pk): source.name})
    found = next((row for row in budgets if row["fiscal_year"] == year), None)
    if found is None:
        raise Http404
    return found


def _rows(lines: Sequence[dict[str, Any]]) -> list[Row]:
    """Lines as the rows of a table, as an upload has them."""
    return [
        Row(number, {name.replace("_", " "): "" if value is None else str(value) for name, value in one.items()})
        for number, one in enumerate(lines, start=1)
    ]


def _cells(one: shapes.BudgetAmount) -> dict[str, Any]:
    told = {"account": str(one.account_no), "month": one.month, "amount": Decimal(one.amount)}
    return told | {"department": one.department, "project": one.project}


def _refused(field: str, error: UploadError) -> Problem:
    return invalid((field, sentence) for sentence in in_words(error.problems))


def _layout(layout: Layout) -> dict[str, Any]:
    return {"layout": layout.id, "name": layout.name, "changed_at": layout.changed_at}


def _in_full(request: HttpRequest, layout: Layout) -> dict[str, Any]:
    missing = queries.unmapped(workspace_of(request), UUID(layout.id), list(allowed(request)))
    return _layout(layout) | {
        "lines": [_line(one) for one in layout.lines],
        "unmapped": [
            {
                "statement": row["statement"],
                "accounts": str(row["number"]) if row["number"] else "result",
                "companies": row["companies"],
            }
            for row in missing
        ],
    }


def _line(line: OwnLine) -> dict[str, Any]:
    return {
        "statement": line.statement,
        "order": line.position,
        "line": line.name,
        "accounts": accounts_text(line),
        "sign": "debit" if line.sign == 1 else "credit",
        "sum_from": line.sums_from,
    }


def _budget(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: str(row[name]) for name in ("income", "costs", "result")}
    return {"source": row["company_id"], "fiscal_year": row["fiscal_year"]} | told


def _amount(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "account_no": row["account_no"],
        "month": f"{row['month']:%Y-%m}",
        "amount": str(row["amount"]),
        "department": row["department_code"] or "",
        "project": row["project_code"] or "",
    }
