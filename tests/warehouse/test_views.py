"""Views over raw tables: made in the file and in the published copy, anew when they change, never in a sync's way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.stores import Desk
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse
from tieout.warehouse.views import View

TOTALS = View(
    schema="figures",
    name="totals",
    sql="select _source_id as owner, sum(amount)::decimal(18, 4) as total from raw_toy.things group by all",
    description="Sums, by owner's id.",
    columns={"total": "the sum", "nowhere": "no such column"},
)
ABOVE = View(
    schema="figures",
    name="above",
    sql="select * from figures.totals where total > least_total",
    parameters=("least_total",),
)


def opened(folder: Path, *views: View) -> DuckDBWarehouse:
    def views_of(connectors: Collection[str]) -> Sequence[View]:
        return views if "toy" in connectors else ()

    return open_warehouse(folder / "w.duckdb", spool=folder / "spool", published=folder / "published", views=views_of)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(opened(tmp_path, TOTALS, ABOVE), tmp_path / "spool" / "source-1")


def read(warehouse: DuckDBWarehouse, sql: str) -> list[tuple[object, ...]]:
    with warehouse.connection() as connection:
        return connection.execute(sql).fetchall()


def published(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "published" / "published.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_views_and_functions_are_there_once_a_source_is_prepared(desk: Desk) -> None:
    desk.load([{"Id": 1, "Amount": 5}, {"Id": 2, "Amount": 7}])
    assert read(desk.warehouse, "select owner, total from figures.totals") == [("source-1", 12)]
    assert read(desk.warehouse, "select count(*) from figures.above(12)") == [(0,)]
    assert read(desk.warehouse, "select count(*) from figures.above(11)") == [(1,)]


def test_descriptions_are_kept_in_the_database(desk: Desk) -> None:
    assert read(desk.warehouse, "select comment from duckdb_views() where view_name = 'totals'") == [
        ("Sums, by owner's id.",)
    ]
    told = "select column_name, comment from duckdb_columns() where table_name = 'totals' order by column_index"
    assert read(desk.warehouse, told) == [("owner", None), ("total", "the sum")]


def test_the_published_copy_has_them_over_its_own_rows(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1, "Amount": 5}])
    desk.store.publish()
    desk.load([{"Id": 2, "Amount": 7}])
    assert published(tmp_path, "select total from figures.totals") == [(5,)]
    assert published(tmp_path, "select count(*) from figures.above(4)") == [(1,)]
    assert published(tmp_path, "select comment from duckdb_views() where view_name = 'totals'") == [
        ("Sums, by owner's id.",)
    ]


def test_each_copy_reads_its_own_folder_and_does_not_grow(desk: Desk, tmp_path: Path) -> None:
    sizes = []
    for number in range(1, 6):
        desk.load([{"Id": number, "Amount": 1}])
        folder = desk.store.publish()
        assert folder
        sizes.append((folder / "published.duckdb").stat().st_size)
        assert published(tmp_path, "select total from figures.totals") == [(number,)]
    assert sizes[-1] == sizes[1]


def test_a_changed_view_is_made_anew_when_the_file_is_opened(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1, "Amount": 5}])
    desk.store.publish()
    desk.warehouse.close()
    again = opened(tmp_path, View(schema="figures", name="totals", sql="select 3 as total"))
    assert read(again, "select total from figures.totals") == [(3,)]
    assert read(again, "select count(*) from duckdb_functions() where function_name = 'above'") == [(0,)]
    again.source("source-1", connector="toy").publish()
    assert published(tmp_path, "select total from figures.totals") == [(3,)]


def test_a_view_that_cannot_be_made_stands_in_no_syncs_way_and_leaves_the_old_ones(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1, "Amount": 5}])
    desk.warehouse.close()
    again = opened(tmp_path, View(schema="figures", name="totals", sql="select lost from raw_toy.things"))
    later = Desk(again, tmp_path / "spool" / "source-1")
    later.load([{"Id": 2, "Amount": 7}])
    assert read(again, "select total from figures.totals") == [(12,)]
    later.store.publish()
    assert published(tmp_path, "select count(*) from raw_toy.things") == [(2,)]


def test_deleting_a_source_for_good_keeps_the_views(desk: Desk, tmp_path: Path) -> None:
    other = Desk(desk.warehouse, tmp_path / "spool" / "source-2", "source-2")
    desk.load([{"Id": 1, "Amount": 5}])
    other.load([{"Id": 1, "Amount": 7}])
    desk.warehouse.delete_source("source-1")
    assert read(desk.warehouse, "select owner, total from figures.totals") == [("source-2", 7)]
