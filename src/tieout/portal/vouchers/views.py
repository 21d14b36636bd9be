"""Pages of vouchers: the list, and one with all that belongs to it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.connectors.attachments import AttachmentKind
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source, source_page
from tieout.portal.vouchers import queries
from tieout.portal.vouchers.attachments import NotToBeHadError, are_kept_by, fetched, files_of
from tieout.portal.vouchers.chain import chain_of
from tieout.portal.vouchers.reading import Ask, Row, asking
from tieout.portal.vouchers.versions import versions_of
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import workspace_of

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
    if chosen and "attachments" in request.GET:  # the warehouse is not held while the accounting system answers
        found |= _attached(page["source"], number, chosen[0])
    shown = {"is_one_of": len(heads), "keeps_attachments": bool(chosen) and are_kept_by(page["source"])}
    return render(request, "vouchers/voucher.html", page | found | shown)


@reader_required
@require_GET
def attachment(request: HttpRequest, source_id: UUID, number: int, kind: str) -> HttpResponse | FileResponse:
    """An attachment as a file; why not, where it can't be had. Raises Http404 for what is no voucher of this company."""
    source = get_source(workspace_of(request), source_id)
    with asking(source) as ask:
        heads = queries.heads_of(ask, str(source_id), number) if ask and number < 2**63 else []
    wanted = request.GET.get("id", "")
    if wanted not in [head["voucher_id"] for head in heads] or kind not in set(AttachmentKind):
        raise Http404
    try:
        return fetched(source, number, wanted, AttachmentKind(kind))
    except NotToBeHadError as error:
        page = source_page(request, source_id, tab="vouchers")
        told = {"number": number, "voucher_id": wanted, "not_to_be_had": error}
        return render(request, "vouchers/attachment.html", page | told, status=502)


def _attached(source: Source, number: int, head: Row) -> dict[str, Any]:
    try:
        return {"attachments": files_of(source, number, head["voucher_id"])}
    except NotToBeHadError as error:
        return {"not_to_be_had": error}


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
