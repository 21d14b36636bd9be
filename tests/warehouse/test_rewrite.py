"""Deleting for good: afterwards no file of the workspace holds a word of the source's books."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.warehouse.stores import NOW, Desk
from tieout.warehouse.base import EVERYTHING, Outcome
from tieout.warehouse.duckdb import open_warehouse

SECRET = "kvitring-av-bilag-7734"


@pytest.fixture
def desks(tmp_path: Path) -> tuple[Desk, Desk]:
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", published=tmp_path / "published")
    leaving, staying = (Desk(warehouse, tmp_path / "spool" / name, name) for name in ("leaving", "staying"))
    for desk, text in ((leaving, SECRET), (staying, "other")):
        desk.load([{"Id": n, "Text": f"{text} {n}", "More": {"note": text}} for n in range(2000)])
        desk.load([{"Id": 1, "Text": f"{text} changed"}], scope=EVERYTHING)
        desk.store.finish_sync(desk.sync, Outcome.SUCCEEDED, at=NOW, reason=text)
        desk.store.publish()
    return leaving, staying


def words_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_after_deleting_no_file_holds_a_word_of_it(desks: tuple[Desk, Desk], tmp_path: Path) -> None:
    leaving, _ = desks
    leaving.warehouse.delete_source("leaving")
    assert words_in(tmp_path) == []
    assert not list(tmp_path.rglob("leaving*"))


def test_other_sources_keep_everything(desks: tuple[Desk, Desk]) -> None:
    leaving, staying = desks
    before = [staying.rows(name, schema=schema) for schema, name in everything()]
    leaving.warehouse.delete_source("leaving")
    mine = [[row for row in rows if "leaving" not in row] for rows in before]
    assert [staying.rows(name, schema=schema) for schema, name in everything()] == mine
    assert staying.warehouse.source_ids() == ["staying"]
    assert staying.load([{"Id": 5000}]).new == 1


def everything() -> list[tuple[str, str]]:
    return [("raw_toy", "things"), ("tieout", "syncs"), ("tieout", "streams"), ("tieout", "sources")]


def test_numbers_of_a_deleted_source_are_not_given_out_again(desks: tuple[Desk, Desk]) -> None:
    leaving, staying = desks
    last = leaving.next_sync()
    leaving.warehouse.delete_source("leaving")
    assert staying.next_sync() == last + 1


def test_deleting_waits_for_who_is_reading(desks: tuple[Desk, Desk]) -> None:
    leaving, staying = desks
    done = threading.Event()

    def delete() -> None:
        leaving.warehouse.delete_source("leaving")
        done.set()

    with leaving.warehouse.connection() as connection:
        thread = threading.Thread(target=delete)
        thread.start()
        assert not done.wait(0.3)
        assert staying.store.count("things") == 1  # a thread that is in already may go on
        assert connection.execute("select count(*) from raw_toy.things").fetchone() == (2,)
    thread.join(10)
    assert done.is_set()
