from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from tieout.portal.approvals.tokens import (
    browser_or_new,
    cookie_name,
    form_key,
    has_form_key,
    hashed,
    keep_browser,
    new_token,
)


def test_tokens_have_256_bits_and_never_repeat() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}
    assert len(hashed(new_token())) == 64


def test_the_cookie_is_for_this_host_over_https_and_not_for_scripts(settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    keep_browser(RequestFactory().get("/"), response)
    cookie = response.cookies["__Host-tieout_browser"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")


def test_a_forms_key_holds_for_its_browser_and_page_only() -> None:
    factory = RequestFactory()
    page = factory.get("/")
    key, browser = form_key(page, "page"), browser_or_new(page)

    def posted(cookie: str, value: str) -> bool:
        factory.cookies[cookie_name()] = cookie
        return has_form_key(factory.post("/", {"form_key": value}), "page")

    assert posted(browser, key)
    assert not posted(new_token(), key)
    assert not posted("", key)
    assert not posted(browser, "")
    assert form_key(page, "another page") != key
