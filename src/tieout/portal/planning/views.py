"""Pages of report lines and budgets: what there is, an upload with what is wrong in it, a layout's lines to be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tieout.portal.planning import actions, files, queries
from tieout.portal.planning.forms import LEDGER_SIGN, BudgetForm, LinesFileForm, NameForm, NewLayoutForm
from tieout.portal.planning.words import in_words
from tieout.portal.reports.companies import allowed
from tieout.portal.reports.reading import asking
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.decorators import (
    administrator_required,
    must_administer,
    must_look_after_all,
    reader_required,
    whole_workspace_required,
)
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of
from tieout.reports.uploaded import Row, UploadError, table_of
from tieout.warehouse.base import BusyError
from tieout.warehouse.layouts import Layout

TYPED = tuple(name.replace(" ", "_") for name in files.LINE_HEAD)
EMPTY_ROWS, MOST_ROWS = 4, 150  # of the table in which lines are changed: a form may have a thousand fields


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def layouts(request: HttpRequest) -> HttpResponse:
    """Every layout, and the form that makes one more."""
    form, workspace, problems = (
        NewLayoutForm(request.POST or None, request.FILES or None),
        workspace_of(request),
        list[str](),
    )
    if request.method == "POST":
        must_look_after_all(request)
        if form.is_valid():
            rows, made = form.cleaned_data["file"], list[Layout]()

            def make() -> None:
                table = _table(rows) if rows else None
                name, by = form.cleaned_data["name"], person_of(request)
                made.append(actions.make_layout(workspace, name, table, companies=list(allowed(request)), by=by))

            problems = _tried(make, form)
            if made:
                return redirect("planning:layout", made[0].id)
    told = {
        "form": form,
        "problems": problems,
        "layouts": queries.layouts_of(workspace),
        "may_change": _may_change(request),
    }
    return render(request, "planning/layouts.html", told, status=_status(form, problems))


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest, layout_id: UUID) -> HttpResponse:
    """One layout: its lines, changed in place or by a file, and the accounts that none of them takes."""
    found = queries.layout_of(workspace_of(request), layout_id)
    form, file = NameForm({"name": found.name}), LinesFileForm()
    rows, problems = [_for_page(files.cells_of(line)) for line in found.lines], list[str]()
    if request.method == "POST":
        must_look_after_all(request)
        if "by_file" in request.POST:
            file = LinesFileForm(request.POST, request.FILES)
            problems = _changed(request, found, file, lambda: _table(file.cleaned_data["file"]))
        else:
            form, rows = NameForm(request.POST), _typed(request)
            problems = _changed(request, found, form, lambda: _rows(rows))
        if not problems and not form.errors and not file.errors:
            return redirect("planning:layout", found.id)
    told = {
        "layout": found,
        "form": form,
        "file_form": file,
        "problems": problems,
        "rows": rows + [dict.fromkeys(TYPED, "")] * EMPTY_ROWS,
        "is_typed": len(rows) <= MOST_ROWS,
        "unmapped": queries.unmapped(workspace_of(request), layout_id, list(allowed(request))),
        "may_change": _may_change(request),
    }
    is_wrong = problems or form.errors or file.errors
    return render(request, "planning/layout.html", told, status=422 if is_wrong else 200)


def _changed(request: HttpRequest, found: Layout, form: forms.Form, rows: Callable[[], list[Row]]) -> list[str]:
    """Change a layout if the form is in order; what is wrong with its rows."""
    if not form.is_valid():
        return []
    name, workspace = form.cleaned_data.get("name", found.name), workspace_of(request)

    def change() -> None:
        actions.change_layout(workspace, found, name, rows(), by=person_of(request))
        messages.success(request, _("%(name)s is saved.") % {"name": name})

    return _tried(change, form)


def _for_page(cells: dict[str, Any]) -> dict[str, Any]:
    return {name.replace(" ", "_"): value for name, value in cells.items()}


def _typed(request: HttpRequest) -> list[dict[str, Any]]:
    """The rows of the page's table that something was written in; what is only chosen in them says nothing."""
    columns = [request.POST.getlist(name) for name in TYPED]
    rows = [dict(zip(TYPED, cells, strict=True)) for cells in zip(*columns, strict=False)]
    return [row for row in rows if any(row[name].strip() for name in ("order", "line", "accounts", "sum_from"))]


def _rows(typed: list[dict[str, Any]]) -> list[Row]:
    return [
        Row(number, {name.replace("_", " "): str(text).strip() for name, text in row.items()})
        for number, row in enumerate(typed, start=1)
    ]


def _table(upload: Any) -> list[Row]:
    return table_of(upload.read(), upload.name or "")


