"""A story of people: an owner invites somebody, makes them more, hands the workspace over, and is removed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.office import OWNER, PASSWORD, Office, office

pytestmark = pytest.mark.journey
NEWCOMER = "newcomer@example.com"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """People only: nothing is connected."""
    with office(tmp_path_factory.mktemp("office"), people=((OWNER, "owner"),), count=1) as running:
        yield running


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def test_an_owner_lets_somebody_in_and_hands_the_workspace_over(at: Office) -> None:
    owner = at.signed_in()
    owner.get_by_role("link", name="People").click()
    expect(row(owner, OWNER)).to_contain_text("The last owner stays.")
    owner.get_by_label("E-mail").fill(NEWCOMER)
    owner.get_by_role("button", name="Send the invitation").click()
    expect(owner.get_by_text(f"The e-mail is sent to {NEWCOMER}.")).to_be_visible()
    link = owner.locator("#address").input_value()

    newcomer = at.profile()
    newcomer.goto(link)
    expect(newcomer.get_by_label("E-mail")).to_have_value(NEWCOMER)
    newcomer.get_by_label("Your name").fill("Test Newcomer")
    newcomer.get_by_label("Password").fill(PASSWORD)
    newcomer.get_by_role("button", name="Make the account").click()
    expect(newcomer.get_by_role("heading", name="Data sources")).to_be_visible()
    expect(newcomer.get_by_role("link", name="New data source")).to_have_count(0)
    expect(newcomer.get_by_role("link", name="People")).to_have_count(0)

    owner.reload()
    row(owner, "Test Newcomer").get_by_role("combobox").select_option("owner")
    row(owner, "Test Newcomer").get_by_role("button", name="Change").click()
    expect(owner.get_by_text("Test Newcomer now has the role Owner.")).to_be_visible()

    newcomer.reload()
    newcomer.get_by_role("link", name="People").click()
    row(newcomer, OWNER).get_by_role("link", name="Remove").click()
    newcomer.get_by_role("button", name="Remove from this workspace").click()
    expect(row(newcomer, "Test Newcomer").first).to_contain_text("The last owner stays.")
    answer = owner.goto(f"{at.url}/people/")
    assert answer is not None
    assert answer.status == 403
    expect(owner.get_by_text("You belong to no workspace yet.")).to_be_visible()

    newcomer.get_by_role("button", name="Norsk").click()
    expect(newcomer.get_by_role("heading", name="Personer", level=1)).to_be_visible()
    expect(row(newcomer, "Test Newcomer").first).to_contain_text("Den siste eieren blir stående.")
