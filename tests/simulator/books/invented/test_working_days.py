from datetime import date

import pytest

from tieout.simulator.books.invented import working_days


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 4, 17),
        date(2025, 4, 21),
        date(2025, 5, 29),
        date(2025, 6, 9),
        date(2026, 4, 3),
        date(2024, 5, 17),
        date(2026, 11, 22),
    ],
)
def test_norwegian_holidays_and_weekends_are_no_working_days(day: date) -> None:
    assert not working_days.is_working_day(day)


def test_day_after_easter_monday_is_a_working_day() -> None:
    assert working_days.is_working_day(date(2025, 4, 22))


def test_month_is_counted_on_to_a_day_that_exists() -> None:
    assert working_days.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert working_days.add_months(date(2026, 3, 1), -18) == date(2024, 9, 1)


def test_last_working_days_leave_out_the_weekend() -> None:
    assert working_days.last_working_days(date(2026, 5, 3), 2) == {date(2026, 5, 28), date(2026, 5, 29)}
