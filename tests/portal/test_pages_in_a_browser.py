"""Pages at their limits, in a real browser: names without a space, a form after the session has ended, back after a form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browsers import browser, installed
from tests.portal.approvals.books import Books, System
from tests.portal.conftest import PASSWORD, make_source
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.people.models import Invitation, Person
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace

LONG = "Kystfiskeriselskapetogskipsreparasjonsverkstedet" * 4

pytestmark = [
    pytest.mark.skipif(installed() is None, reason="no browser is installed; run: python -m tests.browsers --install"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def page(
    monkeypatch: pytest.MonkeyPatch, live_server: LiveServer, settings: Settings, owner_browser: Client
) -> Iterator[Page]:
    """The owner's browser."""
    # Playwright keeps an event loop in this thread; Django would not ask its database beside one.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.PUBLIC_URL = live_server.url
    with browser() as running:
        context = running.new_context(locale="en", base_url=live_server.url)
        cookies = owner_browser.cookies.items()
        context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in cookies])
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page


def test_a_name_without_a_space_pushes_no_page_apart(page: Page, workspace: Workspace, owner: Person) -> None:
    source = make_source(workspace, LONG)
    Workspace.objects.update(name=LONG[:100])
    Person.objects.update(name=LONG[:100])
    paths = ["/sources/", "/people/", "/preferences/"]
    paths += [f"/sources/{source.pk}/{tab}" for tab in ("", "access/", "remove/")]
    wide = []
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(path)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((width, path))
    assert wide == []


def test_a_form_after_the_session_ended_leads_back_to_its_page(page: Page, workspace: Workspace, owner: Person) -> None:
    make_source(workspace)
    page.goto("/people/")
    page.get_by_label("E-mail").fill("fixture@example.com")
    Session.objects.all().delete()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Your session had ended, so nothing was changed.")).to_be_visible()
    assert not Invitation.objects.exists()
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="People", level=1)).to_be_visible()


def test_back_after_a_form_shows_it_again_and_sends_nothing(page: Page, settings: Settings) -> None:
    settings.CONNECTORS = {"books": Books(System())}
    page.goto("/sources/new/books/share/")
    page.get_by_role("button", name="Make the link").dblclick()
    page.wait_for_url("**/approval-links/*/")
    page.go_back()
    expect(page.get_by_role("button", name="Make the link")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="What has happened")).to_be_visible()
    assert page.locator("#address").count() == 0, "an address is shown once"
    assert ApprovalLink.objects.count() == 1


def test_enter_in_the_name_of_a_question_saves_it(page: Page, workspace: Workspace) -> None:
    books = MovingBooks(workspace)
    books.post(1, date(2026, 1, 5), (1920, "10"), (3000, "-10"))
    books.sync()
    with warehouses.store_of(books.source) as store:
        store.publish()
    page.goto("/data/sql/")
    page.get_by_label("Question").fill("select 1")
    page.get_by_text("Save this question").click()
    page.get_by_label("Name").fill("Fixture question")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The question Fixture question is saved.")).to_be_visible()
    assert SavedQuery.objects.get().sql == "select 1"
