"""What an outsider sees through an approval link. Opening changes nothing, however often and whoever does it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tieout.connectors.errors import ConnectorError
from tieout.portal.approvals import actions
from tieout.portal.approvals.forms import KeyForm
from tieout.portal.approvals.models import ApprovalLink, LinkState
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.approvals.own_key import LinkClosedError, take_own_key
from tieout.portal.approvals.several import left_of
from tieout.portal.approvals.swap import NotThisCompanyError
from tieout.portal.approvals.tokens import browser_or_new, form_key, has_form_key
from tieout.portal.approvals.topics import reads_people, topics
from tieout.portal.approvals.views.leaving import connector_or_404, leave_for, letter
from tieout.portal.approvals.views.wizard import why_not

CLOSED = {
    LinkState.USED: "approvals/letters/used.html",
    LinkState.EXPIRED: "approvals/letters/expired.html",
    LinkState.REVOKED: "approvals/letters/revoked.html",
}
GONE = 410
MOST_KEY_TRIES = 20


def request_context(request: HttpRequest, link: ApprovalLink, token: str) -> dict[str, Any]:
    """What the request page and the closed ones say: who asks, for what, until when."""
    system = connector_or_404(link.connector)
    return {
        "link": link,
        "token": token,
        "asking": link.workspace,
        "people_count": link.workspace.memberships.count(),
        "connector": system,
        "left": left_of(link) if link.companies else [],
        "topics": topics(system),
        "reads_people": reads_people(system),
        "site": urlsplit(settings.PUBLIC_URL).netloc,
        "address": request.build_absolute_uri(request.path),
        "form_key": form_key(request, link.token_hash),
    }


def _closed(request: HttpRequest, link: ApprovalLink | None, token: str) -> HttpResponse | None:
    """The page of a link that may not be used, if it is such a one."""
    if link is None:
        return render(request, "approvals/letters/unknown.html", status=404)
    state = link.state(timezone.now())
    if state is LinkState.OPEN:
        return None
    return render(request, CLOSED[state], request_context(request, link, token), status=GONE)


def _too_old(request: HttpRequest, link: ApprovalLink) -> HttpResponse | None:
    """The page for a form that did not come from our own page in this browser (no cookies, or another site)."""
    if has_form_key(request, link.token_hash):
        return None
    return render(request, "approvals/letters/no_cookie.html", {"token": request.path.split("/")[2]}, status=403)


@letter
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Who asks for what. The button's POST goes on to the system's own pages."""
    link = actions.link_of_token(token)
    if (closed := _closed(request, link, token)) is not None or link is None:
        return closed or HttpResponse(status=404)
    context = request_context(request, link, token)
    if request.method == "POST":
        if (too_old := _too_old(request, link)) is not None:
            return too_old
        try:
            return leave_for(request, wish_of(link))
        except ConnectorError as error:
            context["problem"] = str(error)
    return render(request, "approvals/letters/request.html", context)


@letter
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, token: str) -> HttpResponseBase:
    """The receiver has a key already."""
    link = actions.link_of_token(token)
    if (closed := _closed(request, link, token)) is not None or link is None:
        return closed or HttpResponse(status=404)
    form = KeyForm(request.POST or None)
    context = request_context(request, link, token) | {"form": form}
    if request.method == "POST":
        if (too_old := _too_old(request, link)) is not None:
            return too_old
        if form.is_valid() and _may_try_a_key(link):
            try:
                taken = take_own_key(
                    wish_of(link), form.cleaned_data["client_key"], browser=browser_or_new(request), now=timezone.now()
                )
            except (ConnectorError, NotThisCompanyError) as error:
                form.add_error("client_key", why_not(error, context["connector"]))
            except LinkClosedError:
                return redirect("approvals:request", token)
            else:
                return redirect("approvals:outcome", link.connector, taken.session_id)
        elif form.is_valid():
            form.add_error("client_key", _("Too many keys were tried through this link. Try again in an hour."))
    return render(request, "approvals/letters/key.html", context)


def _may_try_a_key(link: ApprovalLink) -> bool:
    """Each try asks the system, and all companies share its requests. The count lives in this process, the only one."""
    name = f"approvals.key-tries.{link.pk}"
    cache.add(name, 0, 3600)
    return cache.incr(name) <= MOST_KEY_TRIES


@letter
@require_POST
def report(request: HttpRequest, token: str) -> HttpResponseBase:
    """I did not expect this: the link ends, the administrators are told."""
    link = actions.link_of_token(token)
    if link is None:
        return render(request, "approvals/letters/unknown.html", status=404)
    if (too_old := _too_old(request, link)) is not None:
        return too_old
    actions.report_link(link)
    return render(request, "approvals/letters/reported.html", request_context(request, link, token))


@letter
@require_POST
def ask(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link is dead; the receiver asks for a new one."""
    link = actions.link_of_token(token)
    if link is None:
        return render(request, "approvals/letters/unknown.html", status=404)
    if (too_old := _too_old(request, link)) is not None:
        return too_old
    actions.ask_anew(link)
    return render(request, "approvals/letters/asked.html", request_context(request, link, token))
