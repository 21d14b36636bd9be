"""Random values in addresses and cookies: made with 256 bits, stored and compared as hashes."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

TOKEN_BYTES = 32
BROWSER_COOKIE = "tieout_browser"
BROWSER_DAYS = 30  # as long as the longest approval link


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(token: str) -> str:
    """What is stored of a token. It needs no salt: a token has 256 random bits."""
    return sha256(token.encode()).hexdigest()


def cookie_name() -> str:
    """`__Host-` makes a browser refuse the cookie from anything but this very host over https."""
    return f"__Host-{BROWSER_COOKIE}" if settings.SESSION_COOKIE_SECURE else BROWSER_COOKIE


def browser_of(request: HttpRequest) -> str:
    """The browser's random value, or an empty text before it has one."""
    value = request.COOKIES.get(cookie_name(), "")
    return value if len(value) == len(new_token()) else ""


def browser_or_new(request: HttpRequest) -> str:
    """The browser's random value; a new one (remembered for `keep_browser`) where it has none."""
    if not hasattr(request, "_browser"):
        request._browser = browser_of(request) or new_token()  # type: ignore[attr-defined]
    return str(request._browser)  # type: ignore[attr-defined]


def keep_browser(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Give the browser its cookie, so that only it can come back with what it started."""
    response.set_cookie(
        cookie_name(),
        browser_or_new(request),
        max_age=BROWSER_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def form_key(request: HttpRequest, purpose: str) -> str:
    """The hidden value of an outsider's form.

    Django's own CSRF check can't be used there: pages with `Referrer-Policy: no-referrer` send "Origin: null", which it refuses.
    This value is bound to the browser's cookie and to the page, so another site can neither read nor make it.
    """
    return salted_hmac("tieout.approvals.form", f"{browser_or_new(request)}:{purpose}").hexdigest()


def has_form_key(request: HttpRequest, purpose: str) -> bool:
    """Whether a POST came from our own page in the same browser."""
    return bool(browser_of(request)) and constant_time_compare(
        request.POST.get("form_key", ""), form_key(request, purpose)
    )
