"""The strip *Try to break it*: does one thing, asks for a sync, and shows what came of it."""

from __future__ import annotations

from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tieout.portal.sources.queries import get_source
from tieout.portal.syncs.actions import request_sync
from tieout.portal.syncs.models import OPEN_STATES, Reason, Sync
from tieout.portal.trials.acts import BY_NAME, NothingToDoError
from tieout.portal.trials.told import keep, strip_of
from tieout.portal.workspaces.decorators import View, administrator_required, reader_required
from tieout.portal.workspaces.queries import person_of, workspace_of


def only_in_the_demo(view: View[[UUID]] | View[[UUID, str]]) -> View[...]:
    """As unknown as any other address elsewhere, to whoever asks."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponse:
        if not settings.TIEOUT.demo_control:
            raise Http404
        return view(request, *args, **kwargs)  # type: ignore[arg-type, return-value]

    return checked


@only_in_the_demo
@administrator_required
@require_POST
def act(request: HttpRequest, source_id: UUID, name: str) -> HttpResponse:
    """Do it, then sync."""
    source, trial = get_source(workspace_of(request), source_id), BY_NAME.get(name)
    if trial is None:
        raise Http404
    if Sync.objects.filter(source=source, state__in=OPEN_STATES).exclude(reason=Reason.FILL).exists():
        messages.warning(request, _("A sync is running. Wait for its verdict, then try the next thing."))
        return _back(source_id)
    try:
        happened = trial.act(source)
    except NothingToDoError as error:
        messages.warning(request, str(error))
        return _back(source_id)
    keep(request, source, trial, happened, request_sync(source, reason=Reason.PERSON, by=person_of(request)))
    return _back(source_id)


@only_in_the_demo
@reader_required
@require_GET
def strip(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The strip alone, for the page that follows what becomes of a trial."""
    return render(request, "trials/strip.html", strip_of(request, get_source(workspace_of(request), source_id)))


def _back(source_id: UUID) -> HttpResponse:
    return redirect(reverse("syncs:proof", args=[source_id]) + "#try")
