"""*Webhooks*: where what happens is posted, and what came back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tieout.portal import shown_once
from tieout.portal.webhooks import actions, delivering, events, queries
from tieout.portal.webhooks.forms import EndpointForm
from tieout.portal.workspaces.decorators import whole_workspace_required
from tieout.portal.workspaces.queries import person_of, workspace_of

A_PAGE = 25


@whole_workspace_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """All webhooks of the workspace, and the form that makes one more."""
    workspace = workspace_of(request)
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        endpoint, secret = actions.make(workspace, **form.cleaned_data, by=person_of(request))
        if secret:
            shown_once.remember(request, secret, endpoint.place("signing_secret"))
        messages.success(request, _("The webhook is made. Send a test."))
        return redirect("webhooks:webhook", endpoint.pk)
    return render(request, "webhooks/webhooks.html", {"form": form, "endpoints": queries.endpoints_of(workspace)})


@whole_workspace_required
@require_GET
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """One webhook: whether it is taken, and the log of what was posted."""
    endpoint = queries.get_endpoint(workspace_of(request), endpoint_id)
    page = Paginator(queries.deliveries_of(endpoint), A_PAGE).get_page(request.GET.get("page"))
    secret = shown_once.take(request, endpoint.place("signing_secret"))
    return render(request, "webhooks/webhook.html", {"endpoint": endpoint, "page": page, "secret": secret})


@whole_workspace_required
@require_POST
def test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Post a test here and now."""
    endpoint = queries.get_endpoint(workspace_of(request), endpoint_id)
    if delivering.deliver(events.test(endpoint), now=timezone.now()):
        messages.success(request, _("The test was taken."))
    else:
        messages.error(request, _("The test was not taken. The log says what came back."))
    return redirect("webhooks:webhook", endpoint.pk)


@whole_workspace_required
@require_POST
def renew_secret(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """A new signing secret."""
    endpoint = queries.get_endpoint(workspace_of(request), endpoint_id)
    secret = actions.renew_secret(endpoint, by=person_of(request))
    shown_once.remember(request, secret, endpoint.place("signing_secret"))
    return redirect("webhooks:webhook", endpoint.pk)


@whole_workspace_required
@require_POST
def switch(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Off, or on again."""
    endpoint = queries.get_endpoint(workspace_of(request), endpoint_id)
    if endpoint.is_on:
        actions.switch_off(endpoint, by=person_of(request))
        messages.success(request, _("The webhook is switched off."))
    else:
        actions.switch_on(endpoint, by=person_of(request))
        messages.success(request, _("The webhook is switched on. What happens from now on is posted."))
    return redirect("webhooks:webhook", endpoint.pk)


@whole_workspace_required
@require_POST
def remove(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Forget it."""
    endpoint = queries.get_endpoint(workspace_of(request), endpoint_id)
    actions.remove(endpoint, by=person_of(request))
    messages.success(request, _("The webhook is removed, its secret and its log with it."))
    return redirect("webhooks:list")
