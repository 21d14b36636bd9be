"""The books' calendar."""

from __future__ import annotations

from datetime import date

import pytest

from tieout.ledger.fiscal_year import FiscalYear, fiscal_year, last_full_month_end, month_end, month_ends, month_number


@pytest.mark.parametrize(
    ("on", "end_month", "first", "last"),
    [
        (date(2026, 5, 5), 12, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 6, 30), 6, date(2025, 7, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2027, 6, 30)),
        (date(2024, 2, 29), 2, date(2023, 3, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), 11, date(2023, 12, 1), date(2024, 11, 30)),
    ],
)
def test_a_day_lies_in_its_fiscal_year(on: date, end_month: int, first: date, last: date) -> None:
    assert fiscal_year(on, end_month=end_month) == FiscalYear(first, last)


def test_years_follow_each_other() -> None:
    year = fiscal_year(date(2024, 2, 1), end_month=2)
    assert year.after().before() == year
    assert year.after().first == date(2024, 3, 1)


@pytest.mark.parametrize(("text", "number"), [("December", 12), ("june", 6), ("MARCH", 3), (2, 2), ("11", 11)])
def test_months_are_told_by_name_or_number(text: object, number: int) -> None:
    assert month_number(text) == number


@pytest.mark.parametrize("text", ["", "0", "13", "Juni", None])
def test_what_is_no_month_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="not a month"):
        month_number(text)


def test_month_ends_know_leap_years() -> None:
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)
    assert list(month_ends(date(2025, 12, 31), date(2026, 2, 28))) == [
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
    ]


def test_the_last_full_month_is_over() -> None:
    assert last_full_month_end(date(2026, 3, 10)) == date(2026, 2, 28)
    assert last_full_month_end(date(2026, 3, 31)) == date(2026, 3, 31)
