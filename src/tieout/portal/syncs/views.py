"""Pages of a data source: overview, streams, history, one sync; and its three buttons. The proof is the app `proofs`."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tieout.portal.sources.models import ApprovalState
from tieout.portal.sources.queries import get_source, source_page
from tieout.portal.syncs import actions
from tieout.portal.syncs import history as histories
from tieout.portal.syncs.models import OPEN_STATES, Reason, StreamState, Sync
from tieout.portal.syncs.overview import overview_of
from tieout.portal.syncs.tie_outs import TieOut, read, tie_out_of
from tieout.portal.workspaces.decorators import administrator_required, reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.books import OSLO
from tieout.warehouse.browse import harmless

EARLIEST = date(1990, 1, 1)  # of days at which somebody wants a ledger compared
POLL_SECONDS = 2
POLL_AT_REST_SECONDS = 20


@reader_required
@require_GET
def overview(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Is it coming in?"""
    return render(request, "syncs/overview.html", _overview(request, source_id))


@reader_required
@require_GET
def live(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """What changes on the overview. When the page's buttons would be others now, the whole page is called for."""
    page = _overview(request, source_id)
    if request.GET.get("as", "") != page["as"]:
        return redirect("syncs:overview", source_id)
    return render(request, "syncs/partials/live.html", page)


def _overview(request: HttpRequest, source_id: UUID) -> dict[str, Any]:
    page = source_page(request, source_id, tab="overview")
    source = page["source"]
    shown = overview_of(source, page["connector"], now=timezone.now())
    return page | {
        "overview": shown,
        "progress": shown.progress,
        "tie_out": shown.tie_out,
        "as": f"{source.activity}.{page['standing']}",
        "every": POLL_SECONDS if shown.progress else POLL_AT_REST_SECONDS,
    }


@reader_required
@require_GET
def streams(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """What is here, stream by stream."""
    page = source_page(request, source_id, tab="streams")
    states = StreamState.objects.filter(source=page["source"])
    return render(request, "syncs/streams.html", page | {"states": states, "rows": sum(state.rows for state in states)})


@reader_required
@require_GET
def history(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """What happened: syncs, and what people did."""
    page = source_page(request, source_id, tab="history")
    shows = dict(histories.SHOWS)
    show = request.GET.get("show", "")
    show = show if show in shows else ""
    counts = histories.counts(page["source"])
    return render(
        request,
        "syncs/history.html",
        page
        | {
            "page": histories.page_of(page["source"], show=show, number=request.GET.get("page")),
            "filters": [(name, word, counts[name]) for name, word in shows.items()],
            "show": show,
            "query": f"show={show}" if show else "",
        },
    )


@reader_required
@require_GET
def sync(request: HttpRequest, source_id: UUID, sync_id: int) -> HttpResponse:
    """One sync: what it did to each stream, its verdict, its log."""
    page = source_page(request, source_id, tab="history")
    found = _sync(page["source"], sync_id)
    return render(
        request,
        "syncs/sync.html",
        page
        | {
            "sync": found,
            "lines": histories.lines_of(found),
            "tie_out": _tie_out(found),
            "page": histories.log_of(found, number=request.GET.get("page")),
        },
    )


@reader_required
@require_GET
def log(request: HttpRequest, source_id: UUID, sync_id: int) -> StreamingHttpResponse:
    """What a sync told, one event a line."""
    found = _sync(get_source(workspace_of(request), source_id), sync_id)
    lines = (
        json.dumps({"event": event.code, "at": event.at.isoformat(), "stream": event.stream, **event.facts}) + "\n"
        for event in found.events.iterator()
    )
    return StreamingHttpResponse(
        lines,
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="sync-{sync_id}.jsonl"'},
    )


@reader_required
@require_GET
def checking(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The button while a check runs; when it is over the whole page is called for."""
    source = get_source(workspace_of(request), source_id)
    if not is_checking(source):
        return redirect("syncs:proof", source_id)
    return render(request, "syncs/partials/check_now.html", {"source": source, "is_checking": True})


@reader_required
@require_GET
def differences(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """All differences of the latest tie-out as CSV: exact, a point before decimals, for machines."""
    source = get_source(workspace_of(request), source_id)
    tie_out = tie_out_of(source)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="differences-{source.organisation_number}.csv"'
    writer = csv.writer(response)
    writer.writerow(["check", "date", "number", "name", "stored", "source", "difference"])
    for row in tie_out.differences if tie_out else ():
        number = harmless(row.number) if isinstance(row.number, str) else row.number
        writer.writerow([row.check, row.on, number, harmless(row.name), row.stored, row.vendor, row.difference])
    return response


@administrator_required
@require_POST
def sync_now(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Ask for a sync."""
    source = get_source(workspace_of(request), source_id)
    if source.is_paused:
        messages.warning(request, _("This data source is paused. Resume it first."))
    elif source.approval_state == ApprovalState.WAITING:
        messages.warning(request, _("This data source needs an approval first."))
    else:
        actions.request_sync(source, reason=Reason.PERSON, by=person_of(request))
    return redirect("syncs:overview", source_id)


@administrator_required
@require_POST
def cancel(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Stop what runs or waits."""
    source = get_source(workspace_of(request), source_id)
    if actions.cancel_sync(source, person_of(request)):
        messages.success(request, _("The sync stops. Rows that have arrived stay."))
    else:
        messages.info(request, _("No sync was running any more."))
    return redirect("syncs:overview", source_id)


@administrator_required
@require_POST
def check_now(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Ask for a tie-out of what is stored."""
    source = get_source(workspace_of(request), source_id)
    on = day_asked(request.POST.get("on", ""))
    if on is None and request.POST.get("on"):
        messages.error(request, _("Choose a day that is over, no earlier than 1990."))
    else:
        actions.request_check(source, by=person_of(request), on=on)
    return redirect("syncs:proof", source_id)


def day_asked(text: str) -> date | None:
    """A day of the past at which the ledger is to be compared; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= timezone.now().astimezone(OSLO).date() else None


def _sync(source: Any, sync_id: int) -> Sync:
    return get_object_or_404(histories.syncs_of(source), pk=sync_id)


def is_checking(source: Any) -> bool:
    """Whether a check alone waits or runs."""
    return Sync.objects.filter(source=source, reason=Reason.CHECK, state__in=OPEN_STATES).exists()


def _tie_out(found: Sync) -> TieOut | None:
    event = found.events.filter(code="tie_out").last()
    return None if event is None else read(event)
