"""Pages of report lines and budgets: made, changed, refused by row, and used by statements and models alike."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.portal.conftest import browser_of
from tests.portal.reports.conftest import books as books
from tests.portal.reports.test_views import rows_of, sides
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.feeds.queries import sets_of
from tieout.portal.people.models import Person
from tieout.portal.planning.queries import layouts_of
from tieout.portal.planning.words import WORDS, in_words
from tieout.portal.workspaces.models import Membership, Workspace
from tieout.reports.uploaded import Problem

pytestmark = pytest.mark.django_db(transaction=True)
LINES = """statement;order;line;accounts;sign;sum from
income statement;10;What we sold;3000-3999;credit;
income statement;20;What it cost;6000-6999;debit;
income statement;30;What is left;;credit;10
balance sheet;10;Money;1900-1999;debit;
balance sheet;20;Owed and owned;2000-2999, result;credit;
"""


def upload(text: str, name: str = "table.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def made(browser: Client, workspace: Workspace, text: str | None = LINES) -> str:
    """A layout; its id."""
    told: dict[str, Any] = {"name": "Ours"} | ({"file": upload(text)} if text else {})
    assert browser.post(reverse("planning:layouts"), told).status_code == 302
    return layouts_of(workspace)[0].id


def test_statements_are_shown_in_own_lines_that_lead_to_their_postings(
    owner_browser: Client, workspace: Workspace, books: MovingBooks
) -> None:
    layout = made(owner_browser, workspace)
    shown = rows_of(owner_browser, "income-statement", layout=layout, year=2026, part="to3")
    assert [
        (name, Decimal(shown[name][0])) for name in ("What we sold", "What it cost", "What is left", "Not mapped")
    ] == [
        ("What we sold", Decimal("500.50")),
        ("What it cost", Decimal("120.25")),
        ("What is left", Decimal("380.25")),
        ("Not mapped", Decimal("-10.00")),
    ]
    for name in ("income-statement", "balance-sheet"):
        page = owner_browser.get(
            reverse("reports:report", args=[name]), {"layout": layout, "year": 2026, "part": "to3"}
        )
        text = page.content.decode()
        assert "On no line of these report lines, and in no subtotal: 8888." in text or name == "balance-sheet"
        links = re.findall(r'<td class="num"><a href="([^"]+)">([^<]+)</a>', text)
        own = [link for link in links if "layout=" in link[0] and "2025" not in link[0]]
        assert len(own) >= 2
        for address, figure in own[:2]:
            amount = abs(Decimal(figure.replace(",", "").replace("−", "-")))
            assert amount in sides(owner_browser, address.replace("&amp;", "&")), address
    assert {"marts_report_lines", "marts_budget", "core_account_lines"} <= sets_of(
        workspace, all_companies=False
    ).keys()
    mart = (
        f"select line_name, year_to_date from marts.report_lines where layout_id = '{layout}' and month = '2026-03-01' "
    )
    for name, amount in books.all(mart + "and statement = 'income_statement'"):
        assert Decimal(shown[name][0]) == amount


def test_own_lines_begin_with_the_acts_show_the_same_and_can_be_given_back(
    owner_browser: Client, workspace: Workspace, books: MovingBooks
) -> None:
    layout = made(owner_browser, workspace, None)
    for name in ("income-statement", "balance-sheet"):
        own, act = rows_of(owner_browser, name, layout=layout), rows_of(owner_browser, name)
        assert own == {line: cells for line, cells in act.items() if line in own}
        left_out = [cells for line, cells in act.items() if line not in own]  # subtotals of nothing
        assert all(cell in ("", "0", "-0") for cells in left_out for cell in cells)
    page = owner_browser.get(reverse("planning:layout", args=[layout])).content.decode()
    assert "Every account stands on a line." in page
    file = owner_browser.get(reverse("planning:lines", args=[layout]))
    head = next(openpyxl.load_workbook(BytesIO(file.content)).active.iter_rows(values_only=True))
    assert head == ("statement", "order", "line", "accounts", "sign", "sum from")
    before = layouts_of(workspace)[0].lines
    given = SimpleUploadedFile("report-lines.xlsx", file.content)
    answer = owner_browser.post(reverse("planning:layout", args=[layout]), {"by_file": "1", "file": given})
    assert answer.status_code == 302
    assert layouts_of(workspace)[0].lines == before


def test_a_bad_row_is_told_and_nothing_is_taken(
    owner_browser: Client, workspace: Workspace, books: MovingBooks
) -> None:
    bad = LINES.replace("6000-6999", "3500-6999")
    page = owner_browser.post(reverse("planning:layouts"), {"name": "Ours", "file": upload(bad)})
    assert page.status_code == 422
    assert "Row 3: Account 3500 stands in row 2 already." in page.content.decode()
    assert layouts_of(workspace) == []
    layout = made(owner_browser, workspace)
    again = owner_browser.post(reverse("planning:layout", args=[layout]), {"by_file": "1", "file": upload(bad)})
    assert again.status_code == 422
    assert layouts_of(workspace)[0].lines[1].ranges == ((6000, 6999),)
    assert owner_browser.post(reverse("planning:layouts"), {"name": "ours"}).status_code == 422  # the name is taken


def test_lines_are_changed_on_their_page(owner_browser: Client, workspace: Workspace, books: MovingBooks) -> None:
    address = reverse("planning:layout", args=[made(owner_browser, workspace)])
    row = {"statement": ["income statement", "balance sheet"], "order": ["5", ""], "line": ["All of it", ""],
           "accounts": ["3000-8999", ""], "sign": ["credit", "debit"], "sum_from": ["", ""]}  # fmt: skip
    assert owner_browser.post(address, {"name": "Ours now", **row}).status_code == 302
    (kept,) = layouts_of(workspace)
    assert (kept.name, [line.name for line in kept.lines]) == ("Ours now", ["All of it"])
    wrong = owner_browser.post(address, {"name": "Ours now", **row | {"order": ["x", ""]}})
    assert "Row 1: “x” is no order." in wrong.content.decode()
    assert owner_browser.post(address.replace(kept.id, kept.id) + "remove/").status_code == 302
    assert layouts_of(workspace) == []


def give(browser: Client, books: MovingBooks, text: str, sign: str = "report") -> Any:
    told = {"company": str(books.source.pk), "sign": sign, "file": upload(text)}
    return browser.post(reverse("planning:budgets"), told)


def test_the_income_statement_is_held_against_the_budget(owner_browser: Client, books: MovingBooks) -> None:
    assert give(owner_browser, books, "account;month;amount\n3000;2026-01;400\n6000;2026-04;99").status_code == 302
    shown = rows_of(owner_browser, "income-statement", year=2026, part="to3", compare="budget")
    assert [Decimal(text) for text in shown["3000 Account 3000"]] == [
        Decimal("500.5"), 400, Decimal("100.5"), Decimal("0.25125"),
    ]  # fmt: skip
    assert [Decimal(text) for text in shown["Operating result"][:3]] == [Decimal("380.25"), 400, Decimal("-19.75")]
    year = rows_of(owner_browser, "income-statement", year=2026, part="year", compare="budget")
    assert Decimal(year["6000 Account 6000"][1]) == 99
    page = owner_browser.get(reverse("planning:budgets")).content.decode()
    assert "301.00" in page  # the result of the year
    before = owner_browser.get(
        reverse("reports:report", args=["income-statement"]), {"year": 2025, "compare": "budget"}
    )
    assert f"There is no budget here for {books.source.name}." in before.content.decode()


def test_a_budget_with_a_bad_row_leaves_the_old_one(owner_browser: Client, books: MovingBooks) -> None:
    give(owner_browser, books, "account;month;amount\n3000;2026-01;-400", "ledger")
    page = give(owner_browser, books, "account;month;amount\n3000;2026-01;5\n1920;2026-01;1,234")
    assert page.status_code == 422
    assert "Row 3: “1920” is no income or cost account of this company." in page.content.decode()
    assert books.all("select account_no, month, amount from core.budget_amounts") == [(3000, date(2026, 1, 1), -400)]
    assert owner_browser.get(reverse("planning:budget_file", args=[books.source.pk, 2026])).content.startswith(b"PK")
    assert owner_browser.post(reverse("planning:remove_budget", args=[books.source.pk, 2026])).status_code == 302
    assert books.all("select 1 from core.budget_amounts") == []


def test_a_reader_sees_and_changes_nothing(
    reader_browser: Client, owner_browser: Client, workspace: Workspace, books: MovingBooks
) -> None:
    layout = made(owner_browser, workspace)
    for address in (
        reverse("planning:layouts"),
        reverse("planning:layout", args=[layout]),
        reverse("planning:budgets"),
    ):
        page = reader_browser.get(address)
        assert page.status_code == 200
        assert "multipart" not in page.content.decode()
        assert reader_browser.post(address, {"name": "x"}).status_code == 403


def test_who_sees_some_companies_leaves_the_workspaces_lines_alone(
    workspace: Workspace, administrator: Person, owner_browser: Client, books: MovingBooks
) -> None:
    made(owner_browser, workspace)
    give(owner_browser, books, "account;month;amount\n3000;2026-01;400")
    member = Membership.objects.in_workspace(workspace).get(person=administrator)
    member.is_limited = True
    member.save()
    browser = browser_of(administrator)
    assert browser.post(reverse("planning:layouts"), {"name": "x"}).status_code == 403
    assert books.source.name not in browser.get(reverse("planning:budgets")).content.decode()
    assert give(browser, books, "account;month;amount\n3000;2026-01;1").status_code == 422  # no such company for him
    assert browser.get(reverse("planning:budget_file", args=[books.source.pk, 2026])).status_code == 404


def test_every_problem_has_words_and_long_lists_end() -> None:
    facts = dict.fromkeys(("given", "other", "order", "account", "month", "from", "columns", "most"), "x")
    told = in_words([Problem(row=2, kind=kind, facts=facts) for kind in WORDS] * 3)
    assert told[0].startswith("Row 2: ")
    assert told[-1].startswith("And ")
    assert len(told) == 51
