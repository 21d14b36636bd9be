"""Saving a question, renaming and sharing one, taking one away; the page of questions lists them."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tieout.portal.explorer import saved
from tieout.portal.workspaces.decorators import reader_required
from tieout.portal.workspaces.queries import membership_of, person_of, workspace_of


@reader_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question that stands in the field."""
    sql, name = request.POST.get("sql", "").replace("\r\n", "\n"), request.POST.get("name", "")
    shared = "is_shared" in request.POST
    try:
        made = saved.save(workspace_of(request), person_of(request), name=name, sql=sql, is_shared=shared)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('explorer:sql')}?{urlencode({'sql': sql})}")
    messages.success(request, _("The question %(name)s is saved.") % {"name": made.name})
    return redirect(f"{reverse('explorer:sql')}?saved={made.pk}")


@reader_required
@require_POST
def change(request: HttpRequest, query_id: UUID) -> HttpResponse:
    """Another name, or shared from now on, or no longer."""
    person = person_of(request)
    found = saved.get_saved(workspace_of(request), person, query_id)
    try:
        saved.change(found, person, name=request.POST.get("name", ""), is_shared="is_shared" in request.POST)
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('explorer:sql')}?saved={found.pk}")


@reader_required
@require_POST
def remove(request: HttpRequest, query_id: UUID) -> HttpResponse:
    """Take it away."""
    person = person_of(request)
    found = saved.get_saved(workspace_of(request), person, query_id)
    saved.remove(found, person, administers=membership_of(request).can_administer)
    messages.success(request, _("The question %(name)s is gone.") % {"name": found.name})
    return redirect("explorer:sql")
