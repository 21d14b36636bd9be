"""The page *Personal data* of a data source."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tieout.portal.personal import actions
from tieout.portal.personal.forms import PersonalForm
from tieout.portal.sources.queries import choices_of, source_page
from tieout.portal.workspaces.decorators import administrator_required
from tieout.portal.workspaces.queries import person_of
from tieout.warehouse.base import BusyError


@administrator_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """A choice for each kind; what is chosen is done to what is stored at once."""
    page = source_page(request, source_id, tab="settings")
    source = page["source"]
    form = PersonalForm(request.POST or None, choices=choices_of(source))
    if request.method != "POST" or not form.is_valid():
        shown = {"form": form, "days": settings.TIEOUT.contact_days}
        return render(request, "personal/choices.html", page | shown, status=422 if form.errors else 200)
    try:
        actions.choose(source, form.chosen(), by=person_of(request))
    except BusyError:
        told = _(
            "Saved for what comes. A command has the warehouse open: what is stored follows at the server’s next start."
        )
        messages.warning(request, told)
    else:
        messages.success(request, _("The choices are saved, and hold for what is stored too."))
    return redirect("personal:choices", source_id)
