"""Approval links for those who make them: the list, one link with its time line, and what may be done with it."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_POST, require_safe

from tieout.portal.approvals import actions, queries
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.forms import SendForm
from tieout.portal.approvals.models import ApprovalLink, LinkState
from tieout.portal.approvals.several import left_of
from tieout.portal.approvals.tokens import hashed
from tieout.portal.approvals.views.fresh import remember, take
from tieout.portal.approvals.views.leaving import connector_or_404
from tieout.portal.approvals.views.letter import request_context
from tieout.portal.letters import address
from tieout.portal.workspaces.decorators import administrator_required
from tieout.portal.workspaces.queries import person_of, workspace_of


@administrator_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All links of the workspace; `?state=` shows one kind."""
    rows = queries.rows(workspace_of(request), now=timezone.now())
    state = request.GET.get("state", "")
    counts = [(one, sum(row.state is one for row in rows)) for one in LinkState]
    context = {
        "rows": [row for row in rows if state in ("", row.state)],
        "counts": counts,
        "total": len(rows),
        "state": state,
        "being_checked": queries.being_checked(workspace_of(request)),
    }
    return render(request, "approvals/links.html", context)


@administrator_required
@require_safe
def show(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """One link: its address right after it was made, and what has happened to it since."""
    link = queries.get_link(workspace_of(request), link_id)
    token = take(request, link)
    context = _context(link) | {
        "token": token,
        "address": address(reverse("approvals:request", args=[token])) if token else "",
        "send_form": SendForm(initial={"token": token, "email": link.recipient_email}),
    }
    return render(request, "approvals/link.html", context)


@administrator_required
@require_safe
def progress(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """The part of the link's page that follows by itself."""
    link = queries.get_link(workspace_of(request), link_id)
    return render(request, "approvals/partials/progress.html", _context(link))


@administrator_required
@xframe_options_deny
@require_safe
def preview(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """What the receiver will see, with a button that does nothing."""
    link = queries.get_link(workspace_of(request), link_id)
    return render(request, "approvals/letters/request.html", request_context(request, link, "") | {"preview": True})


@administrator_required
@require_POST
def send(request: HttpRequest, link_id: UUID) -> HttpResponseBase:
    """E-mail a link whose address is still on the page."""
    link = queries.get_link(workspace_of(request), link_id)
    form = SendForm(request.POST)
    token = request.POST.get("token", "")
    if not constant_time_compare(hashed(token), link.token_hash):
        messages.error(request, _("This address is no longer known here. Resend makes a new one."))
        return redirect("approvals:link", link.pk)
    fresh = FreshLink(link, token)
    remember(request, fresh)
    if not form.is_valid():
        messages.error(request, _("Type the e-mail address of whoever approves."))
    elif link.state(timezone.now()) is LinkState.OPEN:
        _send(request, fresh, form.cleaned_data["email"])
    return redirect("approvals:link", link.pk)


def _send(request: HttpRequest, fresh: FreshLink, to: str) -> None:
    try:
        actions.send_link(fresh, to=to, by=person_of(request))
    except (OSError, SMTPException):
        messages.error(request, _("The mail server did not take the e-mail. Copy the link and send it yourself."))
    else:
        messages.success(request, _("The e-mail is sent to %(to)s.") % {"to": to})


@administrator_required
@require_POST
def resend(request: HttpRequest, link_id: UUID) -> HttpResponseBase:
    """A new link like this one; this one ends."""
    link = queries.get_link(workspace_of(request), link_id)
    try:
        fresh = actions.replace_link(link, by=person_of(request))
    except ValueError:
        messages.error(request, _("This link was used already. Nothing was changed."))
        return redirect("approvals:link", link.pk)
    remember(request, fresh)
    messages.success(request, _("Here is a new link. The earlier one no longer works."))
    return redirect("approvals:link", fresh.link.pk)


@administrator_required
@require_POST
def revoke(request: HttpRequest, link_id: UUID) -> HttpResponseBase:
    """End a link at once."""
    link = queries.get_link(workspace_of(request), link_id)
    actions.revoke_link(link, by=person_of(request))
    messages.success(request, _("The link is revoked. Whoever opens it is told so."))
    return redirect("approvals:link", link.pk)


def _context(link: ApprovalLink) -> dict[str, Any]:
    return {
        "link": link,
        "row": queries.row_of(link, now=timezone.now()),
        "left": left_of(link) if link.companies else [],
        "sign_in_started_at": queries.sign_in_started_at(link),
        "connector": connector_or_404(link.connector),
    }
