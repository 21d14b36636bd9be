"""Reports as they were at a stamp or a sync: the stamp's own figures, on every way from page to posting to file."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.api.conftest import program_of
from tests.portal.conftest import browser_of, make_source
from tests.portal.reports.test_views import get, rows_of, sides
from tests.portal.vouchers.books import NOON, MovingBooks
from tieout.portal.people.models import Person
from tieout.portal.reports import moments
from tieout.portal.reports.catalog import REPORTS
from tieout.portal.stamps.actions import stamp
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
MARCH: dict[str, str | int] = {"year": 2026, "part": "m3"}


@pytest.fixture
def stamped(books: MovingBooks) -> Stamp:
    """March as it was reported; then a voucher came, one was changed and one went."""
    made = stamp(books.source, name="Board report, March", on=date(2026, 3, 31))
    books.post(5, date(2026, 3, 20), (6000, "40"), (1920, "-40"))
    books.change(1, Amount=0.0)
    books.remove(3)
    books.sync()
    return made


def closing(browser: Client, **query: str | int) -> dict[str, Decimal]:
    shown = rows_of(browser, "trial-balance", **MARCH, **query)
    return {label.split()[0]: Decimal(cells[4]) for label, cells in shown.items() if label[0].isdigit()}


def test_as_of_a_stamp_each_account_holds_what_was_stamped(
    owner_browser: Client, books: MovingBooks, stamped: Stamp
) -> None:
    reported = {str(number): Decimal(amount) for number, _, _, amount in stamped.figures if number is not None}
    assert closing(owner_browser, as_of=stamped.sync) == reported
    assert len(reported) == 5
    says = books.all("select account_no, closing from marts.trial_balance where month = '2026-03-01'")
    now = closing(owner_browser)
    assert now == {str(number): amount for number, amount in says}
    assert now != reported


def test_a_page_says_of_when_it_is_and_every_way_on_leads_to_then(owner_browser: Client, stamped: Stamp) -> None:
    page = get(owner_browser, **MARCH, as_of=stamped.sync)
    assert "As it was at Board report, March, " in page
    assert re.search(rf'<option value="{stamped.sync}" selected>Board report, March, ', page)
    assert all(
        f"as_of={stamped.sync}" in link for link in re.findall(r'href="([^"]*file\.(?:csv|xlsx|pdf)[^"]*)"', page)
    )
    links = re.findall(r'<td class="num"><a href="([^"]+)">([^<]+)</a>', page)
    assert len(links) > 10
    for address, shown in links[::4]:  # of each column some
        figure = Decimal(shown.replace(",", "").replace("−", "-"))
        assert abs(figure) in sides(owner_browser, address.replace("&amp;", "&")), (address, shown)
    behind = owner_browser.get(links[0][0].replace("&amp;", "&"))
    assert "As it was at Board report, March, " in " ".join(behind.content.decode().split())
    at_stamp = owner_browser.get(reverse("stamps:stamp", args=[stamped.source_id, stamped.pk])).content.decode()
    assert f"?company={stamped.source_id}&amp;as_of={stamped.sync}" in at_stamp
    now = get(owner_browser, **MARCH)
    assert "As it was at" not in now
    assert f'<option value="{stamped.sync}">Board report, March, ' in now


def test_every_report_can_be_of_then_and_says_so(owner_browser: Client, stamped: Stamp) -> None:
    for name in REPORTS:
        assert "As it was at Board report, March" in get(owner_browser, name, as_of=stamped.sync)


def test_files_can_be_of_then_and_say_so(owner_browser: Client, stamped: Stamp) -> None:
    query = {**MARCH, "as_of": stamped.sync}
    address = {kind: reverse("reports:download", args=["trial-balance", kind]) for kind in ("csv", "xlsx", "pdf")}
    answer = owner_browser.get(address["csv"], query)
    assert f"-as-of-{stamped.sync}.csv" in answer["Content-Disposition"]
    last = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))[-1]
    assert last[0] == "As it was at"
    assert last[1].startswith("Board report, March, ")
    book = openpyxl.load_workbook(BytesIO(owner_browser.get(address["xlsx"], query).content))
    assert last in [[cell.value for cell in row] for row in book["About"].iter_rows(max_col=2)]
    text = pypdf.PdfReader(BytesIO(owner_browser.get(address["pdf"], query).content)).pages[0].extract_text()
    assert "Board report, March" in text
    assert "As it was at" not in owner_browser.get(address["csv"], MARCH).content.decode()


def test_any_ended_sync_may_be_asked_for_by_its_number(owner_browser: Client, books: MovingBooks) -> None:
    before = closing(owner_browser)
    first = books.all("select max(id) from tieout.syncs")[0][0]
    books.post(6, date(2026, 3, 21), (6000, "1"), (1920, "-1"))
    books.sync()
    assert closing(owner_browser, as_of=first) == before
    assert closing(owner_browser) != before
    assert f"As it was at sync {first}, " in get(owner_browser, as_of=first)


def test_before_a_company_had_books_there_is_nothing(owner_browser: Client, books: MovingBooks) -> None:
    first = books.all("select min(id) from tieout.syncs")[0][0]
    assert "Nothing is stored of then: sync" in get(owner_browser, as_of=first)
    assert "Nothing is stored of then" in get(owner_browser, as_of=first, company=books.source.pk)


def test_a_company_of_which_nothing_is_stored_of_then_is_named_and_not_just_left_out(
    owner_browser: Client, workspace: Workspace, books: MovingBooks, stamped: Stamp
) -> None:
    make_source(workspace, "Made Anew AS", "910000012")
    then: dict[str, str | int] = {**MARCH, "as_of": stamped.sync}
    assert "1 company is not in these figures" in get(owner_browser, **then)
    assert "Made Anew AS" in get(owner_browser, **then)
    assert "company is not in these figures" not in get(owner_browser, **then, company=str(books.source.pk))
    assert "company is not in these figures" not in get(owner_browser, **MARCH)
    file = owner_browser.get(reverse("reports:download", args=["trial-balance", "csv"]), then).content.decode(
        "utf-8-sig"
    )
    assert file.splitlines()[-1] == "Not in these figures,Made Anew AS"
    told = program_of(workspace, Person.objects.get(email="owner@example.com")).get(
        f"reports/trial-balance?as_of={stamped.sync}"
    )
    assert (told["missing"], told["companies"]) == (["Made Anew AS"], [str(books.source.pk)])


def test_what_is_no_ended_sync_of_a_company_seen_is_not_found(
    owner: Person, books: MovingBooks, other_workspace: Workspace
) -> None:
    browser = browser_of(owner)
    with warehouses.store_of(books.source) as store:
        running = store.begin_sync(NOON)
    pages = [reverse("reports:report", args=["trial-balance"]), reverse("reports:postings"),
             reverse("reports:open_items") + "?ledger=receivable", reverse("reports:download", args=["vat", "csv"]),
             reverse("reports:card", args=["customers", books.source.pk, 1])]  # fmt: skip
    for page in pages:
        for sync in (running, running + 1, 0, -1, "x", "²", "9" * 30):
            assert browser.get(page, {"as_of": sync, "ledger": "receivable"}).status_code == 404, (page, sync)
    other = MovingBooks(other_workspace)
    for _ in range(running + 1):
        last = other.sync()
    assert get(browser, as_of=last, status=404)


def test_of_rows_that_are_kept_no_longer_nothing_is_shown(
    owner_browser: Client, books: MovingBooks, stamped: Stamp, monkeypatch: pytest.MonkeyPatch
) -> None:
    unstamped = stamped.sync - 1
    assert get(owner_browser, as_of=unstamped)
    monkeypatch.setattr(moments, "DAYS_A_YEAR", timedelta(0).days)
    assert get(owner_browser, as_of=unstamped, status=404)
    assert get(owner_browser, as_of=stamped.sync)


def test_a_stamp_of_a_warehouse_that_was_made_anew_is_not_offered(
    owner_browser: Client, books: MovingBooks, stamped: Stamp
) -> None:
    Stamp.objects.update(as_of=stamped.as_of - timedelta(days=1))
    assert "Board report" not in get(owner_browser)
    assert f"As it was at sync {stamped.sync}, " in get(owner_browser, as_of=stamped.sync)


def test_who_sees_some_companies_is_not_told_of_the_syncs_of_others(
    workspace: Workspace, books: MovingBooks, reader: Person
) -> None:
    sync = books.sync()
    Membership.objects.filter(person=reader).update(is_limited=True)
    browser = browser_of(reader)
    assert get(browser, as_of=sync, status=404)
    Membership.objects.get(person=reader).companies.add(books.source)
    assert f"As it was at sync {sync}, " in get(browser, as_of=sync)
