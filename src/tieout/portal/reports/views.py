"""Pages of reports: the list of them, one report, the postings behind a figure, a customer's or supplier's card, files."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.portal.reports import postings as behind
from tieout.portal.reports.catalog import REPORTS
from tieout.portal.reports.companies import chosen
from tieout.portal.reports.making import as_file, made, made_card, sync_of
from tieout.portal.reports.moments import moment_of, offered
from tieout.portal.reports.reading import asking
from tieout.portal.reports.shown import shown, text_of
from tieout.portal.reports.status import status_of
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import workspace_of


@reader_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every report there is."""
    return render(request, "reports/index.html", {"reports": REPORTS.values()})


@reader_required
@require_GET
def report(request: HttpRequest, name: str) -> HttpResponse:
    """One report of a company or of all companies."""
    kind, choice, sheets = made(request, name)
    if choice is None:
        return render(
            request, "reports/empty.html", {"report": kind, "moment": moment_of(request, chosen(request).ids)}
        )
    page = _page(request)
    return render(
        request,
        "reports/report.html",
        {
            "report": kind,
            "reports": REPORTS.values(),
            "choice": choice,
            "status": status_of(choice.companies),
            "sheets": [shown(sheet, choice.company, page=page, as_of=choice.as_of) for sheet in sheets],
            "is_alone": len(sheets) == 1,
            "query": choice.query,
            "query_now": choice.query_now,
            "moment": choice.moment,
            "moments": offered(request, [row["company_id"] for row in choice.companies], choice.moment),
        },
    )


@reader_required
@require_GET
def download(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """A report as a file: CSV, Excel or PDF."""
    found, choice, sheets = made(request, name)
    if choice is None or not sheets:
        raise Http404
    return as_file(found, choice, sheets, kind)


@reader_required
@require_GET
def postings(request: HttpRequest) -> HttpResponse:
    """The postings behind a figure."""
    whose, page = chosen(request), _page(request)
    moment = moment_of(request, whose.ids)
    with asking(workspace_of(request), sync_of(moment)) as ask:
        if ask is None:
            raise Http404
        drill = behind.drill_of(ask, request.GET, whose)
        rows = behind.postings_of(ask, drill, page=page)
        known = ask("companies", companies=drill.values["companies"])
    companies = [row | {"company": whose.allowed[row["company_id"]]} for row in known]
    total = rows[0]["postings"] if rows else 0
    return render(
        request,
        "reports/postings.html",
        {
            "rows": [row | {"company": whose.allowed[row["company_id"]]} for row in rows],
            "vat_total": rows[0]["vat_total"] if rows else 0,
            "total": rows[0]["total"] if rows else 0,
            "drill": drill,
            "page": Paginator(range(total), behind.A_PAGE).get_page(page),
            "query": _without(request, "page"),
            "query_now": _without(request, "page", "as_of"),
            "moment": moment,
            "status": status_of(companies),
            "companies": companies,
        },
    )


@reader_required
@require_GET
def open_items(request: HttpRequest) -> HttpResponse:
    """The open items behind a figure of an ageing."""
    whose, page = chosen(request), _page(request)
    moment = moment_of(request, whose.ids)
    with asking(workspace_of(request), sync_of(moment)) as ask:
        if ask is None:
            raise Http404
        values, rows = behind.open_items_of(ask, request.GET, whose, page=page)
        known = ask("companies", companies=values["companies"])
    items = rows[0]["items"] if rows else 0
    context = {
        "report": REPORTS[f"{values['ledger']}s"],
        "rows": [row | {"company": whose.allowed[row["company_id"]]} for row in rows],
        "total": rows[0]["total"] if rows else 0,
        "at": values["at"],
        "age": values["age"],
        "page": Paginator(range(items), behind.A_PAGE).get_page(page),
        "query": _without(request, "page"),
        "query_now": _without(request, "page", "as_of"),
        "moment": moment,
        "companies": known,
        "status": status_of(known),
    }
    return render(request, "reports/open_items.html", context)


@reader_required
@require_GET
def card(request: HttpRequest, name: str, company: UUID, number: int) -> HttpResponse:
    """A customer, supplier, project, department or product. Raises Http404."""
    found, moment = made_card(request, name, company, number)
    context = {
        "report": REPORTS[name],
        "card": found,
        "subject": found.subject,
        "facts": [(title, text_of(value, kind)) for title, value, kind in found.facts],
        "sheet": shown(found.sheet, str(company), as_of=sync_of(moment)),
        "moment": moment,
        "status": status_of([found.subject]),
    }
    return render(request, "reports/card.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(int(text), 1) if text.isdigit() and len(text) < 8 else 1


def _without(request: HttpRequest, *names: str) -> str:
    parameters = request.GET.copy()
    for name in names:
        parameters.pop(name, None)
    return parameters.urlencode()
