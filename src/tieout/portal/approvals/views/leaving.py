"""Sending a browser on to an accounting system's own pages, and the headers of pages that lead there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from tieout.connectors.base import Approval, Connector
from tieout.portal.approvals.onboarding import Wish, begin
from tieout.portal.approvals.tokens import browser_or_new, keep_browser

View = Callable[..., HttpResponseBase]

# A form's redirect must be allowed too, and the system's address is known only when it answers. Plain http: the simulator.
LEAVING = {"form-action": ["https:", "http://127.0.0.1:*", "http://localhost:*"]}


def may_leave(view: View) -> View:
    """For pages whose form leads to an accounting system's own pages."""
    return csp_update(LEAVING)(view)


def letter(view: View) -> View:
    """For an outsider's pages: no referrer (the address holds a token), the browser's cookie, the language switch."""

    @wraps(view)
    def written(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _in_language(request) or view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return keep_browser(request, response)

    # Its forms carry `tokens.form_key`, checked in each view: see there.
    written.csrf_exempt = True  # type: ignore[attr-defined]
    return may_leave(written)


def _in_language(request: HttpRequest) -> HttpResponse | None:
    """`?language=nb` remembers the choice in the browser and leads to the same page without it."""
    language = request.GET.get("language")
    if request.method != "GET" or language not in dict(settings.LANGUAGES):
        return None
    response = HttpResponse(status=303, headers={"Location": request.path})
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def leave_for(request: HttpRequest, wish: Wish) -> HttpResponseBase:
    """Begin an onboarding session for this browser and send it on (303: a POST must not follow). Raises ConnectorError."""
    url = begin(wish, browser=browser_or_new(request), now=timezone.now())
    response = HttpResponse(status=303, headers={"Location": url})
    response.headers["Referrer-Policy"] = "no-referrer"
    return keep_browser(request, response)


def connector_or_404(name: str, approval: Approval | None = None) -> Connector:
    """The connector of an address. Raises Http404 for one that isn't there, or is approved in another way."""
    connector: Connector | None = settings.CONNECTORS.get(name)
    if connector is None or approval not in (None, connector.approval):
        raise Http404
    return connector
