"""What only a real browser shows: referrer policy, `Origin: null`, form-action, cookies and the small scripts together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client as Django
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browsers import browser, installed
from tests.portal.approvals.books import NORDLYS, Client, System
from tieout.connectors.errors import TryLaterError
from tieout.portal.approvals import actions
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

PATIENCE = 20_000  # milliseconds; pages follow by themselves every few seconds
SYSTEM = "https://books.example/**"

pytestmark = [
    pytest.mark.skipif(installed() is None, reason="no browser is installed; run: python -m tests.browsers --install"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch, live_server: LiveServer, settings: Settings) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread; Django would not ask its database beside one.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.PUBLIC_URL = live_server.url
    with browser() as running:
        yield running


def page_of(chromium: Browser, complaints: list[str], person: Person | None = None, origin: str = "") -> Page:
    """A new browser profile at the system's doors: its pages answer, and what the console complains of is kept."""
    context = chromium.new_context(locale="en")
    if person:
        django = Django()
        django.force_login(person)
        context.add_cookies([{"name": name, "value": one.value, "url": origin} for name, one in django.cookies.items()])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.route(SYSTEM, lambda route: route.fulfill(body="<h1>Fixture Books</h1>", content_type="text/html"))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    return page


def test_a_link_is_made_copied_and_approved_in_another_profile(
    chromium: Browser, live_server: LiveServer, administrator: Person, system: System, nordlys: Client
) -> None:
    complaints: list[str] = []
    mine = page_of(chromium, complaints, administrator, live_server.url)
    mine.goto(f"{live_server.url}/sources/new/books/")
    mine.get_by_text("Share a link with a non-Tieout user").click()
    mine.get_by_label("Organisation number").fill("923 609 016")
    expect(mine.get_by_text("The check digit agrees")).to_be_visible(timeout=PATIENCE)
    mine.get_by_role("button", name="Continue").click()
    mine.get_by_role("button", name="Make the link").click()
    mine.wait_for_url(
        "**/approval-links/*/", wait_until="load"
    )  # scripts are deferred: before they run a click copies nothing
    mine.get_by_role("button", name="Copy link").click()
    expect(mine.locator("#live")).to_have_text("Copied", timeout=PATIENCE)  # the button says it for two seconds only
    address = mine.locator("#address").input_value()

    theirs = page_of(chromium, complaints)
    theirs.goto(address)
    theirs.get_by_role("button", name="Continue to Fixture Books").click()
    theirs.wait_for_url(SYSTEM)
    expect(mine.get_by_text("Started")).to_be_visible(timeout=PATIENCE)
    callback, asked_for = system.begun[-1]
    assert asked_for == NORDLYS
    system.faults["company"] = [TryLaterError("Fixture Books is busy.")]
    theirs.goto(f"{callback}&status=Success&token={system.approve(nordlys)}")
    assert "token" not in theirs.url
    expect(theirs.get_by_text("Approved, being checked")).to_be_visible()

    actions.check_candidates(timezone.now() + timedelta(minutes=5))
    expect(theirs.get_by_role("heading", name="Fixture Nordlys AS is connected")).to_be_visible(timeout=PATIENCE)
    expect(mine.get_by_role("link", name="Fixture Nordlys AS")).to_be_visible(timeout=PATIENCE)
    assert Source.objects.get().organisation_number == NORDLYS
    assert complaints == []


def test_report_and_ask_work_from_the_letter(
    chromium: Browser, live_server: LiveServer, workspace: Workspace, administrator: Person, system: System
) -> None:
    fresh = actions.make_link(workspace, connector="books", by=administrator)
    page = page_of(chromium, [])
    page.goto(f"{live_server.url}/approve/{fresh.token}/")
    page.get_by_text("Report the link", exact=True).click()
    page.get_by_role("button", name="Report and end the link").click()
    expect(page.get_by_role("heading", name="The link has ended")).to_be_visible()
    assert ApprovalLink.objects.get().reported_at
    page.goto(f"{live_server.url}/approve/{fresh.token}/")
    page.get_by_role("link", name="Norsk").click()
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_role("heading", name="on its way")).to_be_visible()
