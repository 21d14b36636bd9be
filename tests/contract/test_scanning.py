"""What every warehouse promises of key scans: gone is what two complete scans did not see."""

from __future__ import annotations

from tests.warehouse.stores import ORDERS, Desk
from tieout.warehouse.base import Scanned


def three(desk: Desk) -> None:
    desk.load([{"Id": 1}, {"Id": 2}, {"Id": 3}])


def test_a_row_missing_once_stays(desk: Desk) -> None:
    three(desk)
    assert desk.scan(1, 2) == Scanned(seen=2, missing=1, removed=0)
    assert desk.rows("things", "id") == [(1,), (2,), (3,)]


def test_a_row_missing_twice_is_gone_and_kept_as_a_version(desk: Desk) -> None:
    three(desk)
    desk.scan(1, 2)
    assert desk.scan(1, 2) == Scanned(seen=2, missing=0, removed=1)
    assert desk.rows("things", "id") == [(1,), (2,)]
    assert desk.rows("things_versions", "id") == [(3,)]


def test_a_row_seen_again_must_be_missed_twice_anew(desk: Desk) -> None:
    three(desk)
    desk.scan(1, 2)
    desk.scan(1, 2, 3)
    assert desk.scan(1, 2).removed == 0


def test_an_empty_scan_removes_nothing_in_one_sync_however_often(desk: Desk) -> None:
    three(desk)
    assert [desk.scan().removed for _ in range(3)] == [0, 0, 0]


def test_an_empty_scan_is_believed_when_another_sync_sees_it_too(desk: Desk) -> None:
    three(desk)
    desk.scan()
    desk.next_sync()
    assert desk.scan().removed == 3
    assert desk.rows("things") == []


def test_an_empty_scan_is_forgotten_when_rows_are_seen_again(desk: Desk) -> None:
    three(desk)
    desk.scan()
    desk.next_sync()
    desk.scan(1, 2, 3)
    desk.next_sync()
    assert desk.scan().removed == 0


def test_where_rows_leave_in_everyday_work_a_second_empty_scan_of_the_same_sync_is_enough(desk: Desk) -> None:
    desk.load([{"Id": 1}], stream=ORDERS)
    assert [desk.scan(stream=ORDERS).removed for _ in range(2)] == [0, 1]
