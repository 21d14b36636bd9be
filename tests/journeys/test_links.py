"""Stories of approval links that no longer work: run out, revoked, used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.office import OWNER, Office, approve, make_link, wait_until

pytestmark = pytest.mark.journey


def test_a_link_that_has_run_out_says_so_and_lets_its_receiver_ask_for_a_new_one(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company, valid_for="1 hour")
    theirs = at.profile()
    theirs.goto(address)
    expect(theirs.get_by_role("button", name="Continue to PowerOffice Go")).to_be_visible()
    at.tell(
        "update approvals_approvallink set expires_at = datetime('now', '-1 minute') where organisation_number = ?",
        company.number,
    )
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    expect(theirs.get_by_role("heading", name="This link has run out")).to_be_visible()
    expect_harmless(theirs)
    ask_for_a_new_one(at, theirs)
    mine.goto(f"{at.url}/approval-links/?state=expired")
    expect(mine.get_by_role("row").filter(has_text=company.spaced)).to_contain_text("Expired link")


def test_a_link_that_was_revoked_ends_for_whoever_has_it_open(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    theirs = at.profile()
    theirs.goto(address)
    mine.get_by_role("button", name="Revoke the link").click()
    expect(mine.get_by_text("Revoked").first).to_be_visible()
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    expect(theirs.get_by_role("heading", name="This link was revoked")).to_be_visible()
    expect_harmless(theirs)
    ask_for_a_new_one(at, theirs)


def test_a_link_that_is_revoked_during_the_approval_connects_nothing(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    theirs = at.profile()
    theirs.goto(address)
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    mine.get_by_role("button", name="Revoke the link").click()
    expect(mine.get_by_text("Revoked").first).to_be_visible()
    approve(theirs)
    expect(theirs.get_by_role("heading", name="The request was ended meanwhile")).to_be_visible()
    mine.goto(f"{at.url}/sources/")
    expect(mine.get_by_role("link", name=company.name)).to_have_count(0)


def test_a_used_link_says_that_there_is_nothing_more_to_do(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    theirs = at.profile()
    theirs.goto(address)
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    approve(theirs)
    expect(theirs.get_by_role("heading", name=f"{company.name} is connected")).to_be_visible()
    later = at.profile()
    later.goto(address)
    expect(later.get_by_role("heading", name="This link has been used")).to_be_visible()
    expect(later.get_by_role("button", name="Continue to PowerOffice Go")).to_have_count(0)
    expect(later.get_by_text(company.name)).to_have_count(0)  # whoever found the link learns nothing of the company


def expect_harmless(page: Page) -> None:
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    expect(page.get_by_text("Test Owner")).to_be_visible()
    expect(page.get_by_role("button", name="Continue to PowerOffice Go")).to_have_count(0)


def ask_for_a_new_one(at: Office, page: Page) -> None:
    before = len(at.installation.emails())
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_role("heading", name="The question is on its way")).to_be_visible()
    wait_until(lambda: any(OWNER in one for one in at.installation.emails()[before:]), "an e-mail to the owner")
