"""Pages of vouchers: the list, and one with all that belongs to it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.portal.sources.queries import source_page
from tieout.portal.vouchers import queries
from tieout.portal.vouchers.chain import chain_of
from tieout.portal.vouchers.reading import Ask, Row, asking
from tieout.portal.vouchers.versions import versions_of
from tieout.portal.workspaces.decorators import reader_required

VERSIONS_SHOWN = 200


@reader_required
@require_GET
def vouchers(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Vouchers by number, date or text, newest first."""
    page = source_page(request, source_id, tab="vouchers")
    search = queries.Search(
        text=request.GET.get("q", "").strip()[:200],
        since=_day(request.GET.get("since", "")),
        until=_day(request.GET.get("until", "")),
    )
    asked = request.GET.get("page", "1")
    at = int(asked) if asked.isdigit() and 0 < len(asked) < 8 else 1
    rows, total = list[Row](), 0
    with asking(page["source"]) as ask:
        if ask:
            rows, total = queries.found_of(ask, str(source_id), search, page=max(at, 1))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    shown = {
        "search": search,
        "rows": rows,
        "total": total,
        "has_models": ask is not None,
        "page": Paginator(range(total), queries.A_PAGE).get_page(at),
        "query": parameters.urlencode(),
    }
    return render(request, "vouchers/vouchers.html", page | shown)


@reader_required
@require_GET
def voucher(request: HttpRequest, source_id: UUID, number: int) -> HttpResponse:
    """One voucher; the choice where several have its number; what it was where it is gone. Raises Http404."""
    page = source_page(request, source_id, tab="vouchers") | {"number": number}
    with asking(page["source"]) as ask:
        if ask is None or number >= 2**63:
            raise Http404
        heads = queries.heads_of(ask, str(source_id), number)
        wanted = request.GET.get("id", "")
        chosen = [head for head in heads if not wanted or head["voucher_id"] == wanted]
        if len(chosen) > 1:
            return render(request, "vouchers/choice.html", page | {"heads": chosen})
        found = _found(ask, page, number, chosen[0]) if chosen else _gone(ask, page, number, wanted)
    return render(request, "vouchers/voucher.html", page | found | {"is_one_of": len(heads)})


def _found(ask: Ask, page: dict[str, Any], number: int, head: Row) -> dict[str, Any]:
    company = str(page["source"].pk)
    versions = versions_of(ask, page["connector"], company, number=number, voucher_id=head["voucher_id"])
    return {
        "voucher": queries.voucher_of(ask, company, head),
        "chain": chain_of(ask, company, number),
        "versions": versions[:VERSIONS_SHOWN],
        "versions_in_all": len(versions),
    }


def _gone(ask: Ask, page: dict[str, Any], number: int, voucher_id: str) -> dict[str, Any]:
    """What is known of a voucher that the source no longer has. Raises Http404 for one that never was."""
    company = str(page["source"].pk)
    versions = versions_of(ask, page["connector"], company, number=number, voucher_id=voucher_id or None)
    if not versions:
        raise Http404
    return {
        "voucher": None,
        "chain": chain_of(ask, company, number),
        "versions": versions[:VERSIONS_SHOWN],
        "versions_in_all": len(versions),
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
