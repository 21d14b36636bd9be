"""Pages of reports: figures, comparisons, what is behind a figure, files, and nobody else's books."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.vouchers.books import MovingBooks
from tieout.portal.people.models import Person
from tieout.portal.reports.catalog import REPORTS
from tieout.portal.reports.files import harmless
from tieout.portal.workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)


def get(browser: Client, name: str = "trial-balance", *, status: int = 200, **query: object) -> str:
    response = browser.get(reverse("reports:report", args=[name]), query)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def file(browser: Client, name: str, kind: str, **query: object) -> bytes:
    response = browser.get(reverse("reports:download", args=[name, kind]), query)
    assert response.status_code == 200
    return bytes(response.content)


def rows_of(browser: Client, name: str, **query: object) -> dict[str, list[str]]:
    """A report's CSV by its first column."""
    text = file(browser, name, "csv", **query).decode("utf-8-sig")
    return {row[0]: row[1:] for row in csv.reader(StringIO(text)) if row}


def test_before_the_first_sync_it_says_what_will_be_here(owner_browser: Client, workspace: Workspace) -> None:
    assert "Nothing here yet" in get(owner_browser)


def test_every_report_has_a_page_and_files_for_a_reader(reader_browser: Client, books: MovingBooks) -> None:
    for name, report in REPORTS.items():
        page = get(reader_browser, name)
        assert str(report.sign) in page
        assert "As of" in page
        for kind, magic in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")):
            assert file(reader_browser, name, kind).startswith(magic)


def test_the_trial_balance_is_the_marts_own(owner_browser: Client, books: MovingBooks) -> None:
    shown = rows_of(owner_browser, "trial-balance", year=2026, part="m3")
    stored = books.all(
        "select account, opening, debit, credit, movement, closing from marts.trial_balance "
        "where month = '2026-03-01' order by account_no"
    )
    assert {row[0]: list(row[1:]) for row in stored} == {
        label: [Decimal(text) for text in cells[:5]] for label, cells in shown.items() if label[0].isdigit()
    }
    assert len(stored) == 5
    assert [Decimal(text) for text in shown["Total"][1:5]] == [
        Decimal("130.25"),
        Decimal("130.25"),
        0,
        Decimal("200.1"),
    ]


def test_result_accounts_restart_in_a_new_year(owner_browser: Client, books: MovingBooks) -> None:
    shown = rows_of(owner_browser, "trial-balance", year=2026, part="m1")
    assert [Decimal(text) for text in shown["3000 Account 3000"][:5]] == [
        0,
        0,
        Decimal("500.5"),
        Decimal("-500.5"),
        Decimal("-500.5"),
    ]


def test_the_income_statement_is_the_marts_own_and_compares_with_last_year(
    owner_browser: Client, books: MovingBooks
) -> None:
    shown = rows_of(owner_browser, "income-statement", year=2026, part="to3")
    stored = books.all(
        "select line_name, year_to_date, previous_year_to_date from marts.income_statement where month = '2026-03-01'"
    )
    known = {name: (now, before) for name, now, before in stored}
    assert "Annual result" in known
    for label, cells in shown.items():
        if label in known:
            assert (Decimal(cells[0]), Decimal(cells[1])) == known[label]
    assert known["Annual result"] == (Decimal("380.25"), Decimal("200.10"))


def test_the_balance_sheet_is_the_marts_own_and_balances(owner_browser: Client, books: MovingBooks) -> None:
    shown = rows_of(owner_browser, "balance-sheet", year=2026, part="to3")
    stored = dict(books.all("select line_name, balance from marts.balance_sheet where month = '2026-03-01'"))
    assert {label: Decimal(cells[0]) for label, cells in shown.items() if label in stored} == {
        label: amount for label, amount in stored.items() if label in shown
    }
    assert shown["Total assets"][0] == shown["Total equity and debt"][0]


def test_every_figure_is_the_sum_of_the_postings_it_leads_to(owner_browser: Client, books: MovingBooks) -> None:
    for name in ("trial-balance", "income-statement", "balance-sheet"):
        page = get(owner_browser, name, year=2026, part="to3")
        links = re.findall(r'<td class="num"><a href="([^"]+)">([^<]+)</a>', page)
        assert len(links) > 5
        for address, shown in links:
            figure = Decimal(shown.replace(",", "").replace("−", "-"))
            assert abs(figure) in sides(owner_browser, address.replace("&amp;", "&")), (address, shown)


def sides(browser: Client, address: str) -> set[Decimal]:
    """What the postings behind a figure add up to: all, the debits, the credits."""
    behind = browser.get(address).context
    amounts = [row["amount"] for row in behind["rows"]]
    debit = sum((amount for amount in amounts if amount > 0), Decimal(0))
    return {abs(behind["total"]), debit, debit - sum(amounts, Decimal(0))}


@pytest.mark.parametrize(
    ("span", "head"),
    [
        ({}, "Fixture Trading AS"),
        ({"until": "2026-03-31"}, "Fixture Trading AS · to 31 March 2026"),
        ({"since": "2026-03-01"}, "Fixture Trading AS · 1 March 2026 –"),
        ({"since": "2026-03-01", "until": "2026-03-31"}, "Fixture Trading AS · 1 March 2026 – 31 March 2026"),
    ],
)
def test_the_head_of_postings_says_the_span_as_far_as_there_is_one(
    owner_browser: Client, books: MovingBooks, span: dict[str, str], head: str
) -> None:
    page = owner_browser.get(reverse("reports:postings"), {"company": str(books.source.pk), **span}).content.decode()
    found = re.search(r"<h1>Postings</h1><p>(.*?)</p>", page)
    assert found
    assert found[1].strip() == head


