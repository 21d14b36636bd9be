"""Stories of new data sources: approved by oneself or by somebody outside, cancelled, refused, chosen among several."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.office import (
    OWNER,
    PATIENCE,
    Office,
    approve,
    axis,
    expect_proved,
    make_link,
    sign_in_at_poweroffice,
    start_myself,
)

pytestmark = pytest.mark.journey
SOURCE = re.compile("/sources/[0-9a-f-]{36}/$")


def test_a_person_approves_himself_and_the_books_arrive_and_are_proved(at: Office) -> None:
    company, page = at.company(), at.signed_in()
    start_myself(page, at.url, company)
    approve(page)
    page.wait_for_url(SOURCE)
    expect(page.get_by_role("heading", name=company.name, level=1)).to_be_visible()
    expect(axis(page, "Approval")).to_contain_text("administrator@example.com")
    expect_proved(page)
    page.goto(f"{at.url}/sources/")
    row = page.get_by_role("row").filter(has_text=company.name)
    expect(row).to_contain_text(company.spaced)
    expect(row).to_contain_text("Proved")


def test_somebody_without_an_account_approves_by_a_link_in_another_browser(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    mine.get_by_role("button", name="Copy link").click()
    expect(mine.locator("#live")).to_have_text("Copied")

    theirs = at.profile()
    theirs.goto(address)
    expect(theirs.get_by_text("Test Owner")).to_be_visible()
    expect(theirs.get_by_text(company.spaced)).to_be_visible()
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    approve(theirs)
    expect(theirs.get_by_role("heading", name=f"{company.name} is connected")).to_be_visible()
    expect(theirs.get_by_role("link", name="Open")).to_have_count(0)  # nothing of the portal is theirs to see

    mine.get_by_role("link", name=company.name).click()
    expect_proved(mine)
    mine.get_by_role("link", name="Access and approval").click()
    expect(mine.get_by_text("administrator@example.com").first).to_be_visible()
    receipts = [one for one in at.installation.emails() if company.name in one or company.number in one]
    to = {line.removeprefix("To: ") for one in receipts for line in one.splitlines() if line.startswith("To: ")}
    assert {"administrator@example.com", OWNER} <= to


def test_whoever_cancels_at_poweroffice_changes_nothing_and_may_try_again(at: Office) -> None:
    company, page = at.company(), at.signed_in()
    start_myself(page, at.url, company)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="You did not approve")).to_be_visible()
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    approve(page)
    page.wait_for_url(SOURCE)


def test_a_person_without_the_right_is_told_who_has_it(at: Office) -> None:
    company, page = at.company(), at.signed_in()
    start_myself(page, at.url, company)
    sign_in_at_poweroffice(page, "employee@example.com")
    expect(page.get_by_role("heading", name="Your rights don’t cover this")).to_be_visible()
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_text(company.name)).to_have_count(0)


def test_a_company_that_poweroffice_does_not_know_is_told_as_such(at: Office) -> None:
    page = at.signed_in()
    page.goto(f"{at.url}/sources/new/poweroffice/")
    page.get_by_label("Organisation number").fill("974 760 673")  # the register of these numbers itself
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    sign_in_at_poweroffice(page)
    expect(page.get_by_role("heading", name="The company wasn’t found")).to_be_visible()
    expect(page.get_by_text("974 760 673")).to_be_visible()


def test_two_companies_of_one_approval_both_become_data_sources(at: Office) -> None:
    first, second, page = at.company(), at.company(), at.signed_in()
    start_myself(page, at.url)
    approve(page, first, second)
    expect(page.get_by_role("heading", name="Which companies shall be connected?")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(2)
    page.get_by_role("button", name="Connect these").click()
    expect(page.get_by_role("heading", name="2 companies are connected")).to_be_visible()
    page.goto(f"{at.url}/sources/")
    for company in (first, second):
        expect(page.get_by_role("link", name=company.name)).to_be_visible()


def test_the_key_of_a_company_that_is_not_ticked_is_destroyed_and_that_is_said(at: Office) -> None:
    wanted, unwanted, mine = at.company(), at.company(), at.signed_in()
    address = make_link(mine, at.url)
    theirs = at.profile()
    theirs.goto(address)
    theirs.get_by_role("button", name="Continue to PowerOffice Go").click()
    approve(theirs, wanted, unwanted)
    theirs.get_by_role("checkbox", name=unwanted.name).uncheck()
    theirs.get_by_role("button", name="Connect these").click()
    expect(theirs.get_by_role("heading", name=f"{wanted.name} is connected")).to_be_visible()
    unused = theirs.get_by_role("region", name="Still active there, unused here")
    expect(unused).to_contain_text(unwanted.spaced)
    expect(unused).to_contain_text("Tieout holds no key to them")
    expect(unused).to_contain_text("To switch it off")
    kept = at.asked(
        "select state, client_key = '' from approvals_candidate where organisation_number = ?",
        unwanted.number,
    )
    assert kept == [("left", 1)]
    mine.goto(f"{at.url}/sources/")
    expect(mine.get_by_role("link", name=wanted.name)).to_be_visible()
    expect(mine.get_by_text(unwanted.name)).to_have_count(0)
    told = [one for one in at.installation.emails() if unwanted.name in one]
    assert any("administrator@example.com" in one and "no key" in one for one in told)


def test_two_tabs_that_approve_the_same_end_with_one_data_source(at: Office) -> None:
    company, one = at.company(), at.signed_in()
    start_myself(one, at.url, company)
    other = one.context.new_page()
    start_myself(other, at.url, company)
    approve(one)
    one.wait_for_url(SOURCE)
    approve(other)
    other.wait_for_url(SOURCE)
    assert one.url == other.url
    other.goto(f"{at.url}/sources/")
    expect(other.get_by_role("link", name=company.name)).to_have_count(1)


def test_two_tabs_on_one_link_end_with_one_data_source_and_the_second_is_told(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    one = at.profile()
    other = one.context.new_page()
    for tab in (one, other):
        tab.goto(address)
        tab.get_by_role("button", name="Continue to PowerOffice Go").click()
        sign_in_at_poweroffice(tab)
        expect(tab.get_by_role("button", name="Approve")).to_be_visible()
    for tab in (one, other):
        tab.get_by_role("button", name="Approve").click()
    expect(one.get_by_role("heading", name=f"{company.name} is connected")).to_be_visible()
    expect(other.get_by_role("heading", name="The request was ended meanwhile")).to_be_visible()
    mine.goto(f"{at.url}/sources/")
    expect(mine.get_by_role("link", name=company.name)).to_have_count(1)


def test_a_callback_that_comes_twice_is_already_completed(at: Office) -> None:
    company, page = at.company(), at.signed_in()
    callbacks: list[str] = []
    page.on("request", lambda request: callbacks.append(request.url) if "/callback?" in request.url else None)
    start_myself(page, at.url, company)
    approve(page)
    page.wait_for_url(SOURCE)
    page.goto(callbacks[0])
    expect(page.get_by_role("heading", name="Already completed")).to_be_visible()
    assert "token" not in page.url
    page.get_by_role("link", name="See the result").click()
    page.wait_for_url(SOURCE)


def test_a_double_click_and_the_back_button_make_nothing_twice(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    theirs = at.profile()
    theirs.goto(address)
    theirs.get_by_role("button", name="Continue to PowerOffice Go").dblclick()
    sign_in_at_poweroffice(theirs)
    theirs.get_by_role("button", name="Approve").dblclick()
    result, again = theirs.get_by_role("link", name="See the result"), theirs.get_by_text("Already completed")
    done = theirs.get_by_role("heading", name=f"{company.name} is connected")
    expect(done.or_(again)).to_be_visible(timeout=PATIENCE)
    if again.is_visible():
        result.click()
    expect(done).to_be_visible()
    theirs.go_back()
    theirs.goto(address)
    expect(theirs.get_by_role("heading", name="This link has been used")).to_be_visible()
    mine.goto(f"{at.url}/sources/")
    expect(mine.get_by_role("link", name=company.name)).to_have_count(1)
