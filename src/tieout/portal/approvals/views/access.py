"""A data source's tab *Access and approval*, and the two ways to renew: go there now, or share a link."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tieout.connectors.base import Approval
from tieout.connectors.errors import ConnectorError
from tieout.portal.approvals import actions, queries
from tieout.portal.approvals.forms import KeyForm, LinkForm
from tieout.portal.approvals.onboarding import wish_to_renew
from tieout.portal.approvals.own_key import take_own_key
from tieout.portal.approvals.swap import NotThisCompanyError
from tieout.portal.approvals.views.fresh import remember
from tieout.portal.approvals.views.leaving import leave_for, may_leave
from tieout.portal.approvals.views.wizard import GET_OR_POST, why_not
from tieout.portal.sources.queries import source_page
from tieout.portal.workspaces.decorators import administrator_required, reader_required
from tieout.portal.workspaces.queries import person_of


@reader_required
@may_leave
@require_safe
def show(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Who approved, when and how, what we may read, and what happened around it."""
    context = source_page(request, source_id, tab="access")
    source = context["source"]
    return render(
        request,
        "approvals/access.html",
        context
        | {
            "approval": queries.last_approval(source),
            "key_received_at": queries.key_received_at(source),
            "replaced_elsewhere_at": queries.replaced_elsewhere_at(source),
            "open_links": queries.open_links(source.workspace, now=timezone.now(), source=source),
            "history": queries.approval_history(source)[:50],
            "by_redirect": context["connector"].approval is Approval.REDIRECT,
        },
    )


@administrator_required
@may_leave
@require_http_methods(GET_OR_POST)
def recreate(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Renew as oneself. Opening says what will happen; the POST goes to the system's own pages."""
    context = source_page(request, source_id, tab="access")
    if context["connector"].approval is not Approval.REDIRECT:
        return redirect("approvals:renew_key", source_id)
    if request.method == "POST":
        try:
            return leave_for(request, wish_to_renew(context["source"], person_of(request)))
        except ConnectorError as error:
            context["problem"] = str(error)
    return render(request, "approvals/recreate.html", context)


@administrator_required
@require_http_methods(GET_OR_POST)
def authentication_link(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Renew through somebody outside: a link for this company only. A POST without fields makes it with the defaults."""
    context = source_page(request, source_id, tab="access")
    if context["connector"].approval is not Approval.REDIRECT:
        return redirect("approvals:renew_key", source_id)
    form = LinkForm(_filled(request) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fresh = actions.make_renewal_link(context["source"], by=person_of(request), **form.cleaned_data)
        remember(request, fresh)
        return redirect("approvals:link", fresh.link.pk)
    return render(request, "approvals/authentication_link.html", context | {"form": form})


def _filled(request: HttpRequest) -> dict[str, str]:
    return {"valid_for": "7d"} | request.POST.dict()


@administrator_required
@require_http_methods(GET_OR_POST)
def key(request: HttpRequest, source_id: UUID) -> HttpResponseBase:
    """Renew with a key that somebody has already."""
    context = source_page(request, source_id, tab="access")
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wish = wish_to_renew(context["source"], person_of(request))
        try:
            take_own_key(wish, form.cleaned_data["client_key"], browser="", now=timezone.now())
        except (ConnectorError, NotThisCompanyError) as error:
            form.add_error("client_key", why_not(error, context["connector"]))
        else:
            messages.success(request, _("The connection is renewed. A sync has started."))
            return redirect("approvals:access", source_id)
    return render(request, "approvals/renew_key.html", context | {"form": form})
