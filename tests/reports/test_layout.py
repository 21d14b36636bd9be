"""Own report lines and budgets: what is read of an upload, what is refused with its row, and what models make of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.reports.books import NOON, HandMade
from tieout.reports.budget import Known, amounts_of
from tieout.reports.layout import lines_of
from tieout.reports.uploaded import UploadError, month_of, number_of, table_of
from tieout.warehouse.budgets import BudgetAmount, keep_budget
from tieout.warehouse.layouts import Layout, drop_layout, keep_layout, layouts

OWN = """statement;order;line;accounts;sign;sum from
income statement;10;Sales;3000-3899, 3950;credit;
income statement;20;Goods;4000-4999;debit;
income statement;30;Margin;;credit;10
balance sheet;10;Money;1900-1999;debit;
balance sheet;20;What we own;;debit;10
balance sheet;30;Owners;2000-2099, result;credit;
"""
KNOWN = Known(accounts={3000: -1, 4300: 1}, departments={"10"}, projects={"P1"})


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(UploadError) as refused:
        lines_of(table_of(text.encode(), "lines.csv"))
    return [(one.row, one.kind) for one in refused.value.problems]


def test_lines_are_read_from_csv_and_workbook_alike_in_both_languages() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Oppstilling", "Rekkefølge", "Linje", "Kontoer", "Fortegn", "Sum fra"])
    for row in [line.split(";") for line in OWN.splitlines()[1:]]:
        norwegian = {"income statement": "Resultat", "balance sheet": "Balanse", "credit": "kredit", "debit": "debet"}
        book.active.append([int(cell) if cell.isdigit() else norwegian.get(cell, cell) or None for cell in row])
    file = BytesIO()
    book.save(file)
    lines = lines_of(table_of(OWN.encode(), "lines.csv"))
    assert lines_of(table_of(file.getvalue(), "Linjer.XLSX")) == lines
    assert [(line.name, line.ranges, line.sign, line.sums_from) for line in lines[:3]] == [
        ("Sales", ((3000, 3899), (3950, 3950)), -1, None),
        ("Goods", ((4000, 4999),), 1, None),
        ("Margin", (), -1, 10),
    ]


def test_everything_that_is_wrong_is_told_by_row() -> None:
    text = (
        OWN.replace("4000-4999", "3900-4999")
        .replace("balance sheet;20", "balance sheet;10")
        .replace(";credit;10", ";up;10")
    )
    assert problems(text) == [(3, "account_twice"), (4, "sign"), (6, "order_twice"), (6, "sum_of_nothing")]
    assert problems("a;b\n1;2") == [(1, "no_columns")]
    assert problems("statement;order;line;accounts;sign\nprofit;x;;result;") == [
        (2, kind) for kind in ("statement", "order", "line_name", "sign", "accounts")
    ]


@pytest.mark.parametrize(
    ("name", "data"), [("a.xlsx", b"PK\x03\x04no"), ("a.csv", b"\x00\x01"), ("a.csv", b"only a head")]
)
def test_what_is_no_table_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(UploadError):
        table_of(data, name)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 234,50", "1234.50"), ("1.234,50", "1234.50"), ("1,234.5", "1234.5"), ("−12", "-12"), ("12.3456", "12.3456"),
        ("1,234", None), ("1.234", None), ("12 kr", None), ("", None), ("1e5", None), (Decimal("0.00001"), None),
    ],
)  # fmt: skip
def test_a_number_is_exact_or_refused(written: Any, meant: str | None) -> None:
    assert number_of(written) == (None if meant is None else Decimal(meant))


def test_months_are_read_as_people_write_them() -> None:
    assert {
        month_of(text) for text in ("2026-03", "2026-03-31", "03.2026", "31.03.2026", "3/2026", date(2026, 3, 9))
    } == {date(2026, 3, 1)}
    assert {month_of(text) for text in ("2026-13", "mars", "2026", "")} == {None}


def budget(text: str, *, in_ledger_sign: bool = False) -> list[BudgetAmount]:
    return amounts_of(table_of(text.encode(), "b.csv"), KNOWN, in_ledger_sign=in_ledger_sign)


def test_a_budget_keeps_the_ledgers_sign_whichever_it_came_in() -> None:
    of_statement = budget("konto;måned;beløp;avdeling\n3000;2026-01;1 000,50;10\n4300;01.2026;400;")
    of_ledger = budget(
        "account;month;amount;department\n3000;2026-01;-1000.50;10\n4300;2026-01;400;", in_ledger_sign=True
    )
    assert of_statement == of_ledger
    assert [one.amount for one in of_ledger] == [Decimal("-1000.50"), 400]


def test_a_budget_may_have_a_column_a_month() -> None:
    assert [(one.month.month, one.amount) for one in budget("account,2026-01,2026-02,2026-03\n4300,1,,3")] == [
        (1, 1),
        (3, 3),
    ]


def test_nothing_of_a_budget_with_a_bad_row_is_taken() -> None:
    with pytest.raises(UploadError) as refused:
        budget(
            "account;month;amount;project\n3000;2026-01;1;P2\n1920;2026-01;1;\n4300;2026-1x;1,234;\n3000;2026-02;1;\n3000;2026-02;2;"
        )
    assert [(one.row, one.kind) for one in refused.value.problems] == [
        (2, "project"), (3, "budget_account"), (4, "month"), (4, "amount"), (6, "amount_twice"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> HandMade:
    """Changed by the last tests only."""
    made = HandMade(tmp_path_factory.mktemp("books"))
    made.chart({1920: ("Bank", "Asset"), 2050: ("Egenkapital", "Equity"), 3000: ("Salg", "Income"),
                4300: ("Kjøp", "Expense"), 6000: ("Avskrivning", "Expense"), 2400: ("Gjeld", "Liability")})  # fmt: skip
    made.put("financial_settings", {"conversion_date": date(2025, 1, 1), "financial_year_end_month": "December"})
    made.voucher(date(2026, 1, 5), (1920, "1000"), (3000, "-1000"))
    made.voucher(date(2026, 2, 5), (4300, "300"), (6000, "50"), (2400, "-350"))
    lines = lines_of(table_of(OWN.encode(), "lines.csv"))
    keep_layout(made.warehouse, Layout(id="own", name="Ours", changed_at=NOON, lines=lines))
    amounts = (BudgetAmount(account_no=3000, month=date(2026, 1, 1), amount=Decimal(-800)),
               BudgetAmount(account_no=4300, month=date(2026, 4, 1), amount=Decimal(90), department_code="10"))  # fmt: skip
    keep_budget(made.warehouse, "a", amounts, first=date(2026, 1, 1), last=date(2026, 12, 1), at=NOON)
    return made


def test_every_account_stands_once_in_each_statement_of_a_layout_or_is_unmapped(books: HandMade) -> None:
    assert not books.all(
        "select 1 from core.account_lines group by company_id, layout_id, statement, account_no having count(*) > 1"
    )
    unmapped = (
        "select statement, list(account_no order by account_no) from core.account_lines "
        "where layout_id = 'own' and not is_mapped group by 1"
    )
    assert dict(books.all(unmapped)) == {"income_statement": [6000], "balance_sheet": [2400]}
    assert books.one("select count(*) from core.account_lines where layout_id = 'norwegian' and not is_mapped") == 0


def test_own_lines_add_up_to_the_statement_of_the_act(books: HandMade) -> None:
    found = books.sums(
        "select line_name, amount from marts.report_lines where layout = 'Ours' and month = '2026-02-01' "
        "and statement = 'balance_sheet'"
    )
    assert found == {"Money": 1000, "What we own": 1000, "Owners": 650, "Not mapped": -350}
    for statement, amount in (("income_statement", "year_to_date"), ("balance_sheet", "balance")):
        ours = (
            f"select line || month, {'year_to_date' if amount == 'year_to_date' else 'amount'} from marts.report_lines "
        )
        mart = f"select line || month, {amount} from marts.{statement}"
        where = f"where layout_id = 'norwegian' and statement = '{statement}' and month < '2026-04-01'"
        assert books.sums(ours + where) == books.sums(mart + " where month < '2026-04-01'")


def test_a_budget_stands_beside_the_months_amounts(books: HandMade) -> None:
    lines = (
        "select line_name, amount, budget, deviation from marts.report_lines "
        "where layout = 'Ours' and statement = 'income_statement'"
    )
    assert books.all(f"{lines} and month = '2026-01-01' and position = 30") == [("Margin", 1000, 800, 200)]
    assert books.all(f"{lines} and month = '2026-04-01' and position = 30") == [("Margin", 0, -90, 90)]
    assert books.all(
        "select account_no, amount, budget, deviation_share from marts.budget where month = '2026-01-01'"
    ) == [(3000, 1000, 800, Decimal("0.25"))]


def test_a_new_upload_replaces_the_months_it_is_for(books: HandMade) -> None:
    keep_budget(books.warehouse, "a", (), first=date(2026, 1, 1), last=date(2026, 1, 1), at=NOON)
    assert books.all("select month from core.budget_amounts") == [(date(2026, 4, 1),)]


def test_a_layout_is_read_as_it_was_kept_and_can_go(books: HandMade) -> None:
    (kept,) = layouts(books.warehouse)
    assert kept.lines == lines_of(table_of(OWN.encode(), "lines.csv"))
    drop_layout(books.warehouse, "own")
    assert layouts(books.warehouse) == []
    assert books.one("select count(*) from core.own_line_ranges") == 0