def test_postings_lead_to_their_vouchers(owner_browser: Client, books: MovingBooks) -> None:
    page = owner_browser.get(reverse("reports:postings"), {"account": 6000, "until": "2026-12-31"}).content.decode()
    assert reverse("vouchers:voucher", args=[books.source.pk, 3]) in page


def test_an_account_that_the_chart_lacks_is_told(owner_browser: Client, books: MovingBooks) -> None:
    assert "Not in the chart of accounts, placed by their numbers: 8888." in get(owner_browser)


def test_the_comparison_may_be_the_period_before_or_nothing(owner_browser: Client, books: MovingBooks) -> None:
    assert "February 2026" in get(owner_browser, year=2026, part="m3", compare="previous").partition("</form>")[2]
    assert "March 2025" not in get(owner_browser, year=2026, part="m3", compare="none").partition("</form>")[2]


def test_what_no_page_links_to_is_not_found(owner_browser: Client, books: MovingBooks) -> None:
    for query in [{"company": "nobody"}, {"line": "nothing"}, {"account": "x"}, {"by": "x"}, {"since": "x"}]:
        assert owner_browser.get(reverse("reports:postings"), query).status_code == 404


def test_the_books_of_another_workspace_are_not_there(
    owner_browser: Client, books: MovingBooks, other_workspace: Workspace, owner: Any
) -> None:
    other = MovingBooks(other_workspace)
    other.sync()
    assert get(owner_browser, company=other.source.pk, status=404)
    assert owner_browser.get(reverse("reports:postings"), {"company": other.source.pk}).status_code == 404


def test_the_workbook_has_real_numbers_formulas_and_a_frozen_head(owner_browser: Client, books: MovingBooks) -> None:
    data = file(owner_browser, "income-statement", "xlsx", year=2026, part="to3")
    values = openpyxl.load_workbook(BytesIO(data), data_only=True)
    formulas = openpyxl.load_workbook(BytesIO(data))
    assert values.sheetnames == ["About", "Income statement"]
    facts = {row[0].value: row[1].value for row in values["About"].iter_rows() if row[0].value}
    assert {"Company", "Period", "As of", "Verdict", "Sign"} <= facts.keys()
    sheet = values["Income statement"]
    assert sheet.freeze_panes == "B2"
    assert [cell.alignment.horizontal for cell in sheet[1]][:2] == [None, "right"]  # titles stand over their figures
    assert sheet.row_dimensions[1].height == 30  # "January – March 2026" takes two lines
    assert values["About"].page_setup.fitToHeight == 0  # names and values on one page
    found = {row[0].value: row[1] for row in sheet.iter_rows(min_row=2)}
    assert found["Annual result"].value == 380.25
    cell = formulas["Income statement"][found["Annual result"].coordinate]
    assert str(cell.value).startswith("=")
    assert "#,##0.00" in cell.number_format


def test_the_formulas_of_the_workbook_add_up_to_their_values(owner_browser: Client, books: MovingBooks) -> None:
    for name in ("trial-balance", "income-statement", "balance-sheet"):
        data = file(owner_browser, name, "xlsx", year=2026, part="to3")
        values = openpyxl.load_workbook(BytesIO(data), data_only=True).worksheets[1]
        cells = [cell for row in openpyxl.load_workbook(BytesIO(data)).worksheets[1].iter_rows() for cell in row]
        formulas = [cell for cell in cells if str(cell.value).startswith("=")]
        assert formulas
        for cell in formulas:
            assert worked_out(str(cell.value), values) == pytest.approx(values[cell.coordinate].value), cell.coordinate


def worked_out(formula: str, sheet: Any) -> float:
    """What a sum of sums of this workbook comes to."""
    total = 0.0
    for sign, span in re.findall(r"([+-]?)(?:SUM\()?([A-Z]+\d+(?::[A-Z]+\d+)?)\)?", formula.removeprefix("=")):
        part = sheet[span]
        cells = [cell for row in part for cell in row] if isinstance(part, tuple) else [part]
        total += (-1 if sign == "-" else 1) * sum(cell.value or 0 for cell in cells)
    return total


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    assert [harmless(text) for text in ("=cmd()", "+1", "-1", "@x", "Bank")] == [
        "'=cmd()",
        "'+1",
        "'-1",
        "'@x",
        "Bank",
    ]


def test_the_pdf_says_whose_books_and_the_figures(owner_browser: Client, books: MovingBooks) -> None:
    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(BytesIO(file(owner_browser, "trial-balance", "pdf", year=2026, part="to3"))).pages
    )
    assert books.source.name in text
    assert "1,570.35" in text


def test_figures_are_norwegian_on_norwegian_pages(owner: Person, owner_browser: Client, books: MovingBooks) -> None:
    owner.language = "nb"
    owner.save()
    response = owner_browser.get(
        reverse("reports:report", args=["balance-sheet"]),
        {"year": 2026, "part": "to3"},
    )
    page = response.content.decode()
    assert "Sum eiendeler" in page
    assert "1\u00a0570,35" in page
