"""The calendar of the books and the windows a first sync goes through."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.catalog import Window
from tieout.sync.books import FIRST_DAY, LAST_DAY, Books

TODAY = date(2026, 3, 10)


def test_windows_begin_with_this_year_then_what_lies_ahead_then_back_to_the_opening_balance() -> None:
    windows = Books(today=TODAY, conversion_date=date(2024, 1, 1)).windows()
    assert windows == [
        Window(date(2026, 1, 1), date(2026, 12, 31)),
        Window(date(2027, 1, 1), LAST_DAY),
        Window(date(2025, 1, 1), date(2025, 12, 31)),
        Window(date(2024, 1, 1), date(2024, 12, 31)),
        Window(FIRST_DAY, date(2023, 12, 31)),
    ]


def test_fiscal_years_may_end_in_any_month() -> None:
    windows = Books(today=TODAY, end_month=6, conversion_date=date(2025, 7, 1)).windows()
    assert windows[0] == Window(date(2025, 7, 1), date(2026, 6, 30))
    assert windows[-1] == Window(FIRST_DAY, date(2025, 6, 30))


def test_a_company_that_began_this_year_has_two_windows() -> None:
    windows = Books(today=TODAY, conversion_date=date(2026, 2, 1)).windows()
    assert windows == [Window(FIRST_DAY, date(2026, 12, 31)), Window(date(2027, 1, 1), LAST_DAY)]


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 12),
    st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_windows_hold_every_day_once(today: date, end_month: int, conversion: date | None) -> None:
    windows = sorted(Books(today=today, end_month=end_month, conversion_date=conversion).windows())
    assert (windows[0].first, windows[-1].last) == (FIRST_DAY, LAST_DAY)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(windows))


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 12, 31)])
def test_the_edges_of_a_year_belong_to_it(today: date) -> None:
    year = Books(today=today).year(today)
    assert (year.first, year.last) == (date(2026, 1, 1), date(2026, 12, 31))
