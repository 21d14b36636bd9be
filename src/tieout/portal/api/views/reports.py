"""Reports, and the cards that they lead to, as their pages show them and as files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tieout.portal.api.problems import conflict, invalid
from tieout.portal.api.shapes import reports as shapes
from tieout.portal.reports import files
from tieout.portal.reports.cards import Card
from tieout.portal.reports.catalog import REPORTS
from tieout.portal.reports.choice import BUDGET, COMPARISONS, SPANS, Choice
from tieout.portal.reports.making import as_file, made, made_card
from tieout.portal.reports.reading import Row
from tieout.portal.reports.sheets import Line, Sheet
from tieout.portal.reports.status import Status, status_of

router = Router(tags=["Reports"])
Ending = Literal["csv", "xlsx", "pdf"]
BINARY = {"schema": {"type": "string", "format": "binary"}}
FILES = {"responses": {200: {"content": {type_.partition(";")[0]: BINARY for type_ in files.TYPES.values()}}}}
EXACT = ("amount", "share")
OF_COMPANY = ("company", "company_id", "currency_code", "as_of", "as_of_date", "verdict", "verdict_at", "party")


class Wishes(Schema):
    """Whose books, which months, beside which, as the page's address has them."""

    company: str = Field("", max_length=40, description="a data source's id, g and a group's id; empty: all together")
    year: int | None = Field(None, description="the fiscal year; without: the newest")
    part: str = Field("", max_length=5, description=f"{', '.join(SPANS)}; empty: as far as the year has come")
    compare: str = Field("", max_length=8, description=f"{', '.join((*COMPARISONS, BUDGET))}; empty: the year before")
    layout: str = Field("", max_length=40, description="the id of report lines; empty: those of the Act")
    q: str = Field("", max_length=100, description="what a list is narrowed to")
    as_of: int | None = Field(None, ge=1, description="the number of a sync: all as it was at its end")


class Then(Schema):
    """When."""

    as_of: int | None = Field(None, ge=1, description="the number of a sync: all as it was at its end")


@router.get("", response=shapes.ReportNames)
def list_reports(request: HttpRequest) -> Any:
    """Every report there is."""
    told = [
        {"report": one.name, "title": str(one.title), "says": str(one.says), "sign": str(one.sign)}
        for one in REPORTS.values()
    ]
    return {"items": told}


@router.get("/{slug:report}", response=shapes.Report)
def get(request: HttpRequest, report: str, wishes: Query[Wishes]) -> Any:
    """One report of a company, a group or all companies."""
    choice, sheets = _made(request, report, wishes)
    return _standing(status_of(choice.companies)) | {
        "report": report,
        "title": str(REPORTS[report].title),
        "sign": str(REPORTS[report].sign),
        "companies": [row["company_id"] for row in choice.companies],
        "fiscal_year": choice.year,
        "first": choice.first,
        "last": choice.until,
        "before_first": choice.before_first,
        "before_last": choice.before_last,
        "as_of_sync": choice.as_of,
        "missing": list(choice.missing),
        "sheets": [_sheet(one) for one in sheets],
    }


@router.get("/{slug:report}/files/{ending}", response={200: None}, openapi_extra=FILES)
def file(request: HttpRequest, report: str, ending: Ending, wishes: Query[Wishes]) -> Any:
    """The same as a file: csv, xlsx or pdf."""
    choice, sheets = _made(request, report, wishes)
    return as_file(REPORTS[report], choice, sheets, ending)


@router.get("/{slug:report}/cards/{uuid:source_id}/{int:number}", response=shapes.Card)
def card(request: HttpRequest, report: str, source_id: UUID, number: int, then: Query[Then]) -> Any:
    """A customer, supplier, project, department or product of a company, by its number in the report's rows."""
    found, _moment = made_card(request, report, source_id, number)
    return _card(found)


def _made(request: HttpRequest, name: str, wishes: Wishes) -> tuple[Choice, list[Sheet]]:
    """What the page would show. What it would take for no wish is refused here. Raises Problem, Http404."""
    kind, choice, sheets = made(request, name)
    if choice is None:
        raise conflict("not-synced", _("The company has no books here yet. Sync it first."))
    taken = {"year": choice.year, "part": choice.part, "compare": choice.compare, "layout": choice.layout}
    wrong = [field for field, value in taken.items() if getattr(wishes, field) not in (None, "", value)]
    wrong += ["q"] if wishes.q and not kind.is_searched else []
    if wrong:
        raise invalid((field, _("This report has no such choice.")) for field in wrong)
    if not sheets:
        detail = _("These companies keep their books in several currencies, which have no sum. Choose one of them.")
        raise conflict("several-currencies", detail)
    return choice, sheets


def _standing(status: Status) -> dict[str, Any]:
    told = {"as_of": status.as_of, "verdict": status.verdict or None, "verdict_at": status.verdict_at}
    return told | {"currency": status.currency or None}


def _sheet(sheet: Sheet) -> dict[str, Any]:
    return {
        "title": sheet.title,
        "label": sheet.label,
        "columns": [{"name": one.name, "title": one.title, "kind": one.kind} for one in sheet.columns],
        "lines": [_line(one, sheet) for one in sheet.lines],
        "notes": [str(one) for one in sheet.notes],
    }


def _line(line: Line, sheet: Sheet) -> dict[str, Any]:
    values = {column.name: _value(line.values.get(column.name), column.kind) for column in sheet.columns}
    return {"label": line.label, "style": line.style, "values": values}


def _value(value: Any, kind: str) -> Any:
    if value is None:
        return None
    return str(value) if kind in EXACT or isinstance(value, date | Decimal) else value


def _card(found: Card) -> dict[str, Any]:
    fields = {name: value for name, value in found.subject.items() if name not in OF_COMPANY}
    return _standing(status_of([found.subject])) | {
        "name": str(found.subject["party"]),
        "fields": {name: _value(value, "") for name, value in fields.items()},
        "sheet": _sheet(found.sheet),
        "open": None if found.items is None else str(found.open),
        "open_items": None if found.items is None else [_item(row) for row in found.items],
    }


def _item(row: Row) -> dict[str, Any]:
    names = ("voucher_no", "posting_date", "due_date", "days_overdue")
    told = {name: row[name] for name in names} | {name: str(row[name]) for name in ("amount", "open_amount")}
    return told | {"invoice_no": None if row["invoice_no"] is None else str(row["invoice_no"])}
