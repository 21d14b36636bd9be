"""A source's first rows go straight into the table, seen by nobody before the commit; in doubt they are staged after all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.warehouse.stores import Desk
from tests.warehouse.test_staging import ODD, USUAL, VALUES, page
from tieout.catalog import Page
from tieout.warehouse.base import EVERYTHING, DoesNotFitError, Loaded
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse, staging
from tieout.warehouse.duckdb.straight import Straight


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBWarehouse]:
    folder: Path = tmp_path_factory.mktemp("straight")
    opened = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
    yield opened
    opened.close()


@pytest.fixture
def desk(warehouse: DuckDBWarehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A source of its own, whose large pages are read one by one."""
    monkeypatch.setattr(staging, "AT_ONCE", 1)
    made = Desk(warehouse, warehouse.spool / tmp_path.name, tmp_path.name)
    made.store.prepare([VALUES])
    return made


@pytest.fixture
def taken_back(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows stood straight in the table each time they were taken back."""
    counts: list[int] = []
    take_back = Straight.take_back

    def noting(straight: Straight) -> None:
        counts.append(straight.count)
        take_back(straight)

    monkeypatch.setattr(Straight, "take_back", noting)
    return counts


def large(desk: Desk, *ids: int, money: int = 1) -> Page:
    return page(desk, *(f'{{"Id":{n},"money":{money}}}' for n in ids), large=True)


def small(desk: Desk, *ids: int, money: int = 1) -> Page:
    return page(desk, *(f'{{"Id":{n},"money":{money}}}' for n in ids), large=False)


def load(desk: Desk, *pages: Page) -> Loaded:
    return desk.load(*pages, stream=VALUES, scope=EVERYTHING, cursors={"changes": "now"})


def stored(desk: Desk) -> list[tuple[Any, ...]]:
    with desk.warehouse.connection() as connection:
        sql = "select id, money, _extra, _sync_id from raw_toy.values where _source_id = ? order by 1"
        return connection.execute(sql, [desk.store.source_id]).fetchall()


def rows(desk: Desk, *ids: int, money: int = 1) -> list[tuple[Any, ...]]:
    return [(n, Decimal(money), None, desk.sync) for n in ids]


def test_large_and_small_pages_are_all_there_with_their_cursor(desk: Desk, taken_back: list[int]) -> None:
    loaded = load(desk, small(desk, 1), large(desk, 2, 3), large(desk, 4), small(desk, 5), large(desk, 6))
    assert (loaded.rows, loaded.new, loaded.changed, loaded.removed) == (6, 6, 0, 0)
    assert stored(desk) == rows(desk, 1, 2, 3, 4, 5, 6)
    assert desk.store.cursors("values") == {"changes": "now"}
    assert taken_back == []


def test_nobody_sees_them_before_the_commit_and_leaving_leaves_nothing(desk: Desk) -> None:
    with desk.store.loading(VALUES, desk.sync) as loading:
        loading.add(large(desk, 1, 2))
        assert loading.distinct() == 2
        assert stored(desk) == []
    assert stored(desk) == []
    assert load(desk, large(desk, 1, 2)).new == 2


@pytest.mark.parametrize("last", [large, small], ids=["large", "small"])
def test_of_a_record_that_came_twice_the_last_stays(desk: Desk, taken_back: list[int], last: Any) -> None:
    loaded = load(desk, large(desk, 1, 2), large(desk, 3), last(desk, 2, money=7))
    assert (loaded.rows, loaded.new) == (3, 3)
    assert stored(desk) == [*rows(desk, 1), *rows(desk, 2, money=7), *rows(desk, 3)]
    assert taken_back


@pytest.mark.parametrize("place", [0, 2], ids=["at first", "later"])
def test_what_no_column_has_is_kept_wherever_it_comes(desk: Desk, taken_back: list[int], place: int) -> None:
    pages = [large(desk, 1), large(desk, 2), small(desk, 3)]
    pages.insert(place, page(desk, '{"Id":9,"Newcomer":1}', large=True))
    loaded = load(desk, *pages)
    assert (loaded.new, loaded.unknown) == (4, ("Newcomer",))
    assert stored(desk) == [*rows(desk, 1, 2, 3), (9, None, '{"Newcomer":1}', desk.sync)]
    assert len(taken_back) == 1


def test_a_source_that_tells_more_than_we_know_is_not_read_twice(desk: Desk, taken_back: list[int]) -> None:
    load(desk, *(page(desk, f'{{"Id":{n},"Newcomer":1}}', large=True) for n in range(5)))
    assert taken_back == [1]


@pytest.mark.parametrize("odd", ["too large a whole number", "a broken record", "no key"])
def test_a_later_page_that_does_not_fit_leaves_nothing_behind(desk: Desk, odd: str) -> None:
    with pytest.raises(DoesNotFitError):
        load(desk, large(desk, 1), large(desk, 2), page(desk, ODD[odd], large=True))
    assert stored(desk) == []
    assert desk.store.cursors("values") == {}
    assert load(desk, page(desk, USUAL, large=True)).new == 1


def test_two_sources_of_a_workspace_fill_the_same_table_at_once(desk: Desk) -> None:
    other = Desk(desk.warehouse, desk.warehouse.spool / "neighbour", f"{desk.store.source_id}-neighbour")
    other.load(large(other, 7), stream=VALUES, scope=EVERYTHING)
    other.next_sync()
    with desk.store.loading(VALUES, desk.sync) as loading:
        loading.add(large(desk, 1, 2))
        loading.distinct()
        changed = other.load(large(other, 7, money=9), large(other, 8), stream=VALUES, scope=EVERYTHING)
        assert (changed.new, changed.changed) == (1, 1)
        assert loading.commit(EVERYTHING).new == 2
    assert stored(desk) == rows(desk, 1, 2)
    assert [(n, money) for n, money, *_ in stored(other)] == [(7, 9), (8, Decimal(1))]


def test_where_rows_are_already_nothing_goes_straight(desk: Desk) -> None:
    load(desk, large(desk, 1, 2))
    desk.next_sync()
    with desk.store.loading(VALUES, desk.sync) as loading:
        loading.add(large(desk, 2, 3, money=5))
        loading.distinct()
        assert loading._staging.in_table is None  # type: ignore[attr-defined]
        loaded = loading.commit(EVERYTHING)
    assert (loaded.new, loaded.changed, loaded.removed) == (1, 1, 1)
