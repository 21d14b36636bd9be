"""Cards, lists with search, and the drill from every figure of a list to what makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import Http404, QueryDict

from tests.portal.reports.conftest import asking_of
from tests.reports.books import HandMade
from tieout.portal.reports import lists
from tieout.portal.reports import postings as behind
from tieout.portal.reports.cards import card_of
from tieout.portal.reports.choice import Choice, choice_of
from tieout.portal.reports.companies import Chosen
from tieout.portal.reports.reading import Ask
from tieout.portal.reports.sheets import Sheet
from tieout.portal.reports.shown import shown

A = "00000000-0000-4000-8000-00000000000a"
US = Chosen(allowed={A: "A AS"}, groups=[], key="", ids=[A], is_told=False)
SALE = {"vat_code": "3", "project_id": 4, "department_id": 3, "product_id": 1}


@pytest.fixture
def books(tmp_path: Path) -> HandMade:
    """Two sales to a customer on a project, one unpaid; a purchase with VAT; wages; rent paid; a product never sold."""
    made = HandMade(tmp_path)
    made.chart({1500: ("Kunder", "Asset"), 1920: ("Bank", "Asset"), 2400: ("Lev", "Liability"), 2700: ("Utg. mva", "Liability"),
                2710: ("Inng. mva", "Liability"), 3000: ("Salg", "Income"), 4300: ("Kjøp", "Expense"),
                5000: ("Lønn", "Expense")})  # fmt: skip
    made.put("financial_settings", {"conversion_date": date(2025, 1, 1), "financial_year_end_month": "December"})
    made.put("vat_codes", *({"id": no, "code": str(no), "name": f"Kode {no}"} for no in (1, 3)))
    made.put("customers", {"id": 71, "number": 10001, "name": "Kunde"}, {"id": 72, "number": 10002, "name": "Ny kunde"})
    made.put("suppliers", {"id": 81, "number": 20001, "name": "Lev"})
    made.put("projects", {"id": 4, "code": "P1", "name": "Bygg", "customer_no": 10001})
    made.put("departments", {"id": 3, "code": "10", "name": "Salg"})
    made.put("products", {"id": 1, "code": "V", "name": "Vare"}, {"id": 2, "code": "W", "name": "Vare to"})
    for on, net in ((date(2026, 1, 15), 1000), (date(2026, 2, 10), 400)):
        owed, sold = (
            {"customer_account_no": 10001, "sub_ledger_entry_id": 1},
            SALE | {"vat_amount": -Decimal(net) / 4},
        )
        lines = ((1500, str(net * 5 / 4), owed), (3000, str(-net), sold), (2700, str(-net / 4)))
        voucher = made.voucher(on, *lines, kind="OutgoingInvoice")
        made.entry("customer", 10001, on, str(net * 5 / 4), voucher_id=voucher, due_date=on)
    bought = {"vat_code": "1", "vat_amount": 20, "project_id": 4}
    owing = {"supplier_account_no": 20001, "sub_ledger_entry_id": 2}
    voucher = made.voucher(
        date(2026, 2, 3), (4300, "80", bought), (2710, "20"), (2400, "-100", owing), kind="IncomingInvoice"
    )
    made.entry("supplier", 20001, date(2026, 2, 3), "-100", voucher_id=voucher, due_date=date(2026, 4, 1))
    made.voucher(date(2026, 2, 28), (5000, "300", {"project_id": 4}), (1920, "-300"), kind="PayrollJournal")
    _under_its_id(made)
    return made


def _under_its_id(books: HandMade) -> None:
    """Addresses name companies by the ids that the portal gives."""
    owned = "select schema_name, table_name, column_name from duckdb_columns() where column_name in ('source_id', '_source_id') "
    for schema, table, column in books.all(owned + "and table_oid in (select table_oid from duckdb_tables())"):
        books.all(f"update {schema}.{table} set {column} = '{A}' where {column} = 'a'")


@pytest.fixture
def ask(books: HandMade) -> Iterator[Ask]:
    with asking_of(books) as one:
        yield one


def choice(ask: Ask, query: str = "year=2026&part=to3") -> Choice:
    made = choice_of(ask, QueryDict(query), US)
    assert made is not None
    return made


def leads_to(ask: Ask, address: str) -> set[Decimal]:
    """What is behind a figure, by its address: sums of postings, of their VAT, of open items."""
    path, _, query = address.partition("?")
    if path.endswith("/open-items/"):
        _values, items = behind.open_items_of(ask, QueryDict(query), US, page=1)
        return {items[0]["total"]}
    drill = behind.drill_of(ask, QueryDict(query), US)
    rows = behind.postings_of(ask, drill, page=1)
    debit = sum((row["amount"] for row in rows if row["amount"] > 0), Decimal(0))
    found = {rows[0]["total"], rows[0]["vat_total"] or 0, debit, debit - rows[0]["total"], Decimal(rows[0]["postings"])}
    return {abs(one) for one in found}


def check(ask: Ask, sheet: Sheet) -> int:
    """Every figure with an address is what that address shows; how many there are."""
    page = shown(sheet, A)
    cells = [cell for line in (*page["lines"], *page["totals"]) for cell in line["cells"] if cell["address"]]
    for cell in cells:
        assert abs(Decimal(cell["text"].replace(",", "").replace("−", "-"))) in leads_to(ask, cell["address"]), cell
    return len(cells)


def figures(sheet: Sheet, *names: str) -> dict[str, tuple[Any, ...]]:
    return {line.label: tuple(line.values.get(name) for name in names) for line in sheet.lines}


def test_a_project_shows_its_months_and_each_figure_leads_to_its_postings(ask: Ask) -> None:
    card = card_of(ask, "projects", A, 4)
    assert card.subject["party"] == "P1 Bygg"
    assert ("Customer", "10001 Kunde", "text") in card.facts
    assert figures(card.sheet, "income", "costs", "result") == {
        "January 2026": (1000, 0, 1000), "February 2026": (400, 380, 20), "March 2026": (0, 0, 0), "Total": (1400, 380, 1020),
    }  # fmt: skip
    assert [bar.value for bar in card.sheet.charts[0].bars] == [1000, 20, 0]
    assert check(ask, card.sheet) == 8
    assert Decimal(1020) in leads_to(ask, card.address + "&result=both")


@pytest.mark.parametrize(("name", "number", "called"), [("departments", 3, "10 Salg"), ("products", 1, "V Vare")])
def test_departments_and_products_have_cards_too(ask: Ask, name: str, number: int, called: str) -> None:
    card = card_of(ask, name, A, number)
    assert card.subject["party"] == called
    assert figures(card.sheet, "income", "result")["Total"] == (1400, 1400)
    assert check(ask, card.sheet) > 0


def test_customers_and_suppliers_show_months_and_what_is_open(ask: Ask) -> None:
    customer, supplier = card_of(ask, "receivables", A, 10001), card_of(ask, "payables", A, 20001)
    assert (customer.open, supplier.open) == (1750, 100)
    assert figures(customer.sheet, "invoiced", "paid")["January 2026"] == (1250, 0)
    assert figures(supplier.sheet, "invoiced", "paid")["Total"] == (100, 0)
    assert check(ask, customer.sheet) == 3
    with pytest.raises(Http404):
        card_of(ask, "receivables", A, 99)


def test_ageing_buckets_lead_to_their_open_items(ask: Ask) -> None:
    (sheet,) = lists.receivables(ask, choice(ask))
    assert figures(sheet, "overdue_31_to_60", "total")["10001 Kunde"] == (1750, 1750)
    assert check(ask, sheet) >= 4


@pytest.mark.parametrize("report", [lists.vat, lists.month_end, lists.margins("project"), lists.margins("customer")])
def test_every_figure_that_leads_somewhere_is_what_is_shown_there(ask: Ask, report: Callable[..., list[Sheet]]) -> None:
    assert sum(check(ask, sheet) for sheet in report(ask, choice(ask))) >= 3


def test_a_search_finds_what_has_figures_and_what_has_none(ask: Ask) -> None:
    (customers,) = lists.receivables(ask, choice(ask, "year=2026&q=KUNDE"))
    assert [line.label for line in customers.lines] == ["10001 Kunde", "10002 Ny kunde", "Total"]
    (products,) = lists.margins("product")(ask, choice(ask, "year=2026&q=to"))
    assert figures(products, "revenue")["W Vare to"] == (0,)
    assert all(line.address for line in products.lines[:-1])
    (none,) = lists.margins("product")(ask, choice(ask, "year=2026&q=nothing%20such"))
    assert none.lines == []
