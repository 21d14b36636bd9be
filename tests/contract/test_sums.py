"""What every warehouse promises of the sums that tie-outs rest on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.warehouse.stores import Desk
from tieout.warehouse.base import EVERYTHING, Sums

BY_ID = Sums("things", "id", "amount", "day")


def test_sums_take_both_ends_of_a_span(desk: Desk) -> None:
    days = ("2025-01-01", "2025-06-30", "2025-12-31", "2026-01-01")
    desk.load([{"Id": n, "Day": day, "Amount": n + 0.1} for n, day in enumerate(days)])
    found = desk.store.sums(BY_ID, since=date(2025, 1, 1), until=date(2025, 12, 31))
    assert found == {0: Decimal("0.1"), 1: Decimal("1.1"), 2: Decimal("2.1")}


def test_ten_times_ten_ore_is_one_krone(desk: Desk) -> None:
    desk.load([{"Id": n, "Day": "2025-01-01", "Amount": 0.1, "Text": "x"} for n in range(10)])
    assert sum(desk.store.sums(BY_ID, until=date(2025, 1, 1)).values()) == 1


def test_unbalanced_tells_groups_that_do_not_sum_to_zero(desk: Desk) -> None:
    desk.load([{"Id": 1, "Amount": 0}, {"Id": 2, "Amount": 0.01}])
    assert desk.store.unbalanced(BY_ID) == {2: Decimal("0.01")}
    assert desk.store.groups(BY_ID) == 2


def test_months_of_rows_that_are_gone_count_as_touched(desk: Desk) -> None:
    desk.load([{"Id": 1, "Day": "2024-05-20"}, {"Id": 2, "Day": "2025-07-01"}])
    second = desk.next_sync()
    desk.load([{"Id": 2, "Day": "2025-07-01"}], scope=EVERYTHING)
    assert desk.store.dates("things", "day") == [date(2025, 7, 1)]
    assert desk.store.dates("things", "day", since_sync=second) == [date(2024, 5, 1)]


def test_names_lack_those_that_have_none(desk: Desk) -> None:
    desk.load([{"Id": 1, "Text": "One"}, {"Id": 2, "Text": None}, {"Id": 3, "Text": "Three"}])
    assert desk.store.names("things", number="id", name="text") == {1: "One", 3: "Three"}
