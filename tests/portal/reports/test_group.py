"""Companies added up: what is between them beside the sum, by the books of either, and a drill to its postings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

from tests.portal.reports.conftest import asking_of
from tests.reports.books import NUMBERS, HandMade
from tieout.portal.reports import lists, statements
from tieout.portal.reports import postings as behind
from tieout.portal.reports.choice import Choice, choice_of
from tieout.portal.reports.companies import Chosen, Together
from tieout.portal.reports.reading import Ask
from tieout.portal.reports.shown import shown

NAMES = {"a": "A AS", "b": "B AS", "c": "C AS"}
PAIR = Together("g1", "The pair", frozenset("ab"))


@pytest.fixture
def books(tmp_path: Path) -> HandMade:
    """A sells to B for 1,000 and to a stranger for 500; B has posted 900 of it. C keeps its books in euros."""
    made = HandMade(tmp_path, "a", "b", "c")
    for company in NAMES:
        made.chart({1500: ("Kunder", "Asset"), 2400: ("Lev", "Liability"), 3000: ("Salg", "Income"),
                    4300: ("Kjøp", "Expense")}, company=company)  # fmt: skip
        currency = {"financial_year_end_month": "December", "currency_code": "EUR" if company == "c" else "NOK"}
        made.put("financial_settings", currency, company=company)
    made.put("customers", {"id": 1, "number": 10001, "name": "B", "organization_number": NUMBERS["b"]})
    made.put("suppliers", {"id": 1, "number": 20001, "name": "A", "organization_number": NUMBERS["a"]}, company="b")
    made.voucher(date(2026, 1, 5), (1500, "1000", {"customer_account_no": 10001}), (3000, "-1000"))
    made.voucher(date(2026, 1, 6), (1500, "500"), (3000, "-500"))
    bought = ((2400, "-900", {"supplier_account_no": 20001}), (4300, "900"))
    made.voucher(date(2026, 2, 1), *bought, company="b")
    made.voucher(date(2026, 2, 1), (1500, "7"), (3000, "-7"), company="c")
    return made


@pytest.fixture
def ask(books: HandMade) -> Iterator[Ask]:
    with asking_of(books) as one:
        yield one


def of(key: str = "g1") -> Chosen:
    ids = sorted(PAIR.companies) if key == "g1" else [key] if key else list(NAMES)
    return Chosen(allowed=NAMES, groups=[PAIR], key=key, ids=ids, is_told=True)


def choice(ask: Ask, key: str = "g1") -> Choice:
    made = choice_of(ask, QueryDict("year=2026&part=to3"), of(key), has_layouts=True)
    assert made is not None
    return made


def figures(sheet: Any, *names: str) -> dict[str, tuple[Any, ...]]:
    return {line.label: tuple(line.values.get(name) for name in names) for line in sheet.lines}


def test_statements_show_what_is_between_the_companies_beside_the_sum(ask: Ask) -> None:
    (income,) = statements.income_statement(ask, choice(ask))
    assert figures(income, "amount", "between", "without")["Sales revenue"] == (1500, 1000, 500)
    assert figures(income, "amount", "between", "without")["Operating result"] == (600, 100, 500)
    (balance,) = statements.balance_sheet(ask, choice(ask))
    assert figures(balance, "amount", "between", "without")["Trade receivables"] == (1500, 1000, 500)
    (trial,) = statements.trial_balance(ask, choice(ask))
    assert figures(trial, "closing", "between", "without")["3000 Salg"] == (-1500, -1000, -500)


def test_each_figure_of_a_group_is_the_sum_of_the_postings_it_leads_to(ask: Ask) -> None:
    for report in (statements.trial_balance, statements.income_statement, statements.balance_sheet):
        (sheet,) = report(ask, choice(ask))
        page = shown(sheet, "g1", page=1)
        cells = [cell for line in (*page["lines"], *page["totals"]) for cell in line["cells"] if cell["address"]]
        between = [cell for cell in cells if "between=1" in cell["address"]]
        assert between
        for cell in (cells[0], between[0], between[-1]):
            found = behind.drill_of(ask, QueryDict(cell["address"].partition("?")[2]), of())
            rows = behind.postings_of(ask, found, page=1)
            figure = abs(Decimal(cell["text"].replace(",", "").replace("−", "-")))
            debit = sum((row["amount"] for row in rows if row["amount"] > 0), Decimal(0))
            assert figure in {abs(rows[0]["total"]), debit, debit - rows[0]["total"]}, cell


def test_what_companies_owe_one_another_is_shown_by_the_books_of_either(ask: Ask) -> None:
    (sheet,) = lists.between(ask, choice(ask))
    assert figures(sheet, "other", "balance", "by_other", "difference")["A AS"] == ("B AS", 1000, 900, 100)


def test_one_company_alone_has_nothing_between(ask: Ask) -> None:
    (income,) = statements.income_statement(ask, choice(ask, "a"))
    assert {column.name for column in income.columns}.isdisjoint({"between", "without"})


def test_a_group_has_its_companies_and_its_name(ask: Ask) -> None:
    assert [row["company"] for row in choice(ask).companies] == ["A AS", "B AS"]
    assert choice(ask).company_title == "The pair"
    assert "company=g1" in choice(ask).query


def test_several_currencies_are_told_and_never_added(ask: Ask) -> None:
    assert choice(ask, "").currencies == ["EUR", "NOK"]
    first = choice_of(ask, QueryDict(""), Chosen(allowed=NAMES, groups=[], key="", ids=list(NAMES), is_told=False))
    assert first is not None
    assert first.company == "a"
