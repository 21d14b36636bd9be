"""*Installation* for owners: is everything well, and how to get a vendor's keys."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tieout.connectors.first_contact import FirstContact
from tieout.portal.installation import examination
from tieout.portal.installation.words import letters_of, shown
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.decorators import owner_required
from tieout.portal.workspaces.queries import workspace_of

# What a vendor may let us try things out with: this machine's own address (the vendor's words, not ours, say when).
TRIAL_URL = "http://localhost:8000"


@owner_required
@require_GET
def doctor(request: HttpRequest) -> HttpResponse:
    """What can be said at once; `?ask` also asks the vendors, which takes some seconds."""
    findings = list(examination.here())
    is_asked = "ask" in request.GET
    if is_asked:
        findings += examination.vendors()
        findings += examination.granted(Source.objects.in_workspace(workspace_of(request)).order_by("name"))
    page = {
        "findings": [shown(finding) for finding in findings],
        "is_asked": is_asked,
        "contacts": [one for one in settings.CONNECTORS.values() if isinstance(one, FirstContact)],
    }
    return render(request, "installation/doctor.html", page)


@owner_required
@require_GET
def keys(request: HttpRequest, connector: str) -> HttpResponse:
    """*Getting your keys*, for one vendor."""
    contact: Any = settings.CONNECTORS.get(connector)
    if not isinstance(contact, FirstContact):
        raise Http404
    here = examination.callback_of(connector)
    page = {
        "contact": contact,
        "application": contact.application,
        "callback": here,
        "is_public": here.startswith("https://"),
        "letters": letters_of(contact.application, trial=here, production=here),
        "trial_callback": examination.callback_of(connector, TRIAL_URL),
    }
    return render(request, "installation/keys.html", page)
