"""A workspace, an accounting system, and the way through both."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tests.portal.approvals.books import DRIFT, NORDLYS, Books, Client, KeyBooks, System
from tests.portal.conftest import browser_of
from tieout.connectors.base import Callback
from tieout.portal.approvals import actions, onboarding
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import OnboardingSession
from tieout.portal.approvals.onboarding import Wish
from tieout.portal.approvals.settling import Step, pass_by
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def system(settings: Settings) -> System:
    system = System()
    settings.APPROVAL_PATIENCE = None  # a test's transaction belongs to its thread
    settings.CONNECTORS = {"books": Books(system), "keybooks": KeyBooks(system)}
    return system


@pytest.fixture
def nordlys(system: System) -> Client:
    return system.add("Fixture Nordlys AS", NORDLYS)


@pytest.fixture
def drift(system: System) -> Client:
    return system.add("Fixture Nordlys Drift AS", DRIFT)


@pytest.fixture
def fresh(workspace: Workspace, administrator: Person, system: System) -> FreshLink:
    """A link for whichever company."""
    return actions.make_link(workspace, connector="books", by=administrator)


@pytest.fixture
def pinned(workspace: Workspace, administrator: Person, nordlys: Client) -> FreshLink:
    """A link for Nordlys alone."""
    return actions.make_link(workspace, connector="books", by=administrator, organisation_number=NORDLYS)


def connected(workspace: Workspace, system: System, client: Client, by: Person) -> Source:
    """The data source of a company, as an approval by a person of the workspace makes it."""
    session = approve(Wish(workspace=workspace, connector="books", person=by), system, client)
    taken = session.candidates.get()
    assert taken.source is not None, (taken.state, taken.message)
    return taken.source


def approve(wish: Wish, system: System, *clients: Client, step: Step = pass_by, now: Any = None) -> OnboardingSession:
    """A whole approval without pages: begin, come back, whatever that leads to."""
    now = now or timezone.now()
    onboarding.begin(wish, browser="browser", now=now)
    session = OnboardingSession.objects.latest("started_at")
    assert onboarding.claim(session, now=now)
    session.refresh_from_db()
    answer = system_callback(wish.connector, token=system.approve(*clients))
    try:
        onboarding.come_back(session, answer, now=now, step=step)
    finally:
        session.refresh_from_db()
    return session


def system_callback(connector: str, *, status: str = "Success", token: str | None = None) -> Callback:
    query = {"status": status} | ({"token": token} if token else {})
    return onboarding.handshake(connector).read_callback(query, {})


class Outsider:
    """Somebody with a browser of their own and no account here."""

    def __init__(self, system: System, browser: Browser | None = None) -> None:
        self.system = system
        self.browser = browser or browser_of()
        self.callback = ""

    def open(self, token: str) -> Any:
        return self.browser.get(reverse("approvals:request", args=[token]))

    def press_continue(self, token: str) -> Any:
        return self.submit(self.open(token), reverse("approvals:request", args=[token]))

    def submit(self, page: Any, path: str, **fields: Any) -> Any:
        """Post a form of a page, with the hidden value that the page gave."""
        found = re.search(r'name="form_key" value="([0-9a-f]+)"', page.content.decode())
        response = self.browser.post(path, {"form_key": found.group(1) if found else "", **fields})
        if self.system.begun:
            self.callback = self.system.begun[-1][0].removeprefix("http://127.0.0.1:8000")
        return response

    def come_back(self, *clients: Client, status: str = "Success", callback: str = "", **more: str) -> Any:
        """Return from the system's pages, as its redirect does; gives the page that the clean address shows."""
        query = {"status": status} | more
        if status == "Success":
            query |= {"token": self.system.approve(*clients)}
        return self.browser.get(f"{callback or self.callback}&{urlencode(query)}", follow=True)


@pytest.fixture
def accountant(system: System) -> Outsider:
    return Outsider(system)
