"""Stories of approvals given once more: for the same company, for another one, and after the company took its yes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.office import PATIENCE, Office, approve, axis, expect_proved, expect_status

pytestmark = pytest.mark.journey


def test_the_connection_is_recreated_in_a_new_tab(at: Office) -> None:
    company, page = at.company(), at.signed_in()
    source = at.connect(page, company)
    page.goto(f"{source}access/")
    tab = recreate(page)
    approve(tab, company)
    expect(tab).to_have_url(source)
    expect(axis(tab, "Approval")).to_contain_text("administrator@example.com")
    page.reload()
    expect(page.get_by_text("Approved once more")).to_be_visible()
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_role("link", name=company.name)).to_have_count(1)


def test_the_connection_is_renewed_by_an_authentication_link(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    source = at.connect(mine, company)
    mine.goto(f"{source}access/")
    mine.get_by_role("button", name="Copy authentication link").click()
    address = mine.locator("#address").input_value()
    theirs = at.profile()
    theirs.goto(address)
    expect(theirs.get_by_text(f"Organisation number {company.spaced}. Only this company")).to_be_visible()
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    approve(theirs, company)
    expect(theirs.get_by_text(f"{company.name} ({company.spaced}): the connection is renewed.")).to_be_visible()
    mine.goto(source)
    expect(axis(mine, "Approval")).to_contain_text("administrator@example.com")
    mine.goto(f"{at.url}/sources/")
    expect(mine.get_by_role("link", name=company.name)).to_have_count(1)


def test_an_approval_for_another_company_changes_nothing_and_the_old_connection_still_syncs(at: Office) -> None:
    company, other, page = at.company(), at.company(), at.signed_in()
    source = at.connect(page, company)
    expect_proved(page)
    page.goto(f"{source}access/")
    tab = recreate(page)
    approve(tab, other)
    expect(tab.get_by_role("heading", name="The approval was for another company")).to_be_visible()
    expect(
        tab.get_by_text(
            f"This approval was for {other.name} ({other.spaced}). The data source belongs to {company.name}"
            f" ({company.spaced}). Nothing was changed; the existing connection still works. Sign in again and choose"
            f" {company.name}, or create a new data source for {other.name}."
        )
    ).to_be_visible()
    expect(tab.get_by_role("region", name="Still active there, unused here")).to_contain_text(other.spaced)

    page.goto(source)
    page.get_by_role("button", name="Sync now").click()
    expect_synced_again(page)
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_text(other.name)).to_have_count(0)

    tab.get_by_role("button", name=f"Sign in again and choose {company.name}").click()
    approve(tab)  # PowerOffice offers that company alone now
    expect(tab).to_have_url(source)


@pytest.mark.parametrize("rotates", [False, True], ids=["with-the-same-key", "with-a-new-key"])
def test_a_withdrawn_approval_stops_the_figures_until_it_is_given_once_more(at: Office, rotates: bool) -> None:
    company, page = at.company(), at.signed_in()
    source = at.connect(page, company)
    expect_proved(page)
    at.simulator.revoke(company.number, now=True)
    page.get_by_role("button", name="Sync now").click()
    expect_status(page, "Action required")
    expect(page.get_by_role("heading", name="PowerOffice Go no longer accepts the approval, since")).to_be_visible()
    expect(page.get_by_text("Figures stand still at")).to_be_visible()
    expect(page.locator("[aria-disabled=true]").filter(has_text="Sync now")).to_be_visible()
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_role("row").filter(has_text=company.name)).to_contain_text("Action required")

    at.simulator.options(rotate_keys=rotates)
    page.goto(source)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Recreate the connection").first.click()
    tab = opened.value
    tab.get_by_role("button", name="Continue").click()
    approve(tab, company)
    expect(tab).to_have_url(source)
    expect_status(tab, "Healthy")
    expect(tab.get_by_text("no longer accepts the approval")).to_have_count(0)


def recreate(page: Page) -> Page:
    """Press Recreate the connection; the tab that opens."""
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Recreate the connection").click()
    return opened.value


def expect_synced_again(page: Page) -> None:
    """The sync that was asked for by hand is done, and the one before it was not the last."""
    last = page.get_by_role("region", name="Lately").get_by_role("listitem").first
    expect(last).to_contain_text("Sync asked for")
    expect(last).to_contain_text("Succeeded", timeout=PATIENCE)