def _tried(act: Callable[[], None], form: forms.Form) -> list[str]:
    """Do it; what is wrong with rows is returned, what else is wrong stands at the form's first field."""
    try:
        act()
    except UploadError as error:
        return in_words(error.problems)
    except ValueError as error:
        form.add_error("name", str(error))
    except BusyError:
        form.add_error(None, _("A command has the warehouse open now. Try again when it is done."))
    return []


def _status(form: forms.Form, problems: list[str]) -> int:
    return 422 if problems or (form.is_bound and form.errors) else 200


def _may_change(request: HttpRequest) -> bool:
    return membership_of(request).can_administer and workspace_of(request).companies is None


@whole_workspace_required
@require_POST
def remove_layout(request: HttpRequest, layout_id: UUID) -> HttpResponse:
    """Take a layout away."""
    workspace = workspace_of(request)
    found = queries.layout_of(workspace, layout_id)
    actions.remove_layout(workspace, found, by=person_of(request))
    messages.success(request, _("The report lines %(name)s are gone.") % {"name": found.name})
    return redirect("planning:layouts")


@reader_required
@require_GET
def lines(request: HttpRequest, layout_id: UUID) -> HttpResponse:
    """A layout's lines as a workbook."""
    found = queries.layout_of(workspace_of(request), layout_id)
    return files.answer(files.lines_workbook(found.lines), "report-lines")


@reader_required
@require_GET
def norwegian(request: HttpRequest) -> HttpResponse:
    """The lines of the Act with this workspace's accounts, to begin with."""
    with asking(workspace_of(request)) as ask:
        if ask is None:
            raise Http404
        found = queries.norwegian(ask, list(allowed(request)))
    return files.answer(files.lines_workbook(found), "report-lines")


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def budgets(request: HttpRequest) -> HttpResponse:
    """Every budget, and the form that takes one."""
    workspace, problems = workspace_of(request), list[str]()
    form = BudgetForm(request.POST or None, request.FILES or None, workspace=workspace)
    if request.method == "POST":
        must_administer(request)
        if form.is_valid():
            source, is_ledger = form.cleaned_data["company"], form.cleaned_data["sign"] == LEDGER_SIGN
            years = list[int]()

            def give() -> None:
                rows = _table(form.cleaned_data["file"])
                years.extend(actions.give_budget(source, rows, in_ledger_sign=is_ledger, by=person_of(request)))

            problems = _tried(give, form)
            if years:
                told = {"company": source.name, "years": ", ".join(map(str, years))}
                messages.success(request, _("The budget of %(company)s for %(years)s is stored.") % told)
                return redirect("planning:budgets")
    context = {
        "form": form,
        "problems": problems,
        "budgets": queries.budgets_of(workspace, allowed(request)),
        "years": _years(request),
    }
    return render(request, "planning/budgets.html", context, status=_status(form, problems))


def _years(request: HttpRequest) -> list[dict[str, Any]]:
    """For each company the fiscal year that a budget file is offered for: the newest that has begun."""
    ours = allowed(request)
    with asking(workspace_of(request)) as ask:
        rows = ask("newest_years", companies=list(ours)) if ask else []
    return [
        {"source_id": row["company_id"], "company": ours[row["company_id"]], "year": row["fiscal_year"]} for row in rows
    ]


@reader_required
@require_GET
def budget_file(request: HttpRequest, source_id: UUID, year: int) -> HttpResponse:
    """A company's budget of a fiscal year as a workbook; before there is one, its accounts with empty months."""
    source = get_source(workspace_of(request), source_id)
    with asking(workspace_of(request)) as ask:
        found = ask("companies", companies=[str(source.pk)]) if ask else []
        if ask is None or not found or not 1990 <= year <= 2100:
            raise Http404
        first, _last = queries.year_span(year, found[0]["fiscal_year_end_month"])
        rows = ask("budget_of_year", companies=[str(source.pk)], year=year)
        accounts = ask("budget_accounts", companies=[str(source.pk)])
    return files.answer(files.budget_workbook(rows, accounts, first), f"budget-{year}")


@administrator_required
@require_POST
def remove_budget(request: HttpRequest, source_id: UUID, year: int) -> HttpResponse:
    """Take the budget of a company's fiscal year away."""
    source = get_source(workspace_of(request), source_id)
    with asking(workspace_of(request)) as ask:
        found = ask("companies", companies=[str(source.pk)]) if ask else []
    if not found or not 1990 <= year <= 2100:
        raise Http404
    first, last = queries.year_span(year, found[0]["fiscal_year_end_month"])
    actions.remove_budget(source, first, last, year, by=person_of(request))
    messages.success(
        request, _("The budget of %(company)s for %(year)s is gone.") % {"company": source.name, "year": year}
    )
    return redirect("planning:budgets")
