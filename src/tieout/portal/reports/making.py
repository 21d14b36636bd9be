"""Making a report as an address asks for it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from tieout.portal.reports.catalog import REPORTS, Report
from tieout.portal.reports.choice import Choice, choice_of
from tieout.portal.reports.companies import chosen
from tieout.portal.reports.moments import Moment, moment_of
from tieout.portal.reports.reading import asking
from tieout.portal.reports.sheets import Sheet
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


def sync_of(moment: Moment | None) -> int | None:
    """The number of the sync whose end is looked at; None: now."""
    return moment.sync if moment else None
