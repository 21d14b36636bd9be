"""kill -9 in mid-sync: the next start of the server goes on by itself, and the end is that of an undisturbed sync."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

PROCESS = Path(__file__).with_name("sync_process.py")
ROOT = PROCESS.parents[3]


def start(home: Path, *words: str) -> int:
    command = [sys.executable, "-m", "tests.portal.syncs.sync_process", str(home), *words]
    return subprocess.run(command, cwd=ROOT, timeout=120, check=False).returncode


def tables(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every raw table without the columns that tell of syncs."""
    with duckdb.connect(str(home / "warehouse" / "fixture.duckdb"), read_only=True) as warehouse:
        names = [
            row[0]
            for row in warehouse.execute(
                "select table_name from duckdb_tables() where schema_name = 'raw_toy'"
            ).fetchall()
        ]
        return {
            name: warehouse.execute(
                f"select columns(lambda c: not starts_with(c, '_')) from raw_toy.{name} order by all"
            ).fetchall()
            for name in sorted(names)
        }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    home = tmp_path_factory.mktemp("undisturbed")
    assert start(home) == 0
    return tables(home)


@pytest.mark.parametrize("page", [2, 20])
def test_killed_in_mid_sync_it_goes_on_and_ends_equal(
    tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]], page: int
) -> None:
    assert start(tmp_path, str(page)) == -signal.SIGKILL
    assert start(tmp_path) == 0
    assert tables(tmp_path) == undisturbed
    with sqlite3.connect(tmp_path / "app.db") as portal:
        states = portal.execute("select reason, state from syncs_sync order by id").fetchall()
    assert states == [("first", "succeeded"), ("fill", "succeeded")]


def test_jobs_db_may_be_lost(tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]) -> None:
    assert start(tmp_path, "7") == -signal.SIGKILL
    for file in tmp_path.glob("jobs.db*"):
        file.unlink()
    assert start(tmp_path) == 0
    assert tables(tmp_path) == undisturbed
