"""Addresses that lead elsewhere, hosts that are not ours, and what every page says to browsers."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from tests.attacks.addresses import every
from tests.portal.approvals.conftest import Outsider
from tests.portal.conftest import HOST, PASSWORD, browser_of
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "\x00//evil.example",
    f"http://{HOST}@evil.example/",
    f"http://{HOST}.evil.example/",
]

LEAD_AWAY = dict.fromkeys(("next", "redirect", "url", "return_to", "to", "continue"), "https://evil.example/")


@pytest.mark.parametrize("where", ELSEWHERE)
def test_signing_in_and_out_leads_nowhere_else(owner: Person, where: str) -> None:
    browser = browser_of()
    form = {"login": owner.email, "password": PASSWORD, "next": where}
    answer = browser.post("/accounts/login/", form)
    assert answer.status_code == 302
    assert answer["Location"] == "/sources/"
    answer = browser.post("/accounts/logout/", {"next": where})
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_choices_of_outsiders_lead_back_to_our_own_pages(db: None, accountant: Outsider, fresh: FreshLink) -> None:
    for where in ELSEWHERE:
        for path in ("/preferences/language/", "/preferences/theme/"):
            form = {"language": "nb", "theme": "dark", "next": where}
            answer = browser_of(HTTP_REFERER=where.replace("\x00", "")).post(path, form)
            assert "evil" not in answer.headers.get("Location", "").partition("?")[0]
        answer = accountant.browser.get(f"/approve/{fresh.token}/?language=nb&next={where}")
        assert answer["Location"] == f"/approve/{fresh.token}/"


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "//evil.example:80/a?next=//evil.example"])
def test_a_form_after_the_session_ended_leads_to_no_other_site(owner: Person, source: Source, path: str) -> None:
    browser = browser_of(HTTP_REFERER=f"http://{HOST}{path}")
    to_sign_in = browser.post(f"/sources/{source.pk}/pause/")["Location"]
    assert to_sign_in == "/accounts/login/?next=/"
    page = browser.get(to_sign_in).content.decode()
    following = re.search(r'name="next" value="([^"]*)"', page)
    form = {"login": owner.email, "password": PASSWORD, "next": following[1] if following else ""}
    assert browser.post(to_sign_in, form)["Location"] in ("/", "/sources/")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED", "HTTP_X_ORIGINAL_HOST"])
def test_a_link_in_an_e_mail_leads_to_the_public_address_whatever_host_was_claimed(owner: Person, header: str) -> None:
    value = "host=evil.example" if header == "HTTP_FORWARDED" else "evil.example"
    browser_of(**{header: value}).post("/accounts/password/reset/", {"email": owner.email})
    assert len(mail.outbox) == 1
    body = str(mail.outbox[0].body)
    assert f"http://{HOST}/accounts/password/reset/key/" in body
    assert "evil" not in body


def test_a_form_to_another_host_changes_nothing_and_sends_nothing(owner: Person) -> None:
    answer = Client(HTTP_HOST="evil.example").post("/accounts/password/reset/", {"email": owner.email})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"http://{HOST}/")
    assert mail.outbox == []


def test_no_page_can_be_framed_sniffed_kept_or_lead_away(owner: Person, source: Source, fresh: FreshLink) -> None:
    """Every address, whatever it answers: pages, errors, redirects, files."""
    looked_at = 0
    for browser in (browser_of(owner, raise_request_exception=False), browser_of(raise_request_exception=False)):
        for one in every():
            address = one.filled({"source_id": source.pk, "token": fresh.token})
            for answer in (browser.get(address, LEAD_AWAY), browser.post(address, {"form_key": ""} | LEAD_AWAY)):
                where = (one.pattern, answer.status_code)
                assert not answer.headers.get("Location", "").startswith(("https:", "//")), where
                assert answer["X-Frame-Options"] == "DENY", where
                policy = answer["Content-Security-Policy"]
                assert "frame-ancestors 'none'" in policy, where
                assert "default-src 'none'" in policy, where
                assert "unsafe" not in policy, where
                assert answer["X-Content-Type-Options"] == "nosniff", where
                assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), where
                assert re.search("no-store|private", answer["Cache-Control"]), where
                assert answer["Cross-Origin-Opener-Policy"] == "same-origin", where
                assert "Server" not in answer.headers, where
                assert not {name for name in answer.headers if name.startswith("Access-Control-")}, where
                looked_at += 1
    assert looked_at > 400
