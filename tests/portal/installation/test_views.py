"""*Installation* and *Getting your keys*: what owners are told, before and after asking the vendor."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.portal.conftest import HOST, StubConnector, make_source
from tieout.connectors.base import SOMEBODY, Claim, Company, Reader, Secret
from tieout.connectors.errors import NeedsCompanyError
from tieout.connectors.first_contact import Application, Finding, KeySetting, Letter, Probed, State
from tieout.portal.workspaces.models import Workspace

CALLBACK = f"http://{HOST}/oauth/toy/callback"
APPLICATION = Application(
    write_to="fixture@example.com",
    wait="It takes a week.",
    steps=("Write to them.",),
    privileges=("ReadThis",),
    never="Never ask for more.",
    settings=(KeySetting(name="FIXTURE_KEY", trial="", production="", comes="from them"),),
    letters=(Letter(language="en", subject="Access", body="Please white-list {production}\n{privileges}\n{contact}"),),
    meanwhile=("Something else works.",),
)


class Applied(StubConnector):
    """A connector whose vendor gives keys."""

    application = APPLICATION

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> Reader:
        raise NeedsCompanyError("The approval was withdrawn.")

    def examine(self, callback: str) -> list[Finding]:
        return [
            Finding(
                subject="Callback address",
                state=State.WRONG,
                found="{callback} is not known.",
                advice="Have it white-listed.",
                facts={"callback": callback},
            )
        ]

    def privileges_to_write(self, company: Company) -> tuple[str, ...]:
        return ()

    def probe(self, key: Secret, *, callback: str, provoke_limit: bool = False) -> Probed:
        raise NotImplementedError


@pytest.fixture(autouse=True)
def applied(settings: Settings) -> None:
    settings.CONNECTORS = {"toy": Applied()}


def test_getting_your_keys_has_the_exact_callback_address_and_a_filled_in_letter(owner_browser: Client) -> None:
    page = unescape(owner_browser.get(reverse("installation:keys", args=["toy"])).content.decode())
    assert f'value="{CALLBACK}"' in page
    assert f"Please white-list {CALLBACK}\n   - ReadThis\n" in page
    assert "mailto:fixture@example.com?subject=Access&body=Please%20white-list" in page
    assert "Never ask for more." in page


def test_a_system_without_keys_has_no_such_page(owner_browser: Client, settings: Settings) -> None:
    settings.CONNECTORS = {"toy": StubConnector()}
    assert owner_browser.get(reverse("installation:keys", args=["toy"])).status_code == 404
    assert owner_browser.get(reverse("installation:keys", args=["other"])).status_code == 404


def test_the_doctor_asks_the_vendor_only_when_told_to(owner_browser: Client) -> None:
    before = owner_browser.get(reverse("installation:doctor")).content.decode()
    assert "Public address" in before
    assert "not known" not in before
    after = owner_browser.get(reverse("installation:doctor"), {"ask": "1"}).content.decode()
    assert f"{CALLBACK} is not known." in after
    assert "Have it white-listed." in after


def test_a_company_that_shuts_us_out_is_told_to_whoever_owns_it_and_nobody_else(
    owner_browser: Client, workspace: Workspace, other_workspace: Workspace
) -> None:
    make_source(workspace, name="Fixture Here AS", number="910000012")
    make_source(other_workspace, name="Fixture Elsewhere AS", number="910000020")
    page = owner_browser.get(reverse("installation:doctor"), {"ask": "1"}).content.decode()
    assert "Fixture Here AS" in page
    assert "The approval was withdrawn." in page
    assert "Fixture Elsewhere AS" not in page


@pytest.mark.parametrize("who", ["administrator_browser", "reader_browser"])
def test_only_owners_see_the_installation(who: str, request: pytest.FixtureRequest) -> None:
    browser: Client = request.getfixturevalue(who)
    assert browser.get(reverse("installation:doctor")).status_code == 403
    assert browser.get(reverse("installation:keys", args=["toy"])).status_code == 403
