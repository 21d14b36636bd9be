"""What `tieout query` writes: nothing exact may be lost on the way out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from tieout.warehouse.as_json import as_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1234.5600"), "1234.5600"),
        (Decimal("1E+3"), "1000"),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**53) - 1, "-9007199254740993"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))), "2026-01-31T12:00:00Z"),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31T00:00:00Z"),
        (None, None),
        (True, True),
        ([Decimal("0.10")], ["0.10"]),
    ],
)
def test_values_are_written_exactly(value: object, expected: object) -> None:
    assert as_json(value) == expected
