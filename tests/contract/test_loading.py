"""What every warehouse promises of loads: rows and cursors together, versions of what changed, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.warehouse.stores import PARTS, SETTINGS, THINGS, Desk
from tieout.catalog import Column, Kind, Window
from tieout.warehouse.base import EVERYTHING, DoesNotFitError, Loaded, Scope

YEAR = Window(date(2025, 1, 1), date(2025, 12, 31))


def thing(key: int, amount: float = 1, day: str = "2025-05-05", **more: object) -> dict[str, object]:
    return {"Id": key, "Amount": amount, "Day": day, **more}


def test_tables_of_all_streams_exist_before_anything_was_read(desk: Desk) -> None:
    for name in ("things", "things_versions", "parts", "parts_versions", "settings", "settings_versions"):
        assert desk.rows(name) == []


def test_rows_and_cursor_are_stored_together(desk: Desk) -> None:
    loaded = desk.load([thing(1), thing(2)], cursors={"changed": "then"})
    assert loaded == Loaded(rows=2, new=2)
    assert desk.store.cursors("things") == {"changed": "then"}
    assert desk.store.count("things") == 2


def test_a_load_that_does_not_fit_leaves_rows_and_cursors_as_they_were(desk: Desk) -> None:
    desk.load([thing(1)], cursors={"changed": "then"})
    with pytest.raises(DoesNotFitError):
        desk.load([thing(2)], [thing(3, amount=1.00005)], cursors={"changed": "now"})
    assert desk.rows("things", "id") == [(1,)]
    assert desk.store.cursors("things") == {"changed": "then"}


def desk_things(desk: Desk):  # type: ignore[no-untyped-def]
    from tests.warehouse.stores import THINGS

    return THINGS


def test_a_load_left_without_commit_stores_nothing(desk: Desk) -> None:
    with desk.store.loading(THINGS, desk.sync) as loading:
        loading.add(desk.page([thing(1)]))
    assert desk.store.count("things") == 0


def test_a_row_read_again_unchanged_makes_no_version_and_keeps_its_sync(desk: Desk) -> None:
    desk.load([thing(1, More={"a": 1.5})])
    first = desk.sync
    desk.next_sync()
    assert desk.load([thing(1, More={"a": 1.5})]) == Loaded(rows=1)
    assert desk.rows("things", "_sync_id") == [(first,)]
    assert desk.rows("things_versions") == []


def test_a_changed_row_moves_to_the_versions_with_the_syncs_it_was_valid_in(desk: Desk) -> None:
    desk.load([thing(1, amount=10)])
    first, second = desk.sync, desk.next_sync()
    assert desk.load([thing(1, amount=20)]) == Loaded(rows=1, changed=1)
    assert desk.rows("things", "amount", "_sync_id") == [(Decimal("20.0000"), second)]
    versions = desk.rows("things_versions", "amount", "_valid_from_sync", "_valid_to_sync", "_deleted_at")
    assert versions == [(Decimal("10.0000"), first, second, None)]


def test_null_and_missing_are_the_same(desk: Desk) -> None:
    desk.load([{"Id": 1, "Text": None}])
    assert desk.load([{"Id": 1}]) == Loaded(rows=1)


def test_of_records_that_came_twice_the_last_one_holds(desk: Desk) -> None:
    loaded = desk.load([thing(1, amount=1), thing(2)], [thing(1, amount=3), thing(1, amount=2)])
    assert loaded == Loaded(rows=2, new=2)
    assert desk.rows("things", "id", "amount") == [(1, Decimal(2)), (2, Decimal(1))]


def test_rows_that_a_whole_load_lacks_are_gone(desk: Desk) -> None:
    desk.load([thing(1), thing(2)])
    second = desk.next_sync()
    assert desk.load([thing(2)], scope=EVERYTHING) == Loaded(rows=1, removed=1)
    assert desk.rows("things", "id") == [(2,)]
    [(key, until, deleted)] = desk.rows("things_versions", "id", "_valid_to_sync", "_deleted_at")
    assert (key, until) == (1, second)
    assert deleted is not None


def test_rows_that_a_window_lacks_are_gone_from_that_window_only(desk: Desk) -> None:
    desk.load([thing(1), thing(2), thing(3, day="2024-12-31")])
    assert desk.load([thing(1)], scope=Scope(window=YEAR)).removed == 1
    assert desk.rows("things", "id") == [(1,), (3,)]


def test_a_row_that_moved_to_another_window_is_one_row(desk: Desk) -> None:
    desk.load([thing(1, day="2024-12-31")])
    assert desk.load([thing(1)], scope=Scope(window=YEAR)) == Loaded(rows=1, changed=1)
    assert desk.rows("things", "id", "day") == [(1, date(2025, 5, 5))]


def test_lines_are_replaced_per_parent_and_carry_its_key(desk: Desk) -> None:
    desk.load([thing(7), thing(8)])
    lines = [desk.page([{"Id": 1}, {"Id": 2}], thing_id="7"), desk.page([{"Id": 3}], thing_id="8")]
    desk.load(*lines, stream=PARTS, scope=Scope(parents=("7", "8")))
    desk.load(desk.page([{"Id": 2}], thing_id="7"), stream=PARTS, scope=Scope(parents=("7",)))
    assert desk.rows("parts", "thing_id", "id") == [(7, 2), (8, 3)]


def test_parents_that_were_asked_are_remembered_even_if_the_answer_was_empty(desk: Desk) -> None:
    desk.load([thing(7, day="2025-01-01"), thing(8, day="2025-02-01"), thing(9, day="2025-03-01")])
    assert desk.store.unanswered_parents(PARTS, parent=THINGS, again_when_changed=False) == ["9", "8", "7"]
    desk.load(stream=PARTS, scope=Scope(parents=("9", "7")))
    assert desk.store.unanswered_parents(PARTS, parent=THINGS, again_when_changed=False) == ["8"]


def test_parents_that_changed_are_asked_again_where_wanted(desk: Desk) -> None:
    desk.load([thing(7)])
    desk.load(stream=PARTS, scope=Scope(parents=("7",)))
    desk.next_sync()
    desk.load([thing(7, amount=9)])
    assert desk.store.unanswered_parents(PARTS, parent=THINGS, again_when_changed=True) == ["7"]
    assert desk.store.unanswered_parents(PARTS, parent=THINGS, again_when_changed=False) == []


def test_lines_whose_parent_is_gone_go_too(desk: Desk) -> None:
    desk.load([thing(7), thing(8)])
    desk.load(desk.page([{"Id": 1}], thing_id="7"), stream=PARTS, scope=Scope(parents=("7",)))
    desk.load([thing(8)], scope=EVERYTHING)
    assert desk.store.remove_orphans(PARTS, desk.sync, parent=THINGS) == 1
    assert desk.rows("parts") == []


def test_settings_are_one_row_without_a_key(desk: Desk) -> None:
    desk.load([{"Month": "June"}], stream=SETTINGS, scope=EVERYTHING)
    assert desk.load([{"Month": "December"}], stream=SETTINGS, scope=EVERYTHING).changed == 1
    assert desk.store.value("settings", "month") == "December"


def test_what_the_catalog_lacks_is_kept_and_told(desk: Desk) -> None:
    loaded = desk.load([thing(1, Newcomer={"b": [1]}), thing(2)])
    assert loaded.unknown == ("Newcomer",)
    assert desk.rows("things", "id", "_extra") == [(1, '{"Newcomer":{"b":[1]}}'), (2, None)]


def test_sources_of_one_warehouse_do_not_touch_each_other(desk: Desk) -> None:
    other = Desk(desk.warehouse, desk.store.spool.parent / "source-2", "source-2")
    desk.load([thing(1), thing(2)])
    other.load([thing(1, amount=5)])
    other.load([thing(3)], scope=EVERYTHING)
    assert desk.rows("things", "_source_id", "id") == [("source-1", 1), ("source-1", 2), ("source-2", 3)]
    assert (desk.store.count("things"), other.store.count("things")) == (2, 1)


def test_a_new_column_of_the_catalog_is_added_to_tables_that_are_there(desk: Desk) -> None:
    desk.load([thing(1)])
    grown = replace(THINGS, columns=(*THINGS.columns, Column("rate", "Rate", Kind.NUMBER)))
    desk.store.prepare([grown])
    desk.load([thing(1, Rate=0.25)], stream=grown)
    assert desk.rows("things", "rate") == [(Decimal("0.2500000000"),)]
