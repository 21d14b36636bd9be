"""Pages of stamps: the list with the form of a new one, and what became of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tieout.portal.sources.queries import source_page
from tieout.portal.stamps import files
from tieout.portal.stamps.actions import StampError
from tieout.portal.stamps.actions import stamp as make_stamp
from tieout.portal.stamps.comparing import Comparison, compared
from tieout.portal.stamps.forms import StampForm
from tieout.portal.stamps.late import Late, in_locked_periods
from tieout.portal.stamps.models import Stamp
from tieout.portal.stamps.queries import get_stamp, stamps_of
from tieout.portal.workspaces.decorators import administrator_required, reader_required
from tieout.portal.workspaces.queries import person_of
from tieout.warehouse.base import BusyError

A_PAGE = 50


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def stamps(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Every stamp, what came into locked periods, and the form of a new stamp."""
    page = source_page(request, source_id, tab="stamps")
    return _new(request, source_id) if request.method == "POST" else _list(request, page, StampForm())


@administrator_required
def _new(request: HttpRequest, source_id: UUID) -> HttpResponse:
    page = source_page(request, source_id, tab="stamps")
    form = StampForm(request.POST)
    if form.is_valid():
        try:
            made = make_stamp(page["source"], **form.cleaned_data, by=person_of(request))
        except StampError as error:
            form.add_error(None, str(error))
        except BusyError:
            form.add_error(None, _busy())
        else:
            return redirect("stamps:stamp", source_id, made.pk)
    return _list(request, page, form, status=422)


def _list(request: HttpRequest, page: dict[str, Any], form: StampForm, *, status: int = 200) -> HttpResponse:
    locked, is_known = list[Late](), True
    try:
        locked = in_locked_periods(page["source"])
    except BusyError:
        is_known = False
    shown = {"stamps": stamps_of(page["source"]), "form": form, "locked": locked, "is_known": is_known}
    return render(request, "stamps/stamps.html", page | shown, status=status)


@reader_required
@require_GET
def stamp(request: HttpRequest, source_id: UUID, stamp_id: UUID) -> HttpResponse:
    """What became of a stamp: by account, and the vouchers."""
    page = source_page(request, source_id, tab="stamps")
    found = get_stamp(page["source"], stamp_id)
    asked = request.GET.get("page", "1")
    at = int(asked) if asked.isdigit() and 0 < len(asked) < 8 else 1
    try:
        result = compared(found, limit=A_PAGE, offset=(max(at, 1) - 1) * A_PAGE)
    except BusyError:
        return render(request, "stamps/busy.html", page | {"stamp": found})
    pages = Paginator(range(result.vouchers_in_all), A_PAGE)
    shown = {"stamp": found, "found": result, "page": pages.get_page(at), "show_all": "all" in request.GET}
    return render(request, "stamps/stamp.html", page | shown)


@reader_required
@require_GET
def accounts_file(request: HttpRequest, source_id: UUID, stamp_id: UUID) -> HttpResponse:
    """All accounts as CSV."""
    found, result = _whole(request, source_id, stamp_id)
    return files.as_file(files.accounts_csv(result), f"stamp-{found.on:%Y-%m-%d}-accounts")


@reader_required
@require_GET
def vouchers_file(request: HttpRequest, source_id: UUID, stamp_id: UUID) -> HttpResponse:
    """All changed vouchers as CSV."""
    found, result = _whole(request, source_id, stamp_id)
    return files.as_file(files.vouchers_csv(result), f"stamp-{found.on:%Y-%m-%d}-vouchers")


def _whole(request: HttpRequest, source_id: UUID, stamp_id: UUID) -> tuple[Stamp, Comparison]:
    page = source_page(request, source_id, tab="stamps")
    found = get_stamp(page["source"], stamp_id)
    return found, compared(found)


def _busy() -> str:
    return _("A command has the warehouse open now, so nothing was stamped. Try again when it is done.")
