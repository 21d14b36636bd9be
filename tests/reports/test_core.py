"""What the books are made of, on rows that were written down by hand."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports.books import HandMade


@pytest.fixture
def books(tmp_path: Path) -> HandMade:
    return HandMade(tmp_path)


def test_a_company_says_whose_it_is_how_fresh_and_whether_proved(books: HandMade) -> None:
    books.put("financial_settings", {"financial_year_end_month": "June", "conversion_date": date(2024, 7, 1)})
    books.put("lock_date_settings", {"lock_date": date(2025, 12, 31)})
    books.put("vat_settings", {"is_vat_registered": True, "vat_period": "Quarterly"})
    assert books.all(
        "select company, organisation_number, fiscal_year_end_month, books_from, locked_until, vat_term_months, "
        "as_of_date, verdict from core.companies"
    ) == [("Test A AS", "310000002", 6, date(2024, 7, 1), date(2025, 12, 31), 3, date(2026, 3, 16), "proved")]


def test_an_account_has_its_place_in_ns_4102_and_the_statements(books: HandMade) -> None:
    placed = {
        1920: ("Asset", "bank_and_cash", 1),
        1250: ("Asset", "machinery_and_fixtures", 1),
        1580: ("Asset", "trade_receivables", 1),
        2050: ("Equity", "retained_equity", -1),
        2400: ("Liability", "trade_payables", -1),
        2700: ("Liability", "public_duties", -1),
        3000: ("Income", "sales_revenue", -1),
        3900: ("Income", "other_operating_income", -1),
        4300: ("Expense", "cost_of_goods", 1),
        5000: ("Expense", "payroll_expenses", 1),
        6010: ("Expense", "depreciation", 1),
        6050: ("Expense", "impairment", 1),
        7770: ("Expense", "other_operating_expenses", 1),
        8050: ("Income", "financial_income", -1),
        8150: ("Expense", "financial_expenses", 1),
        8300: ("Expense", "tax", 1),
        8960: ("Expense", "appropriations", 1),
        192001: ("Asset", "bank_and_cash", 1),  # six digits
        2500: ("Asset", "other_receivables", 1),  # a number of another class than its type
    }
    books.chart({number: ("Konto", kind) for number, (kind, _, _) in placed.items()})
    found = books.all("select account_no, account, line, report_sign, account_class from core.accounts")
    assert {no: tuple(rest) for no, *rest in found} == {
        no: (f"{no} Konto", line, sign, int(str(no)[0])) for no, (_, line, sign) in placed.items()
    }


def test_an_account_that_the_chart_lacks_is_listed_by_its_postings(books: HandMade) -> None:
    books.voucher(date(2026, 1, 5), (1999, "10"), (3000, "-10"))
    found = "select account_no, account_type, is_in_chart from core.accounts order by 1"
    assert books.all(found) == [(1999, "asset", False), (3000, "income", False)]


def test_fiscal_years_that_end_in_june_number_their_periods_from_july(books: HandMade) -> None:
    books.put("financial_settings", {"financial_year_end_month": "June"})
    books.voucher(date(2025, 6, 30), (1920, "10"), (3000, "-10"))
    books.voucher(date(2025, 7, 1), (1920, "10"), (3000, "-10"))
    assert books.all("select distinct month, fiscal_year, period from core.postings order by 1") == [
        (date(2025, 6, 1), 2025, 12),
        (date(2025, 7, 1), 2026, 1),
    ]
    first, last, count = books.all("select min(first_day), max(last_day), count(*) from core.periods")[0]
    assert (first, last, count) == (date(2024, 7, 1), date(2026, 6, 30), 24)
    assert books.one("select distinct fiscal_year_label from core.periods where fiscal_year = 2026") == "2025/2026"
    assert books.one("select closing from marts.trial_balance where account_no = 3000 and month = '2025-07-01'") == -10


def test_a_month_is_locked_partly_locked_or_open(books: HandMade) -> None:
    books.put("lock_date_settings", {"lock_date": date(2026, 2, 10)})
    books.voucher(date(2026, 1, 5), (1920, "10"), (3000, "-10"))
    states = dict(books.all("select month(month), state from core.periods where has_begun"))
    assert states == {1: "locked", 2: "partly locked", 3: "open"}
    assert books.one("select max(date) from core.dates where is_locked") == date(2026, 2, 10)


def test_a_sub_project_inherits_from_those_above_it(books: HandMade) -> None:
    books.put(
        "projects",
        {
            "id": 1,
            "code": "1",
            "name": "Bygg",
            "customer_no": 10001,
            "department_id": 5,
            "project_manager_employee_no": 7,
        },
        {"id": 2, "code": "1.1", "name": "Del", "parent_project_id": 1, "department_id": 6},
        {"id": 3, "code": "1.1.1", "name": "Bit", "parent_project_id": 2},
        {"id": 9, "code": "9", "name": "Foreldreløs", "parent_project_id": 99},
    )
    assert books.all("select project, main_project, level, customer_no, department_id, manager_employee_no "
                     "from core.projects order by project_id") == [
        ("1 Bygg", "1 Bygg", 1, 10001, 5, 7),
        ("1.1 Del", "1 Bygg", 2, 10001, 6, 7),
        ("1.1.1 Bit", "1 Bygg", 3, 10001, 6, 7),
        ("9 Foreldreløs", "9 Foreldreløs", 1, None, None, None),
    ]  # fmt: skip


def test_own_dimensions_carry_the_companys_own_names(books: HandMade) -> None:
    books.put("custom_dimension_settings", {"ordinal": 1, "name": "Butikk"})
    books.put(
        "custom_dimensions", {"id": 4, "ordinal": 1, "code": "O", "name": "Oslo"}, {"id": 5, "ordinal": 2, "code": "X"}
    )
    assert books.all("select dimension, dimension_value from core.dimensions order by dimension_value_id") == [
        ("Butikk", "O Oslo"),
        ("Dimension 2", "X"),
    ]


def test_a_custom_vat_code_goes_the_way_of_its_standard_code(books: HandMade) -> None:
    books.put(
        "vat_codes",
        {"id": 1, "code": "1", "name": "Inngående", "rate": Decimal("0.25")},
        {"id": 2, "code": "C1", "name": "Halvt", "rate": Decimal("0.25"), "base_vat_code_id": 1},
        {"id": 3, "code": "K1", "name": "Kompensasjon", "rate": Decimal("0.25")},
        {"id": 4, "code": "86", "name": "Fra utlandet", "rate": Decimal("0.25")},
    )
    assert books.all("select vat_code, standard_code, direction from core.vat_codes order by vat_code_id") == [
        ("1", "1", "input"),
        ("C1", "1", "input"),
        ("K1", "1", "input"),
        ("86", "86", "both"),
    ]


def opened(books: HandMade, on: date) -> dict[int, Decimal]:
    return books.sums("select party_no, sum(open_amount) from core.open_items(?::date) group by 1", on)


def test_an_invoice_is_open_until_it_is_paid(books: HandMade) -> None:
    books.entry("customer", 1, date(2026, 1, 10), "1250", due_date=date(2026, 1, 24), match_id=8, balance=0)
    books.entry("customer", 1, date(2026, 2, 5), "-1250", match_id=8, balance=0)
    assert opened(books, date(2026, 1, 9)) == {}
    assert opened(books, date(2026, 1, 31)) == {1: 1250}
    assert books.one("select (age, days_overdue) from core.open_items(date '2026-01-31')") == ("1-30", 7)
    assert opened(books, date(2026, 2, 5)) == {}


def test_a_part_payment_leaves_the_rest_open_on_the_invoice(books: HandMade) -> None:
    books.entry("supplier", 5, date(2026, 1, 10), "-1000", match_id=3, balance=-600)
    books.entry("supplier", 5, date(2026, 2, 1), "400", match_id=3, balance=0)
    assert opened(books, date(2026, 1, 31)) == {5: -1000}
    assert opened(books, date(2026, 3, 1)) == {5: -600}


def test_of_a_group_that_was_half_posted_the_oldest_debt_counts_as_settled_first(books: HandMade) -> None:
    for no, (due, amount) in enumerate(
        [(date(2026, 1, 10), "100"), (date(2026, 1, 20), "200"), (date(2026, 1, 30), "300")]
    ):
        books.entry("customer", 1, date(2026, 1, 1), amount, due_date=due, match_id=1, balance=0, invoice_no=str(no))
    books.entry("customer", 1, date(2026, 2, 1), "-250", match_id=1, balance=0)
    books.entry("customer", 1, date(2026, 3, 1), "-350", match_id=1, balance=0)
    assert books.sums("select invoice_no, open_amount from core.open_items(date '2026-02-15')") == {"1": 50, "2": 300}
    assert opened(books, date(2026, 3, 1)) == {}


def test_credit_notes_are_negative_whatever_sign_the_source_gives(books: HandMade) -> None:
    amounts = {"net_posted_amount": 800, "total_posted_amount": 1000, "balance": 0}
    books.put("outgoing_invoices", {"voucher_no": 1, "voucher_type": "OutgoingInvoice", "customer_no": 1, **amounts})
    books.put("incoming_invoices", {"voucher_no": 2, "voucher_type": "IncomingInvoice", "supplier_no": 5}
              | {name: -amount for name, amount in amounts.items()})  # fmt: skip
    books.put("incoming_invoices", {"voucher_no": 3, "voucher_type": "IncomingCreditNote", "supplier_no": 5, **amounts})
    assert books.all("select direction, kind, net_amount, vat_amount from core.invoices order by voucher_no") == [
        ("outgoing", "invoice", 800, 200),
        ("incoming", "invoice", 800, 200),
        ("incoming", "credit_note", -800, -200),
    ]


def test_an_invoice_says_whether_its_lines_have_been_read(books: HandMade) -> None:
    read, waiting = uuid.uuid4(), uuid.uuid4()
    for number, key in enumerate((read, waiting), start=1):
        books.put("outgoing_invoices", {"id": key, "voucher_no": number, "voucher_type": "OutgoingInvoice"})
    books.put("incoming_invoices", {"id": uuid.uuid4(), "voucher_no": 3, "voucher_type": "IncomingInvoice"})
    books.all("insert into tieout.answered_parents values ('a', 'outgoing_invoice_lines', ?, 1)", str(read))
    assert books.all("select voucher_no, has_lines from core.invoices order by 1") == [(1, True), (2, False), (3, None)]


def test_lines_of_incoming_invoices_are_their_postings_without_supplier_and_vat(books: HandMade) -> None:
    supplier = {"supplier_account_no": 5}
    lines = ((6300, "800", {"vat_code": "1"}), (2710, "200"), (2400, "-1000", supplier))
    voucher = books.voucher(date(2026, 1, 5), *lines, kind="IncomingInvoice")
    assert books.all("select invoice_id, direction, account_no, net_amount from core.invoice_lines") == [
        (voucher, "incoming", 6300, 800)
    ]
