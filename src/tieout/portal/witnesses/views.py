"""Pages of witnesses: a file is given, and what each one said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tieout.portal.sources.queries import source_page
from tieout.portal.witnesses import actions, refusals, shown
from tieout.portal.witnesses.forms import WitnessForm
from tieout.portal.witnesses.models import Witness
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import membership_of, person_of
from tieout.sync.witness.errors import WitnessError
from tieout.warehouse.base import BusyError

ON_A_PAGE = 50


@reader_required
@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Give a file; and every file that was given, newest first."""
    page = source_page(request, source_id, tab="proof")
    if request.method == "POST" and not membership_of(request).can_administer:
        raise PermissionDenied
    form = WitnessForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        heard = _heard(request, page["source"], form)
        if heard is not None:
            return redirect("witnesses:witness", source_id, heard.pk)
    found = Paginator(Witness.objects.filter(source=page["source"]).select_related("by"), ON_A_PAGE)
    return render(
        request,
        "witnesses/list.html",
        page | {"form": form, "page": found.get_page(request.GET.get("page"))},
        status=422 if form.errors else 200,
    )


@reader_required
@require_GET
def witness(request: HttpRequest, source_id: UUID, witness_id: int) -> HttpResponse:
    """What one file said."""
    page = source_page(request, source_id, tab="proof")
    found = get_object_or_404(Witness, source=page["source"], pk=witness_id)
    told = {
        "witness": found,
        "accounts": shown.accounts(found),
        "vouchers": shown.vouchers(found),
        "contradictions": shown.contradictions(found),
    }
    return render(request, "witnesses/witness.html", page | told)


def _heard(request: HttpRequest, source: Any, form: WitnessForm) -> Witness | None:
    """The witness; None with the reason beside the form's field."""
    try:
        return actions.hear_upload(source, form.cleaned_data["file"], by=person_of(request))
    except WitnessError as error:
        form.add_error("file", refusals.in_words(error))
    except BusyError:
        form.add_error("file", _("A command has the warehouse open now. Try again when it is done."))
    return None
