"""The workspace's file: guarded against the world outside, moved on by steps, shared and closed."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.stores import Desk
from tieout.warehouse.base import BusyError, WarehouseError
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckDBWarehouse:
    return open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", memory="256MB")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('{outside}/secret.csv')",
        "select * from read_text('/etc/hostname')",
        "copy (select 1) to '{outside}/out.csv'",
        "attach '{outside}/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set memory_limit = '64GB'",
    ],
)
def test_sql_reaches_nothing_outside_the_workspaces_folders(
    warehouse: DuckDBWarehouse, sql: str, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with warehouse.connection() as connection, pytest.raises(duckdb.Error):
        connection.execute(sql.format(outside=tmp_path))


def test_memory_is_limited_and_time_is_utc(warehouse: DuckDBWarehouse) -> None:
    with warehouse.connection() as connection:
        told = connection.execute("select current_setting('memory_limit'), current_setting('timezone')").fetchone()
    assert told == ("244.1 MiB", "UTC")


def test_another_process_is_told_that_the_file_is_open(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    with warehouse.connection():
        program = (
            "import sys, pathlib\n"
            "from tieout.warehouse.duckdb import open_warehouse\n"
            "from tieout.warehouse.base import BusyError\n"
            "try: open_warehouse(pathlib.Path(sys.argv[1]), spool=pathlib.Path(sys.argv[2]))\n"
            "except BusyError as error: print(error)\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", program, str(warehouse.path), str(tmp_path / "spool")],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Another process has w.duckdb open" in told.stdout


def test_a_file_at_rest_lets_others_in_and_opens_again_by_itself(warehouse: DuckDBWarehouse) -> None:
    assert warehouse.rest()
    duckdb.connect(str(warehouse.path)).close()
    with warehouse.connection() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert not warehouse.rest()


def test_migrations_are_made_once(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    warehouse.close()
    again = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool")
    with again.connection() as connection:
        versions = connection.execute("select version from tieout.schema_version order by 1").fetchall()
    assert versions == [(n + 1,) for n in range(len(versions))]


def test_a_file_of_a_newer_tieout_is_refused(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    with warehouse.writing() as connection:
        connection.execute("insert into tieout.schema_version values (9999, now())")
    warehouse.close()
    with pytest.raises(WarehouseError, match="newer Tieout"):
        open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool")


def test_a_transaction_that_fails_leaves_nothing(warehouse: DuckDBWarehouse) -> None:
    def fail() -> None:
        with warehouse.writing() as connection:
            connection.execute("update tieout.numbers set last = 99")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with warehouse.connection() as connection:
        assert connection.execute("select max(last) from tieout.numbers").fetchone() == (0,)


def test_many_threads_write_in_turns_without_conflict(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    desks = [Desk(warehouse, tmp_path / "spool" / f"s{n}", f"s{n}") for n in range(4)]
    errors: list[BaseException] = []

    def work(desk: Desk) -> None:
        try:
            for turn in range(5):
                desk.load([{"Id": key, "Amount": turn} for key in range(20)])
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [desk.store.count("things") for desk in desks] == [20, 20, 20, 20]


def test_busy_is_an_error_for_people() -> None:
    assert issubclass(BusyError, WarehouseError)


def test_a_file_that_was_open_for_long_is_closed_when_nobody_is_in_it_and_opens_anew(
    warehouse: DuckDBWarehouse,
) -> None:
    warehouse.renewed_after_seconds = 0
    with warehouse.connection() as first:
        first.execute("create table kept as select 1 as one")
        with warehouse.connection() as second:
            assert second.execute("select one from kept").fetchall() == [(1,)]
        assert first.execute("select one from kept").fetchall() == [(1,)]  # somebody is in it: it stays open
    assert warehouse._root is None
    with warehouse.connection() as again:
        assert again.execute("select one from kept").fetchall() == [(1,)]
