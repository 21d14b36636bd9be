"""The page of grouping codes: where each account goes, who said so, and what nobody has looked at yet."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from tieout.portal.planning.words import in_words
from tieout.portal.saft import actions, queries, uploads
from tieout.portal.saft.forms import CodesFileForm
from tieout.portal.saft.queries import Mapped
from tieout.portal.saft.words import CATEGORIES
from tieout.portal.sources.queries import source_page
from tieout.portal.stamps.files import as_file
from tieout.portal.workspaces.decorators import must_administer, reader_required
from tieout.portal.workspaces.queries import person_of
from tieout.reports.saft.grouping import Grouping, every, of_code
from tieout.reports.uploaded import UploadError, table_of
from tieout.warehouse.base import BusyError

ON_A_PAGE = 50


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The accounts with their codes; sent, some are confirmed, changed, or given in a file."""
    page = source_page(request, source_id, tab="saft")
    source, problems, wrong = page["source"], list[str](), dict[int, str]()
    form = CodesFileForm()
    search, unconfirmed = request.GET.get("q", "")[:100], "unconfirmed" in request.GET
    try:
        mapped = queries.mapping_of(source)
        if request.method == "POST":
            must_administer(request)
            if "by_file" in request.POST:
                form = CodesFileForm(request.POST, request.FILES)
                problems = _by_file(request, source, form, mapped)
            else:
                wrong = _typed(request, source, mapped)
            if not problems and not wrong and not form.errors:
                return redirect(request.get_full_path())
        shown = queries.mapping_of(source, search=search, unconfirmed=unconfirmed)
    except BusyError:
        return render(request, "saft/busy.html", page)
    shown_page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    told = {
        "page": shown_page,
        "rows": [(one, wrong.get(one.account_no), CATEGORIES[one.grouping.category]) for one in shown_page],
        "in_all": len(mapped),
        "unconfirmed": sum(one.confirmed is None for one in mapped),
        "only_unconfirmed": unconfirmed,
        "search": search,
        "query": urlencode({"q": search} | ({"unconfirmed": 1} if unconfirmed else {})),
        "every": [(one.code, CATEGORIES[one.category]) for one in every()],
        "wrong": wrong,
        "form": form,
        "problems": problems,
    }
    is_wrong = problems or wrong or form.errors
    return render(request, "saft/codes.html", page | told, status=422 if is_wrong else 200)


def _by_file(request: HttpRequest, source: Any, form: CodesFileForm, mapped: list[Mapped]) -> list[str]:
    if not form.is_valid():
        return []
    upload = form.cleaned_data["file"]
    try:
        chosen = uploads.groupings(table_of(upload.read(), upload.name or ""), {one.account_no for one in mapped})
    except UploadError as error:
        return in_words(error.problems)
    _confirm(request, source, chosen)
    return []


def _typed(request: HttpRequest, source: Any, mapped: list[Mapped]) -> dict[int, str]:
    """Confirm one row, the page's rows, or every account by rule; what was typed wrong, by account."""
    by_number = {one.account_no: one for one in mapped}
    if "all" in request.POST:
        _confirm(request, source, {one.account_no: one.grouping for one in mapped if one.confirmed is None})
        return {}
    alone = request.POST.get("account", "")
    asked = [alone] if alone else [name.removeprefix("code-") for name in request.POST if name.startswith("code-")]
    typed = {
        int(one): request.POST.get(f"code-{one}", "").strip() for one in asked if one.isdecimal() and len(one) < 18
    }
    typed = {number: code for number, code in typed.items() if number in by_number}
    chosen = {number: of_code(code) for number, code in typed.items() if code}
    wrong = {number: typed[number] for number, one in chosen.items() if one is None}
    if not wrong:
        for number in (number for number, code in typed.items() if not code):
            actions.leave_to_rule(source, number, by=person_of(request))
        _confirm(request, source, {number: one for number, one in chosen.items() if one})
    return wrong


def _confirm(request: HttpRequest, source: Any, chosen: dict[int, Grouping]) -> None:
    actions.confirm(source, chosen, by=person_of(request))
    said = ngettext(
        "The code of %(n)s account is confirmed.", "The codes of %(n)s accounts are confirmed.", len(chosen)
    )
    messages.success(request, said % {"n": len(chosen)} if chosen else _("What was emptied goes by rule again."))


@reader_required
@require_GET
def codes_file(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """All of it as CSV, to be given back here or to the command."""
    source = source_page(request, source_id, tab="saft")["source"]
    return as_file(uploads.table(queries.mapping_of(source)), f"grouping-codes-{source.organisation_number}")
