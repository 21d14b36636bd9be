"""Amounts, days and instants as files write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.simulator.books.loading import amounts


@given(st.integers(-(10**15), 10**15))
def test_every_amount_of_two_decimals_is_read_exactly(ore: int) -> None:
    assert amounts.hundredths(f"{Decimal(ore).scaleb(-2):f}") == ore
    assert amounts.hundredths(f"{Decimal(ore).scaleb(-2):f}000") == ore


@pytest.mark.parametrize(
    ("text", "ore"), [("5", 500), ("+5.1", 510), ("-0.01", -1), (".5", 50), ("1E2", 10000), ("-7.", -700)]
)
def test_other_spellings_of_numbers(text: str, ore: int) -> None:
    assert amounts.hundredths(text) == ore


@pytest.mark.parametrize(
    "text", ["", "x", "1,50", "1 000", "0.001", "NaN", "Infinity", "1e99", "--1", "99999999999999999999"]
)
def test_what_is_no_amount_or_would_be_rounded_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no number|no amount|finer|too large"):
        amounts.hundredths(text)


def test_times_are_norwegian_unless_they_say_otherwise() -> None:
    on = date(2025, 7, 1)
    assert amounts.instant("2025-07-01T12:00:00", on=on) == datetime(2025, 7, 1, 10, tzinfo=UTC)
    assert amounts.instant("2025-07-01T12:00:00Z", on=on) == datetime(2025, 7, 1, 12, tzinfo=UTC)
    assert amounts.instant("12:30:00", on=on) == datetime(2025, 7, 1, 10, 30, tzinfo=UTC)
    assert amounts.midnight(date(2025, 1, 1)) == datetime(2024, 12, 31, 23, tzinfo=UTC)


def test_days_with_a_time_zone_or_without_dashes() -> None:
    assert amounts.day("2025-07-01+02:00") == amounts.day("20250701") == date(2025, 7, 1)
    assert amounts.optional_day("0001-01-01") is None
    with pytest.raises(ValueError, match="no day"):
        amounts.day("0001-01-01")
