"""Making a report, or a card, as an address asks for it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from tieout.portal.reports import files
from tieout.portal.reports.cards import Card, card_of
from tieout.portal.reports.catalog import REPORTS, Report
from tieout.portal.reports.choice import Choice, choice_of
from tieout.portal.reports.companies import allowed, chosen
from tieout.portal.reports.moments import Moment, moment_of
from tieout.portal.reports.reading import asking
from tieout.portal.reports.sheets import Sheet
from tieout.portal.reports.status import status_of
from tieout.portal.workspaces.queries import workspace_of


def made(request: HttpRequest, name: str) -> tuple[Report, Choice | None, list[Sheet]]:
    """A report with its sheets, all asked on one connection; no choice where there is nothing to choose yet.

    No sheets where the companies' currencies differ: their amounts have no sum. Raises Http404, BusyError.
    """
    kind = REPORTS.get(name)
    if kind is None:
        raise Http404
    whose, query = chosen(request), request.GET
    moment = moment_of(request, whose.ids)
    with asking(workspace_of(request), sync_of(moment)) as ask:
        flags = {"has_budget": kind.has_budget, "has_layouts": kind.has_layouts}
        choice = choice_of(ask, query, whose, moment=moment, **flags) if ask else None
        sheets = kind.make(ask, choice) if ask and choice and len(choice.currencies) == 1 else []
    return kind, choice, sheets


def made_card(request: HttpRequest, name: str, company: UUID, number: int) -> tuple[Card, Moment | None]:
    """A customer, supplier, project, department or product. Raises Http404, BusyError."""
    if name not in REPORTS or str(company) not in allowed(request) or number >= 2**63:
        raise Http404
    moment = moment_of(request, [str(company)])
    with asking(workspace_of(request), sync_of(moment)) as ask:
        if ask is None:
            raise Http404
        return card_of(ask, name, str(company), number), moment


def as_file(report: Report, choice: Choice, sheets: list[Sheet], kind: str) -> HttpResponse:
    """A report as a file to save: csv, xlsx or pdf."""
    cover = files.Cover(report=report, choice=choice, status=status_of(choice.companies))
    response = HttpResponse(files.KINDS[kind](cover, sheets), content_type=files.TYPES[kind])
    then = f"-as-of-{choice.as_of}" if choice.as_of is not None else ""
    name = f"{report.name}-{choice.until.isoformat()}{then}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def sync_of(moment: Moment | None) -> int | None:
    """The number of the sync whose end is looked at; None: now."""
    return moment.sync if moment else None
