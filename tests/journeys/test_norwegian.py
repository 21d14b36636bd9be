"""Stories in Norwegian: an outsider whose browser asks for it, and a person who chooses it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import tieout.portal
from tests.journeys.office import READER, SYNCED, Office, make_link

TRANSLATED = Path(tieout.portal.__file__).parent / "locale" / "nb"
ENGLISH = re.compile(r"\b(the|and|of|is|was|are|your|you|this|not|no longer|since|until|by)\b")

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not TRANSLATED.exists(), reason="there is no Norwegian translation yet"),
]


def test_an_outsider_whose_browser_asks_for_norwegian_approves_in_norwegian(at: Office) -> None:
    company, mine = at.company(), at.signed_in()
    address = make_link(mine, at.url, company)
    theirs = at.profile(locale="nb-NO")
    theirs.goto(address)
    expect_norwegian(theirs)
    expect(theirs.get_by_text(company.spaced)).to_be_visible()
    theirs.get_by_role("button", name="Fortsett til PowerOffice Go").click()
    theirs.get_by_label("E-post").fill("administrator@example.com")
    theirs.get_by_label("Passord").fill("simulator")
    theirs.get_by_role("button", name="Logg inn").click()
    theirs.get_by_role("button", name="Godkjenn").click()
    expect(theirs.get_by_role("heading", name=company.name)).to_be_visible()
    expect_norwegian(theirs)
    theirs.get_by_role("link", name="English").click()
    expect(theirs.get_by_role("heading", name=f"{company.name} is connected")).to_be_visible()


def test_a_person_who_chooses_norwegian_reads_pages_and_figures_in_it(at: Office) -> None:
    company, owner = at.company(), at.signed_in()
    source = at.connect(owner, company)
    page = at.signed_in(READER)
    page.get_by_role("button", name="Norsk").click()
    expect(page.get_by_role("heading", name="Datakilder")).to_be_visible()
    page.goto(source)
    expect(page.locator(".axes")).to_contain_text("Stemmer med PowerOffice", timeout=SYNCED)
    expect(page.locator(".head")).to_contain_text("I orden")
    expect(page.locator(".axes")).to_contain_text("Godkjent")
    expect(page.locator(".axes")).to_contain_text("Fersk")
    for path in ("", "streams/", "history/", "proof/", "access/", "settings/"):
        page.goto(f"{source}{path}")
        expect_norwegian(page)
    page.goto(f"{source}history/")
    expect(page.get_by_text("Fullført").first).to_be_visible()
    page.goto(f"{at.url}/data/raw_poweroffice/account_transactions/?f.account_no==3000")
    expect(page.get_by_role("cell", name="−1\u00a0037,05", exact=True).first).to_be_visible()
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_role("row").filter(has_text=company.name)).to_contain_text("Stemmer med PowerOffice")


def expect_norwegian(page: Page) -> None:
    """The page says that it is Norwegian, and no small English word is left in it."""
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    lines = page.locator("main").inner_text().splitlines()
    assert [line for line in lines if ENGLISH.search(line)] == [], page.url
