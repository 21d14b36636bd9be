"""What happens to every request: one address, our headers, language and zone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.portal.conftest import browser_of
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source


@pytest.mark.parametrize("host", ["localhost:8000", "evil.example", "127.0.0.1", "127.0.0.1:8000.evil.example", ""])
def test_any_other_host_is_sent_to_the_public_address(db: None, host: str) -> None:
    answer = Client(HTTP_HOST=host).get("/accounts/login/?next=/sources/")
    assert answer.status_code == 302
    assert answer["Location"] == "http://127.0.0.1:8000/accounts/login/?next=/sources/"


def test_path_that_looks_like_a_host_stays_on_the_public_address(db: None) -> None:
    assert Client(HTTP_HOST="x").get("//evil.example/")["Location"].startswith("http://127.0.0.1:8000/")


def test_pages_forbid_inline_script_framing_and_keeping(outsider: Client, db: None) -> None:
    answer = outsider.get("/accounts/login/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in (
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert directive in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "DELETE", "MADEUP"])
def test_a_method_that_no_page_has_is_refused(outsider: Client, db: None, method: str) -> None:
    answer = outsider.generic(method, "/accounts/login/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_pages_have_no_inline_script_or_style(owner_browser: Client, source: Source) -> None:
    for path in ("/sources/", f"/sources/{source.pk}/settings/", f"/sources/{source.pk}/remove/", "/preferences/"):
        html = owner_browser.get(path).content.decode()
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|<style|\son\w+=|javascript:", html), path


def test_static_files_are_served_with_a_fingerprint(outsider: Client, db: None) -> None:
    html = outsider.get("/accounts/login/").content.decode()
    address = re.search(r'href="(/static/tieout\.css\?v=[0-9a-f]{12})"', html)
    assert address
    answer = outsider.get(address[1])
    assert answer.status_code == 200
    assert "max-age=2592000" in answer["Cache-Control"]


def test_cookies_are_hidden_from_scripts_and_other_sites(outsider: Client, owner: Person) -> None:
    outsider.post("/accounts/login/", {"login": owner.email, "password": "a fixture's long password"})
    assert {"tieout_session", "tieout_csrf"} <= set(outsider.cookies)
    for cookie in outsider.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("nb-NO,nb;q=0.9,en;q=0.5", "nb"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("sv,de;q=0.8", "en"),
        ("de,en;q=0.7,nb;q=0.3", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_outsider_reads_the_browsers_language_or_english(db: None, accepted: str, language: str) -> None:
    answer = browser_of(HTTP_ACCEPT_LANGUAGE=accepted).get("/accounts/login/")
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.content.decode()


def test_persons_language_goes_before_the_browsers(owner: Person) -> None:
    assert browser_of(owner, HTTP_ACCEPT_LANGUAGE="nb").get("/sources/")["Content-Language"] == "en"


def test_unknown_zone_of_a_person_falls_back(owner: Person) -> None:
    Person.objects.update(time_zone="Gone/Away")
    assert "Europe/Oslo (UTC" in browser_of(owner).get("/sources/").content.decode()


def test_form_of_another_site_is_refused_in_plain_words(owner: Person, source: Source) -> None:
    answer = browser_of(owner, enforce_csrf_checks=True).post(f"/sources/{source.pk}/pause/")
    assert answer.status_code == 403
    assert "This page was open for too long" in answer.content.decode()


def test_pages_that_are_not_there_say_so(outsider: Client, db: None) -> None:
    answer = outsider.get("/nowhere/")
    assert answer.status_code == 404
    assert "This page isn’t here" in answer.content.decode()


def test_fault_of_ours_has_a_page_of_its_own(owner: Person, settings: Settings) -> None:
    settings.CONNECTORS = None  # as if the registry could not be read
    browser = browser_of(owner, raise_request_exception=False)
    answer = browser.get("/sources/")
    assert answer.status_code == 500
    assert "A fault of ours" in answer.content.decode()
    assert "Traceback" not in answer.content.decode()
