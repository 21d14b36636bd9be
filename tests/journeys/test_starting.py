"""Stories of the server itself: its first start, and one that dies in the middle of a first sync."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.office import OWNER, PASSWORD, Office, expect_proved, office, sign_in

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Far from PowerOffice, so that a first sync takes a while."""
    with office(tmp_path_factory.mktemp("office"), count=2, latency_ms=200) as running:
        yield running


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Office]:
    """An installation that nobody can sign in to yet."""
    with office(tmp_path, people=(), count=1) as running:
        yield running


def test_the_first_start_prints_a_link_that_makes_the_owner_once(empty: Office) -> None:
    (link,) = re.findall(r"http://\S+/welcome/\S+", "".join(empty.server.lines))
    page = empty.profile()
    page.goto(link)
    page.get_by_label("Your name").fill("Test Owner")
    page.get_by_label("E-mail").fill(OWNER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("link", name="New data source")).to_be_visible()
    stranger = empty.profile()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This link has ended")).to_be_visible()
    stranger.goto(f"{empty.url}/sources/")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_first_sync_whose_server_was_killed_goes_on_after_the_next_start_and_is_proved(at: Office) -> None:
    company = at.company()
    page = at.signed_in()
    source = at.connect(page, company)
    expect(page.get_by_role("region", name="First sync").locator("[data-say]")).to_have_text(
        re.compile(r"^[1-9]\d* of"), timeout=60_000
    )
    at.kill_and_start_again()

    page = at.profile()
    sign_in(page, at.url, OWNER)
    page.goto(at.url + source[source.index("/sources/") :])
    expect_proved(page)
    (stored,) = at.installation.query("select count(*) as n from raw_poweroffice.account_transactions")
    assert stored["n"] == at.simulator.truth_counts(company.number)["AccountTransactions"]
