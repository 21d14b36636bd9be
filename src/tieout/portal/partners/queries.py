"""What can be asked of a firm's clients: the list as a page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.paginator import Page, Paginator

from tieout.connectors.base import KnowsPartners
from tieout.portal.partners.actions import connected_numbers
from tieout.portal.partners.models import UNDER_WAY, ClientState, FirmAccess, FirmsCompany
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

ROWS_A_PAGE = 100


def knows_firms(connector: str) -> bool:
    """Whether a system knows accounting firms and their clients."""
    return isinstance(settings.CONNECTORS.get(connector), KnowsPartners)


def access_of(workspace: Workspace, connector: str) -> FirmAccess | None:
    """The firm's access that was set for a system in this workspace."""
    return FirmAccess.objects.in_workspace(workspace).filter(connector=connector).first()


@dataclass(frozen=True, slots=True)
class Row:
    """One client. `source` is its data source here, if it is one already."""

    company: FirmsCompany
    state: ClientState
    source: Source | None

    @property
    def may_be_chosen(self) -> bool:
        return self.state in (ClientState.LISTED, ClientState.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """What the page shows. Counts are of all clients, whatever is searched for."""

    page: Page[Row]
    matching: list[FirmsCompany]  # those on all pages that may be chosen
    counts: list[tuple[ClientState, int]]
    total: int
    chosen: str
    search: str
    is_live: bool


def clients_of(access: FirmAccess, asked: Mapping[str, str]) -> Clients:
    """A firm's clients as an address asks for them: `state`, `q`, `page`. What can still be connected comes first."""
    rows = rows_of(access)
    chosen = asked.get("state", "") if asked.get("state", "") in ClientState.values else ""
    search = asked.get("q", "").strip()
    shown = _narrowed(rows, chosen, search)
    counts = Counter(row.state for row in rows)
    return Clients(
        page=Paginator(shown, ROWS_A_PAGE).get_page(asked.get("page")),
        matching=[row.company for row in shown if row.may_be_chosen],
        counts=[(state, counts[state]) for state in ClientState if counts[state]],
        total=len(rows),
        chosen=chosen,
        search=search,
        is_live=any(row.state in UNDER_WAY for row in rows),
    )


def rows_of(access: FirmAccess, *, state: str = "", search: str = "") -> list[Row]:
    """A firm's clients in one state, or all, whose name or number has the search; what can still be connected first."""
    there = connected_numbers(access.workspace, access.connector)
    sources = Source.objects.in_workspace(access.workspace).filter(connector=access.connector)
    by_number = {one.organisation_number: one for one in sources}
    rows = [_row(one, by_number, there) for one in access.companies.all()]
    order = list(ClientState)
    return _narrowed(
        sorted(rows, key=lambda row: (order.index(row.state), row.company.name.casefold())), state, search.strip()
    )


def _narrowed(rows: Iterable[Row], state: str, search: str) -> list[Row]:
    return [row for row in rows if state in ("", row.state) and _matches(row.company, search)]


def _row(company: FirmsCompany, by_number: Mapping[str, Source], there: set[str]) -> Row:
    """What is a data source here is connected, in whichever way; what no longer is one is not."""
    source = by_number.get(company.organisation_number)
    state = ClientState(company.state)
    if state in UNDER_WAY:
        return Row(company, state, source)
    if company.organisation_number in there:
        return Row(company, ClientState.CONNECTED, source)
    return Row(company, ClientState.REFUSED if state is ClientState.REFUSED else ClientState.LISTED, source)


def _matches(company: FirmsCompany, search: str) -> bool:
    digits = "".join(search.split())
    by_number = digits.isdigit() and digits in company.organisation_number
    return search.casefold() in company.name.casefold() or by_number


def chosen_of(clients: Clients, ids: Sequence[str], *, every: bool) -> list[FirmsCompany]:
    """The ticked ones of those that may be chosen; `every`: all that the list shows, on all pages."""
    return clients.matching if every else [one for one in clients.matching if str(one.pk) in set(ids)]
