"""What loaded files publish comes out of the API: closing balances, and each month's movement."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.simulator.poweroffice.conftest import endpoint, rows
from tests.simulator.poweroffice.test_contract import DATA
from tests.simulators import running_simulator

# A fifth file of the test data, made to try a schema, does not come to its own balances.
CONSISTENT = ("sie/Test4.SE", "sie/sie_4.SE", "sie/typ4.se", "saft/example_1.30.xml")


@pytest.mark.parametrize("name", CONSISTENT)
def test_published_balances_and_movements_come_out_of_the_api(name: str) -> None:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"no test data at {path} (TIEOUT_TEST_DATA)")
    with running_simulator(books=[path], now=None, throttle=False, thread=True) as simulator, simulator.api() as api:
        published = simulator.truth_expected(simulator.company()["organisation_number"])
        transactions = rows(api, endpoint("/AccountTransactions"))
        year_end = _year_end(api, transactions)
        balances = {
            row["AccountNo"]: Decimal(str(row["Balance"]))
            for row in api.get("/TrialBalance", params={"date": year_end.isoformat()}).json()
        }
    closing = {one["account_no"]: Decimal(one["balance"]) for one in published["closing"]}
    assert {number: balances.get(number, Decimal()) for number in closing} == closing
    movements = _movements(transactions)
    monthly = {(one["account_no"], one["year"], one["month"]): Decimal(one["movement"]) for one in published["monthly"]}
    assert {key: movements[key] for key in monthly} == monthly
    assert closing, "a file that publishes nothing proves nothing"


def _year_end(api: Any, transactions: list[dict[str, Any]]) -> date:
    """The last day of the fiscal year of the last posting."""
    month = list(calendar.month_name).index(api.get("/FinancialSettings").json()["FinancialYearEndMonth"])
    last = max(date.fromisoformat(row["PostingDate"]) for row in transactions)
    year = last.year + (last.month > month)
    return date(year, month, calendar.monthrange(year, month)[1])


def _movements(transactions: list[dict[str, Any]]) -> defaultdict[tuple[int, int, int], Decimal]:
    """By account, year and month, without the opening voucher."""
    sums: defaultdict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for row in transactions:
        if row["VoucherNo"]:
            day = date.fromisoformat(row["PostingDate"])
            sums[row["AccountNo"], day.year, day.month] += Decimal(str(row["Amount"]))
    return sums
