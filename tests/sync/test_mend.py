"""Which years a difference lies in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tieout.ledger.trial_balance import Gap
from tieout.sync.mend import guilty_dates

A, B, C = date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31)


def gap(number: int, amount: int) -> Gap:
    return Gap(number, Decimal(amount), Decimal(0))


def test_a_balance_account_that_carries_a_difference_along_is_guilty_once() -> None:
    found = {A: [], B: [gap(1920, 5)], C: [gap(1920, 5)]}
    assert list(guilty_dates(found, {3000})) == [B]


def test_a_result_account_is_guilty_in_its_own_year_only() -> None:
    found = {A: [gap(1920, -5), gap(3000, 5)], B: [gap(1920, -5)], C: [gap(1920, -5), gap(3000, 1)]}
    assert list(guilty_dates(found, {3000})) == [A, C]


def test_a_difference_that_grows_is_guilty_twice() -> None:
    assert list(guilty_dates({A: [gap(1920, 5)], B: [gap(1920, 7)], C: [gap(1920, 7)]}, ())) == [A, B]


def test_without_differences_nobody_is_guilty() -> None:
    assert list(guilty_dates({A: [], B: []}, ())) == []
