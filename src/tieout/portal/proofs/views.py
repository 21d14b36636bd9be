"""Pages of the proof: does a company agree, and which of all can be closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tieout.portal.proofs import queries
from tieout.portal.proofs.board import board_of
from tieout.portal.proofs.incidents import Told, explained
from tieout.portal.proofs.months import heat_map, next_month
from tieout.portal.proofs.open_items import NOTHING, items_of
from tieout.portal.sources.queries import source_page
from tieout.portal.stamps.queries import stamps_of
from tieout.portal.syncs.compared import agreeing
from tieout.portal.syncs.models import StreamState
from tieout.portal.syncs.tie_outs import tie_out_of
from tieout.portal.syncs.views import is_checking
from tieout.portal.vouchers.reading import asking
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.books import OSLO

ACCOUNTS_A_PAGE = 250
DIFFERENCES_SHOWN = 200
DAYS_SHOWN = 5  # of those that agree


@reader_required
@require_GET
def proof(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Does it agree?"""
    page = source_page(request, source_id, tab="proof")
    source = page["source"]
    states = StreamState.objects.filter(source=source)
    tie_out = tie_out_of(source)
    accounts = agreeing(source, tie_out)
    shown = {
        "tie_out": tie_out,
        "agreeing": accounts,
        "show_all": "all" in request.GET,
        "page": Paginator(accounts, ACCOUNTS_A_PAGE).get_page(request.GET.get("page")),
        "is_checking": is_checking(source),
        "states": states,
        "filling": [state for state in states if state.is_filling and state.rows_left],
    }
    return render(request, "proofs/proof.html", page | shown | _past(source, tie_out))


@reader_required
@require_GET
def open_items(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """How old is what is open, and what of it leads to no invoice?"""
    page = source_page(request, source_id, tab="proof")
    with asking(page["source"]) as ask:
        items = items_of(ask, str(source_id)) if ask else NOTHING
    return render(request, "proofs/open_items.html", page | {"items": items, "tie_out": tie_out_of(page["source"])})


@reader_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Which companies can be closed?"""
    found = board_of(workspace_of(request), request.GET.dict(), person=person_of(request), now=_now())
    parameters = request.GET.copy()
    parameters.pop("page", None)
    earlier, later = found.month - timedelta(days=1), next_month(found.month)
    shown = {"board": found, "earlier": f"{earlier:%Y-%m}", "later": f"{later:%Y-%m}", "query": parameters.urlencode()}
    return render(request, "proofs/board.html", shown)


def _now() -> datetime:
    """Norway's clock: there the books' months begin and end."""
    return timezone.now().astimezone(OSLO)


def _past(source: Any, tie_out: Any) -> dict[str, Any]:
    """What the warehouse knows of earlier tie-outs; while another process has it open, nothing."""
    past, stamps = queries.past_of(source), stamps_of(source)
    still_open = next((one for one in past.incidents if Told(one).is_open), None)
    return {
        "is_past_known": past.is_known,
        "incidents": [Told(incident, stamps) for incident in past.incidents],
        "years": heat_map(source, past.ledger, past.incidents, now=_now()),
        "dimensions": past.dimensions,
        "days_off": [one for one in past.days if one.outcome != "agrees"],
        "days_agreeing": [one for one in past.days if one.outcome == "agrees"][:DAYS_SHOWN],
        "convention": past.convention,
        "differences": explained(tie_out.differences[:DIFFERENCES_SHOWN], still_open) if tie_out else [],
        "names": queries.account_names(source),
    }
