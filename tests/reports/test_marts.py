"""Figures for people, on books small enough to be worked out on paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports.books import NUMBERS, HandMade

CHART = {
    1500: ("Kundefordringer", "Asset"),
    1920: ("Bank", "Asset"),
    2000: ("Aksjekapital", "Equity"),
    2050: ("Annen egenkapital", "Equity"),
    2400: ("Leverandørgjeld", "Liability"),
    2700: ("Utgående mva", "Liability"),
    2710: ("Inngående mva", "Liability"),
    3000: ("Salg", "Income"),
    4300: ("Varekjøp", "Expense"),
    5000: ("Lønn", "Expense"),
    8960: ("Overført annen egenkapital", "Expense"),
}


@pytest.fixture
def books(tmp_path: Path) -> HandMade:
    """Two years: a sale and wages in 2025, closed at its end; a sale, a purchase and a credit note in 2026."""
    made = HandMade(tmp_path)
    made.chart(CHART)
    made.put("financial_settings", {"conversion_date": date(2025, 1, 1), "financial_year_end_month": "December"})
    made.put("vat_codes", *({"id": no, "code": str(no), "name": f"Kode {no}"} for no in (1, 3)))
    made.put("customers", {"id": 71, "number": 10001, "name": "Kunde"})
    made.put("products", {"id": 1, "code": "V", "name": "Vare", "product_group_id": 2})
    made.put("product_groups", {"id": 2, "code": "G", "name": "Gruppe"})
    made.put("departments", {"id": 3, "code": "10", "name": "Salg"})
    made.put("projects", {"id": 4, "code": "P1", "name": "Bygg", "customer_no": 10001, "budgeted_total_revenue": 5000})
    made.voucher(date(2024, 12, 31), (1920, "1000"), (2000, "-1000"), no=0, kind="YearEndJournal")
    made.voucher(date(2025, 3, 10), (1920, "500"), (3000, "-500", {"vat_code": "0"}))
    made.voucher(date(2025, 12, 31), (8960, "500"), (2050, "-500"), kind="YearEndJournal")
    _sale(made, date(2026, 1, 15), "1000")
    buy = {"vat_code": "1", "vat_amount": 100, "project_id": 4}
    made.voucher(date(2026, 2, 3), (4300, "400", buy), (2710, "100"), (2400, "-500"), kind="IncomingInvoice")
    made.voucher(date(2026, 2, 28), (5000, "300", {"department_id": 3}), (1920, "-300"), kind="PayrollJournal")
    return made


def _sale(made: HandMade, on: date, net: str) -> None:
    amount = Decimal(net)
    sale = {"vat_code": "3", "vat_amount": -amount / 4, "product_id": 1, "product_code": "V", "department_id": 3}
    customer = {"customer_account_no": 10001}
    lines = ((1500, str(amount * 5 / 4), customer), (3000, str(-amount), sale), (2700, str(-amount / 4)))
    voucher = made.voucher(on, *lines, kind="OutgoingInvoice")
    made.entry("customer", 10001, on, str(amount * 5 / 4), voucher_id=voucher, due_date=on)


def test_trial_balance_restarts_result_accounts_and_carries_the_others(books: HandMade) -> None:
    found = "select account_no, opening, movement, closing, opening_of_year from marts.trial_balance where month = '2026-01-01'"
    assert {row[0]: row[1:] for row in books.all(found)} == {
        1500: (0, 1250, 1250, 0),
        1920: (1500, 0, 1500, 1500),
        2000: (-1000, 0, -1000, -1000),
        2050: (-500, 0, -500, -500),
        2700: (0, -250, -250, 0),
        3000: (0, -1000, -1000, 0),
        8960: (0, 0, 0, 0),
    }


def test_trial_balance_at_a_date_in_the_middle_of_a_month(books: HandMade) -> None:
    found = "select account_no, closing from marts.trial_balance(date '2026-02-10') where closing <> 0"
    assert books.sums(found) == {
        1500: 1250, 1920: 1500, 2000: -1000, 2050: -500, 2400: -500, 2700: -250, 2710: 100, 3000: -1000, 4300: 400,
    }  # fmt: skip


def test_income_statement_shows_income_costs_and_results_positive_with_the_year_before(books: HandMade) -> None:
    found = (
        "select line, amount, year_to_date, previous_year_to_date from marts.income_statement "
        "where month = '2026-03-01' and (year_to_date <> 0 or previous_year_to_date <> 0)"
    )
    assert {row[0]: row[1:] for row in books.all(found)} == {
        "sales_revenue": (0, 1000, 500),
        "total_operating_income": (0, 1000, 500),
        "cost_of_goods": (0, 400, 0),
        "payroll_expenses": (0, 300, 0),
        "total_operating_expenses": (0, 700, 0),
        "operating_result": (0, 300, 500),
        "result_before_tax": (0, 300, 500),
        "annual_result": (0, 300, 500),
        "not_appropriated": (0, 300, 500),
    }


def test_balance_sheet_holds_a_result_that_is_not_appropriated_as_equity(books: HandMade) -> None:
    found = "select line, balance, opening_of_year from marts.balance_sheet where month = '2026-02-01' and balance <> 0"
    assert {row[0]: row[1:] for row in books.all(found)} == {
        "trade_receivables": (1250, 0),
        "bank_and_cash": (1200, 1500),
        "total_current_assets": (2450, 1500),
        "total_assets": (2450, 1500),
        "paid_in_equity": (1000, 1000),
        "retained_equity": (500, 500),
        "unappropriated_result": (300, 0),
        "total_equity": (1800, 1500),
        "trade_payables": (500, 0),
        "public_duties": (150, 0),
        "total_short_term_debt": (650, 0),
        "total_debt": (650, 0),
        "total_equity_and_debt": (2450, 1500),
    }


def test_vat_of_a_term_is_output_less_input_as_the_accounts_moved(books: HandMade) -> None:
    found = (
        "select vat_code, direction, basis, output_vat, input_vat, vat_payable from marts.vat where vat_term = '2026-1'"
    )
    assert sorted(books.all(found)) == [("1", "input", 400, 0, 100, -100), ("3", "output", 1000, 250, 0, 250)]
    by_term = "select vat_payable, moved_on_accounts, difference, is_returned from marts.vat_by_term where vat_term = '2026-1'"
    assert books.all(by_term) == [(150, 150, 0, False)]


def test_vat_posted_by_hand_shows_as_a_difference(books: HandMade) -> None:
    books.voucher(date(2026, 2, 20), (2700, "-30"), (1920, "30"))
    assert books.one("select difference from marts.vat_by_term where vat_term = '2026-1'") == -30


def test_a_voucher_of_a_vat_return_is_no_movement_of_its_term(books: HandMade) -> None:
    books.voucher(date(2026, 2, 28), (2700, "250"), (2710, "-100"), (2400, "-150"), kind="VatReturns")
    assert books.all("select difference, is_returned from marts.vat_by_term where vat_term = '2026-1'") == [(0, True)]


def test_a_sale_counts_for_the_customer_of_its_voucher_and_a_cost_for_its_projects(books: HandMade) -> None:
    found = "select month, customer, revenue, cost_of_goods, gross_margin, margin_share from marts.revenue_by_customer order by 1"
    assert books.all(found) == [
        (date(2025, 3, 1), "Not assigned", 500, 0, 500, 1),
        (date(2026, 1, 1), "10001 Kunde", 1000, 0, 1000, 1),
        (date(2026, 2, 1), "10001 Kunde", 0, 400, -400, None),
    ]


def test_margins_by_product_group_and_department_carry_labels(books: HandMade) -> None:
    where = "where month = '2026-01-01'"
    assert books.all(f"select product, product_group, revenue from marts.revenue_by_product {where}") == [
        ("V Vare", "G Gruppe", 1000)
    ]
    assert books.all(f"select department, revenue from marts.revenue_by_department {where}") == [("10 Salg", 1000)]


def test_a_project_is_held_against_its_budget(books: HandMade) -> None:
    found = (
        "select project, customer, revenue, cost_of_goods, result, budgeted_revenue from marts.project_profitability"
    )
    assert books.all(found) == [("P1 Bygg", "10001 Kunde", 0, 400, -400, 5000)]


def test_month_end_in_one_row(books: HandMade) -> None:
    books.put(
        "sub_ledger_number_series", {"sub_ledger_number_series_type": "Customer", "general_ledger_account_no": 1500}
    )
    found = (
        "select result, result_to_date, result_previous_year_to_date, bank_and_cash, receivables, receivables_on_account, "
        "vat_owed, balance_difference, subledger_difference, verdict from marts.month_end where month = '2026-02-01'"
    )
    assert books.all(found) == [(-700, 300, 0, 1200, 1250, 1250, 150, 0, 0, "proved")]


def test_the_general_ledger_names_what_a_posting_is_tagged_with(books: HandMade) -> None:
    found = "select account, voucher_type, product, department, amount, verdict from marts.general_ledger where posting_date = ?"
    assert ("3000 Salg", "outgoing_invoice", "V Vare", "10 Salg", -1000, "proved") in books.all(
        found, date(2026, 1, 15)
    )


def test_an_account_statement_goes_on_from_the_balance_before(books: HandMade) -> None:
    found = "select amount, balance from marts.account_statement('a', ?, date '2026-01-01', date '2026-12-31')"
    assert books.all(found, 1920) == [(-300, 1200)]
    assert books.all(found, 3000) == [(-1000, -1000)]  # a result account forgets the year before


def test_a_date_typed_a_century_wrong_brings_its_own_month_and_no_other(books: HandMade) -> None:
    books.voucher(date(2126, 1, 15), (1920, "7"), (3000, "-7"))
    years = "select fiscal_year, count(distinct month) from marts.{} where fiscal_year > 2025 group by 1"
    for mart in ("trial_balance", "income_statement", "balance_sheet", "month_end"):
        assert dict(books.all(years.format(mart))) == {2026: 3, 2126: 1}
    assert (
        books.one("select sum(closing) from marts.trial_balance where month = '2126-01-01' and account_no = 1920")
        == 1207
    )


def test_a_company_without_postings_has_no_rows_and_no_errors(tmp_path: Path) -> None:
    empty = HandMade(tmp_path)
    for mart in (
        "trial_balance",
        "income_statement",
        "balance_sheet",
        "vat_by_term",
        "month_end",
        "group_balance_sheet",
    ):
        assert empty.all(f"select * from marts.{mart}") == []


@pytest.fixture
def group(tmp_path: Path) -> HandMade:
    """Company a sells to b for 1000 before VAT, b has booked it; c stands outside; a also sells 200 to a stranger."""
    made = HandMade(tmp_path, "a", "b", "c")
    for company in ("a", "b", "c"):
        made.chart(CHART, company=company)
    made.put("customers", {"id": 1, "number": 10001, "name": "B", "organization_number": NUMBERS["b"]})
    made.put("customers", {"id": 2, "number": 10002, "name": "Fremmed", "organization_number": "310000037"})
    seller = f"NO {NUMBERS['a'][:3]} {NUMBERS['a'][3:6]} {NUMBERS['a'][6:]} MVA"
    made.put("suppliers", {"id": 1, "number": 20001, "name": "A", "organization_number": seller}, company="b")
    party = {"customer_account_no": 10001}
    made.voucher(date(2026, 1, 5), (1500, "1250", party), (3000, "-1000"), (2700, "-250"), kind="OutgoingInvoice")
    stranger = {"customer_account_no": 10002}
    made.voucher(date(2026, 1, 6), (1500, "200", stranger), (3000, "-200"), kind="OutgoingInvoice")
    lines = ((4300, "1000"), (2710, "250"), (2400, "-1250", {"supplier_account_no": 20001}))
    made.voucher(date(2026, 1, 7), *lines, kind="IncomingInvoice", company="b")
    made.voucher(date(2026, 1, 8), (1920, "70"), (3000, "-70"), company="c")
    return made


def test_the_group_adds_up_and_marks_what_is_between_its_companies(group: HandMade) -> None:
    found = "select line, amount, internal, external from marts.group_income_statement where month = '2026-01-01' and amount <> 0"
    assert {
        row[0]: row[1:] for row in group.all(found) if row[0] in ("sales_revenue", "cost_of_goods", "annual_result")
    } == {
        "sales_revenue": (1270, 1000, 270),
        "cost_of_goods": (1000, 1000, 0),
        "annual_result": (270, 0, 270),
    }
    sheet = "select line, balance, internal, external from marts.group_balance_sheet where month = '2026-03-01' and internal <> 0"
    lines = {row[0]: row[1:] for row in group.all(sheet)}
    assert lines["trade_receivables"] == (1450, 1250, 200)
    assert lines["trade_payables"] == (1250, 1250, 0)


def test_what_two_companies_owe_one_another_is_told_from_both_sides(group: HandMade) -> None:
    found = (
        "select company_id, counterparty_company_id, balance, balance_at_counterparty, difference "
        "from marts.internal_balances"
    )
    assert sorted(group.all(found)) == [("a", "b", 1250, 1250, 0), ("b", "a", -1250, -1250, 0)]
    group.voucher(date(2026, 2, 1), (1920, "1250"), (1500, "-1250", {"customer_account_no": 10001}))
    assert sorted(group.all(found)) == [("a", "b", 0, 1250, -1250), ("b", "a", -1250, 0, -1250)]


def test_the_group_is_as_fresh_and_as_proved_as_its_weakest_company(group: HandMade) -> None:
    assert group.all("select verdict, companies from core.group_status") == [("proved", 3)]
    with group.warehouse.connection() as connection:
        connection.execute("update tieout.data_status set verdict = 'not_proved' where source_id = 'c'")
    assert group.all("select distinct verdict from marts.group_trial_balance") == [("not_proved",)]
