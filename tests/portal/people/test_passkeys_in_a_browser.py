"""A passkey, with Chromium's own virtual authenticator: made in the preferences, then opens without a password."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browsers import browser, installed
from tests.portal.conftest import PASSWORD
from tieout.portal.audits.models import Entry
from tieout.portal.people.models import Person

pytestmark = [
    pytest.mark.skipif(installed() is None, reason="no browser is installed; run: python -m tests.browsers --install"),
    pytest.mark.django_db(transaction=True),
]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, live_server: LiveServer, settings: Settings) -> Iterator[Page]:
    """A browser on a device with a lock that always opens. Passkeys are for names, not for numbers: hence localhost."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.PUBLIC_URL = live_server.url.replace("127.0.0.1", "localhost")
    with browser() as running:
        page = running.new_context(locale="en", base_url=settings.PUBLIC_URL).new_page()
        page.set_default_timeout(20_000)
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield page


def sign_in(page: Page, person: Person) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_opens_alone_and_is_asked_for_beside_the_password(page: Page, owner: Person) -> None:
    sign_in(page, owner)
    page.goto("/accounts/factors/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    assert Entry.objects.filter(kind="sign_in_factor_added", person=owner, address="127.0.0.1").exists()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Data sources", level=1)).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, owner)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Data sources", level=1)).to_be_visible()


def test_a_passkey_that_is_not_there_is_said_so(page: Page, owner: Person) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used")).to_be_visible()
