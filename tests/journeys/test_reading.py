"""Stories of those who look: a reader who tries everything, and what an analyst takes home from the Data page."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.books import VOUCHERS, voucher_text
from tests.journeys.office import READER, Company, Office, expect_proved, make_link, wait_until

pytestmark = pytest.mark.journey
TRANSACTIONS = "/data/raw_poweroffice/account_transactions/"
ACTS = "Sync now|Cancel this sync|Pause|Resume|Remove|New data source|Recreate the connection|Copy authentication link|Save"


@pytest.fixture(scope="module")
def synced(house: Office) -> tuple[Company, str]:
    """A company whose books are here, and its data source's address."""
    company, page = house.company(), house.signed_in()
    source = house.connect(page, company)
    expect_proved(page)
    page.context.close()
    house.profiles.clear()
    return company, source


def test_a_reader_sees_everything_and_may_do_nothing(synced: tuple[Company, str], at: Office) -> None:
    company, source = synced
    page = at.signed_in(READER)
    for path in ("", "streams/", "history/", "proof/", "access/", "settings/"):
        page.goto(f"{source}{path}")
        expect(page.get_by_role("heading", name=company.name, level=1)).to_be_visible()
        for act in ACTS.split("|"):
            enabled = page.locator("main").locator("button:not([aria-disabled=true]), a.button").filter(has_text=act)
            assert enabled.all_inner_texts() == [], path
    page.goto(f"{at.url}/sources/")
    expect(page.get_by_role("link", name="New data source")).to_have_count(0)


def test_every_page_fits_a_narrow_telephone(synced: tuple[Company, str], at: Office) -> None:
    _company, source = synced
    page = at.signed_in(viewport={"width": 320, "height": 640})
    link = make_link(page, at.url, at.company())
    tabs = [f"{source}{path}" for path in ("", "streams/", "history/", "proof/", "access/", "settings/", "remove/")]
    rest = ["/sources/", "/sources/new/", "/approval-links/", "/people/", "/preferences/", "/data/", TRANSACTIONS]
    wide = []
    for address in [page.url, link, *tabs, *(f"{at.url}{path}" for path in rest)]:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(address)
    assert wide == []


def test_a_reader_is_refused_at_every_address_by_hand_and_by_post(synced: tuple[Company, str], at: Office) -> None:
    _company, source = synced
    owner = at.signed_in()
    make_link(owner, at.url, at.company())
    link = owner.url
    page = at.signed_in(READER)
    wizard = [f"{at.url}/sources/new/{rest}" for rest in ("", *(f"poweroffice/{one}" for one in WIZARD))]
    to_open = [
        *wizard,
        f"{at.url}/approval-links/",
        link,
        *(source + one for one in ("remove/", "access/link/", "access/key/")),
    ]
    for address in [*to_open, f"{source}access/recreate/"]:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403, address
        expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()
    before = state_of(at)
    page.goto(f"{at.url}/sources/")
    to_post = [*wizard[1:], *(source + one for one in POSTS), *(link + one for one in ("send/", "resend/", "revoke/"))]
    assert {address: post(page, address) for address in to_post} == dict.fromkeys(to_post, (403, True))
    assert state_of(at) == before


WIZARD = ("", "myself/", "share/", "key/")
POSTS = (
    *("sync-now/", "cancel/", "check-now/", "pause/", "resume/", "settings/", "remove/"),
    *("access/recreate/", "access/link/", "access/key/"),
)


def post(page: Page, address: str) -> tuple[int, bool]:
    """POST as a page of ours would, with its token; the status, and whether the page says why."""
    told = page.evaluate(
        """async (address) => {
            const csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
            const body = new URLSearchParams({ csrfmiddlewaretoken, how: "myself", rows: "delete", name: "x" });
            const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
            return [answer.status, (await answer.text()).includes("You may not do this")];
        }""",
        address,
    )
    return told[0], told[1]


def state_of(at: Office) -> list[object]:
    """All that a reader might have changed."""
    return [
        at.asked(f"select count(*), {what} from {table}")
        for table, what in (
            ("sources_source", "group_concat(id || name || coalesce(paused_at, '') || approval_state)"),
            ("approvals_approvallink", "count(revoked_at)"),
            ("approvals_onboardingsession", "count(*)"),
            ("syncs_sync", "sum(reason = 'person')"),
        )
    ]


def test_the_data_page_filters_pages_and_downloads_what_a_query_sums(synced: tuple[Company, str], at: Office) -> None:
    page = at.signed_in(READER)
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("link", name="Account transactions", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("link", name="Next").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert "page=2" in page.url
    page.get_by_label("Filter account_no", exact=True).fill("=3000")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(VOUCHERS)
    with page.expect_download() as saved:
        page.get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text(encoding="utf-8-sig"))))
    (queried,) = at.installation.query(
        "select count(*) as n, sum(amount) as amount from raw_poweroffice.account_transactions where account_no = 3000"
    )
    assert len(rows) == queried["n"] == VOUCHERS
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(queried["amount"]) != 0


def test_removed_data_is_nowhere_in_the_files_any_more(synced: tuple[Company, str], at: Office) -> None:
    kept, _source = synced
    company, page = at.company(), at.signed_in()
    source = at.connect(page, company)
    expect_proved(page)
    short = company.name.split()[1]
    text = voucher_text(short, 7)
    page.goto(f"{at.url}{TRANSACTIONS}?f.description={text}")
    expect(page.get_by_role("cell", name=text).first).to_be_visible()
    assert files_with(at, short)

    page.goto(f"{source}remove/")
    page.get_by_text("Delete the data").click()
    page.get_by_label("Type the name of the data source").fill("something else")
    page.get_by_role("button", name="Remove this data source").click()
    expect(page.get_by_text("That is not its name.").first).to_be_visible()
    page.get_by_label("Type the name of the data source").fill(company.name)
    page.get_by_role("button", name="Remove this data source").click()
    page.wait_for_url("**/sources/")
    expect(page.get_by_role("link", name=company.name)).to_have_count(0)
    expect(page.get_by_role("link", name=kept.name)).to_be_visible()
    wait_until(lambda: not files_with(at, f"Båtleie {short}"), "files without the company's vouchers")
    assert files_with(at, short) <= {"app.db", "app.db-wal"}  # the history names the company, and nothing else of it
    page.goto(f"{at.url}{TRANSACTIONS}?f.description={text}")
    expect(page.get_by_text("No row matches.")).to_be_visible()
    (left,) = at.installation.query("select count(*) as n from raw_poweroffice.account_transactions")
    assert left["n"] > VOUCHERS


def files_with(at: Office, text: str) -> set[str]:
    """Names of files in TIEOUT_HOME that hold the text, the mail folder aside."""
    home = at.installation.home
    paths = [path for path in home.rglob("*") if path.is_file() and "mail" not in path.parts]
    return {path.name for path in paths if text.encode() in _bytes(path)}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a spool's page, gone when its rows are stored
        return b""
