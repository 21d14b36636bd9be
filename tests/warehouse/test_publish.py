"""The published copy: whole, switched at once, readable from anywhere by an older DuckDB, cheap where nothing changed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.stores import PARTS, SETTINGS, Desk
from tieout.warehouse.duckdb import open_warehouse


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", published=tmp_path / "published")
    return Desk(warehouse, tmp_path / "spool" / "source-1")


def read(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(folder / "published.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_every_table_is_there_with_its_types_even_when_empty(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1, "Day": "2025-01-01", "Amount": 12.5, "More": {"a": 1}}])
    desk.store.publish()
    published = tmp_path / "published"
    assert read(published, "select id, day::varchar, amount, typeof(amount), more->>'a' from raw_toy.things") == [
        (1, "2025-01-01", duckdb.execute("select 12.5::decimal(18,4)").fetchone()[0], "DECIMAL(18,4)", "1")  # type: ignore[index]
    ]
    assert read(published, "select count(*) from raw_toy.parts_versions") == [(0,)]
    assert read(published, "select version from tieout.schema_version")
    assert read(published, "select count(*) from tieout.syncs") == [(1,)]


def test_another_process_reads_it_while_the_warehouse_is_open(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1}])
    desk.store.publish()
    program = (
        f"import duckdb; c = duckdb.connect({str(tmp_path / 'published' / 'published.duckdb')!r}, read_only=True); "
        "print(c.execute('select count(*) from raw_toy.things').fetchone()[0])"
    )
    with desk.warehouse.connection():
        told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd="/")
    assert told.stdout.strip() == "1"


def test_a_folder_that_was_moved_opens_when_told_where_it_is(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1}])
    desk.store.publish()
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / "published", moved, symlinks=True)
    shutil.rmtree(tmp_path / "published")
    with duckdb.connect(str(moved / "published.duckdb"), read_only=True) as connection:
        connection.execute(f"set variable tieout_folder = '{moved / 'current'}'")
        assert connection.execute("select count(*) from raw_toy.things").fetchall() == [(1,)]


def test_what_did_not_change_is_linked_and_what_changed_is_not(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1}])
    first = desk.store.publish()
    desk.load([{"Month": "June"}], stream=SETTINGS)
    second = desk.store.publish()
    assert first
    assert second
    things, month = Path("raw_toy/things/source-1.parquet"), Path("raw_toy/settings/source-1.parquet")
    assert (first / things).samefile(second / things)
    assert not (first / month).samefile(second / month)


def test_the_last_two_copies_are_kept(desk: Desk, tmp_path: Path) -> None:
    copies = [desk.store.publish() for _ in range(4)]
    assert [copy.exists() for copy in copies if copy] == [False, False, True, True]


def test_who_has_opened_a_copy_keeps_reading_that_one(desk: Desk, tmp_path: Path) -> None:
    desk.load([{"Id": 1}])
    desk.store.publish()
    with duckdb.connect(str(tmp_path / "published" / "published.duckdb"), read_only=True) as connection:
        desk.load([{"Id": 2}])
        desk.store.publish()
        assert connection.execute("select count(*) from raw_toy.things").fetchone() == (1,)
    assert read(tmp_path / "published", "select count(*) from raw_toy.things") == [(2,)]


def test_a_source_never_publishes_what_another_has_half_done(desk: Desk, tmp_path: Path) -> None:
    other = Desk(desk.warehouse, tmp_path / "spool" / "source-2", "source-2")
    other.load([{"Id": 1}])
    other.store.publish()
    other.load([{"Id": 2}])  # its sync still goes on
    desk.load([{"Id": 3}])
    desk.store.publish()
    assert read(tmp_path / "published", "select id from raw_toy.things order by 1") == [(1,), (3,)]


def test_readers_never_fail_and_never_see_half_of_a_copy(desk: Desk, tmp_path: Path) -> None:
    """Two tables grow together; a reader that opens and reads in a loop always sees them of one size."""
    desk.store.publish()
    seen: list[tuple[object, ...]] = []
    errors: list[BaseException] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            try:
                sql = "select (select count(*) from raw_toy.things), (select count(*) from raw_toy.parts)"
                seen.append(read(tmp_path / "published", sql)[0])
            except BaseException as error:  # noqa: BLE001 - told below
                errors.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for key in range(1, 9):
        desk.load([{"Id": key}])
        desk.load(desk.page([{"Id": key}], thing_id=str(key)), stream=PARTS)
        desk.store.publish()
    stop.set()
    thread.join()
    assert errors == []
    assert {things == parts for things, parts in seen} == {True}
    assert len({things for things, _ in seen}) > 1
