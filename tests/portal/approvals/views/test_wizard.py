from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.portal.approvals.books import DRIFT, NORDLYS, Client, System
from tests.portal.approvals.conftest import Outsider
from tests.portal.approvals.views.test_letter import text
from tieout.connectors.errors import TryLaterError
from tieout.portal.approvals.models import ApprovalLink, OnboardingSession
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync


def step(name: str, connector: str = "books", query: str = "") -> str:
    return reverse(f"approvals:{name}", args=[connector]) + query


def test_systems_are_cards_of_the_registry(administrator_browser: Browser, system: System) -> None:
    page = text(administrator_browser.get(reverse("approvals:new")))
    assert "Fixture Books" in page
    assert "Key Books" in page
    assert "Vouchers, postings and chart of accounts" in page


def test_the_two_ways_carry_the_number_in_the_address(administrator_browser: Browser, system: System) -> None:
    page = text(administrator_browser.get(step("how")))
    for label in (
        "I want to do it myself",
        "Share a link with a non-Tieout user",
        "I already have a client key",
        "Continue",
    ):
        assert label in page
    response = administrator_browser.post(step("how"), {"how": "share", "organisation_number": "NO 923 609 016 MVA"})
    assert response["Location"] == step("share", query=f"?company={NORDLYS}")
    assert NORDLYS in text(administrator_browser.get(response["Location"]))


def test_a_mistyped_number_is_told_and_nothing_is_lost(administrator_browser: Browser, system: System) -> None:
    page = text(administrator_browser.post(step("how"), {"how": "share", "organisation_number": "923 609 017"}))
    assert "This is no organisation number" in page
    assert 'value="923 609 017"' in page
    assert 'value="share" checked' in page


def test_a_number_without_check_digit_in_the_address_is_ignored(administrator_browser: Browser, system: System) -> None:
    administrator_browser.post(step("myself", query="?company=123456789"))
    assert system.begun[0][1] is None


def test_continue_goes_to_the_system_with_the_pinned_number(administrator_browser: Browser, system: System) -> None:
    page = administrator_browser.get(step("myself", query=f"?company={NORDLYS}"))
    assert "You are about to leave for Fixture Books" in text(page)
    assert system.begun == []
    response = administrator_browser.post(step("myself", query=f"?company={NORDLYS}"))
    assert (response.status_code, response["Location"]) == (303, "https://books.example/approve")
    assert system.begun[0][1] == NORDLYS


def test_approving_myself_ends_on_the_page_of_the_new_source(
    administrator_browser: Browser, system: System, nordlys: Client
) -> None:
    administrator_browser.post(step("myself"))
    me = Outsider(system, administrator_browser)
    me.callback = system.begun[0][0].removeprefix("http://127.0.0.1:8000")
    page = me.come_back(nordlys)
    source = Source.objects.get()
    assert page.request["PATH_INFO"] == reverse("syncs:overview", args=[source.pk])
    assert source.created_by is not None
    assert source.created_by.email == "administrator@example.com"


def test_a_busy_system_is_told_and_nothing_is_lost(administrator_browser: Browser, system: System) -> None:
    system.faults["begin"] = [TryLaterError("Fixture Books is busy.")]
    page = text(administrator_browser.post(step("myself", query=f"?company={NORDLYS}")))
    assert "Fixture Books is busy." in page
    assert "923 609 016" in page
    assert not OnboardingSession.objects.exists()


def test_making_a_link_shows_it_once(administrator_browser: Browser, system: System) -> None:
    made = administrator_browser.post(
        step("share"),
        {
            "organisation_number": NORDLYS,
            "recipient_name": "Accountant",
            "recipient_email": "",
            "valid_for": "1d",
            "note": "Hi",
        },
    )
    link = ApprovalLink.objects.get()
    first = administrator_browser.get(made["Location"])
    assert "Copy link" in text(first)
    assert "/approve/" in text(first)
    assert "/approve/" not in text(administrator_browser.get(made["Location"]))
    assert (link.organisation_number, link.recipient_name, link.note) == (NORDLYS, "Accountant", "Hi")
    assert (link.expires_at - link.made_at).days == 1


def test_between_making_and_showing_the_token_is_stored_encrypted(
    administrator_browser: Browser, system: System
) -> None:
    from django.contrib.sessions.models import Session

    made = administrator_browser.post(step("share"), {"valid_for": "7d"})
    stored = str([session.get_decoded() for session in Session.objects.all()])
    page = administrator_browser.get(made["Location"]).content.decode()
    token = page.partition("/approve/")[2].partition("/")[0]
    assert len(token) == 43
    assert token not in stored


@pytest.mark.parametrize("note", ["see https://evil.example", "www.evil.example", "go to evil.example/now", "x" * 301])
def test_a_note_with_a_link_or_too_long_is_refused(administrator_browser: Browser, system: System, note: str) -> None:
    page = administrator_browser.post(step("share"), {"valid_for": "7d", "note": note, "recipient_name": "Accountant"})
    assert page.status_code == 200
    assert 'value="Accountant"' in text(page)
    assert not ApprovalLink.objects.exists()


def test_a_system_without_approval_goes_straight_to_its_key(
    administrator_browser: Browser, system: System, nordlys: Client
) -> None:
    assert administrator_browser.get(step("how", "keybooks"))["Location"] == step("key", "keybooks")
    assert administrator_browser.get(step("myself", "keybooks")).status_code == 404
    response = administrator_browser.post(step("key", "keybooks"), {"client_key": nordlys.key})
    source = Source.objects.get()
    assert response["Location"] == reverse("syncs:overview", args=[source.pk])
    assert (source.connector, client_key(source).reveal()) == ("keybooks", nordlys.key)
    assert Sync.objects.get().reason == "first"


def test_a_refused_key_is_neither_stored_nor_shown_again(
    administrator_browser: Browser, system: System, drift: Client
) -> None:
    page = text(administrator_browser.post(step("key", query=f"?company={NORDLYS}"), {"client_key": drift.key}))
    assert f"opens the books of Fixture Nordlys Drift AS ({DRIFT}), another company" in page
    assert drift.key not in page
    assert not Source.objects.exists()


def test_unknown_systems_are_not_there(administrator_browser: Browser, system: System) -> None:
    assert administrator_browser.get(step("how", "unknown")).status_code == 404
