"""The published copy: Parquet by table and company, and a file of views, for readers outside the owning process.

published/WORKSPACE/
    published.duckdb -> current/published.duckdb      what readers open, read-only
    current -> 000007                                 switched at once; the one before stays for those who still read it
    000007/published.duckdb                           views over this very folder, by its full path; who has moved it says
                                                      set variable tieout_folder = '/new/place/current'
    000007/<schema>/<table>/<source id>.parquet       unchanged ones are links to the files of the copy before
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tieout.warehouse.sql import literal, quoted
from tieout.warehouse.views import View, ViewsOf, made_of, make

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection, DuckDBWarehouse

KEPT = 2
VIEWS = "published.duckdb"
STORAGE_VERSION = "v1.5.0"  # so that readers need not have the newest DuckDB
MOVED = (
    "tieout_folder"  # variable by which a reader tells where the folder lies now, if it was moved or mounted elsewhere
)
EMPTY = "none"  # the file that gives a table its columns when no company has rows
_lock = threading.Lock()


def publish(warehouse: DuckDBWarehouse, source_id: str, connector: str) -> Path | None:
    """Write what changed of one source, link the rest, switch. Other sources stay as they were last published."""
    if warehouse.published is None:
        return None
    with _lock, warehouse.connection() as connection:
        return _Copy(warehouse.published, connection, warehouse.views).make({source_id})


def publish_planned(warehouse: DuckDBWarehouse, source_id: str | None = None) -> None:
    """Publish what people added: layouts of reports, and a source's budget. Its books stay as they were last published."""
    if warehouse.published is None or not (warehouse.published / "current").exists():
        return
    with _lock, warehouse.connection() as connection:
        changed = {source_id} if source_id else set()
        _Copy(warehouse.published, connection, warehouse.views).make(changed, only="tieout/budget_amounts")


def publish_alone(warehouse: DuckDBWarehouse, source_id: str) -> None:
    """Publish what changed of a source, and drop every copy of before."""
    if warehouse.published is None or not (warehouse.published / "current").exists():
        return
    with _lock, warehouse.connection() as connection:
        copy = _Copy(warehouse.published, connection, warehouse.views)
        copy.make({source_id})
        copy.prune(keep=1)


def publish_without(warehouse: DuckDBWarehouse, source_id: str) -> None:
    """Publish anew without a source that was deleted, and drop every copy that held it."""
    if warehouse.published is None or not warehouse.published.exists():
        return
    with _lock, warehouse.connection() as connection:
        copy = _Copy(warehouse.published, connection, warehouse.views)
        copy.make(set(), leave_out=source_id)
        copy.prune(keep=1)


class _Copy:
    """One run of publishing. `root` is published/WORKSPACE."""

    def __init__(self, root: Path, connection: Connection, views_of: ViewsOf) -> None:
        self._root, self._connection, self._views_of = root, connection, views_of
        numbers = [int(path.name) for path in root.glob("[0-9]*") if path.name.isdigit()]
        self._before = root / (root / "current").readlink() if (root / "current").is_symlink() else None
        self._folder = root / f"{max(numbers, default=0) + 1:06d}"

    def make(self, changed: set[str], *, leave_out: str | None = None, only: str = "") -> Path:
        """A new folder with everything, then the switch. A crash before it leaves a folder nobody reads.

        `only`: the one table ("schema/table") of the changed sources that is written anew.
        """
        self._folder.mkdir(parents=True)
        told = self._manifest()
        self._connection.execute("begin")
        try:
            now = {
                name: mark for name, mark in self._marks() if leave_out is None or not name.endswith(f"/{leave_out}")
            }
            if leave_out is None:
                now = {n: m if _is_changed(n, changed, only) else told.get(n, "") for n, m in now.items()}
            for name, mark in now.items():
                if mark:
                    self._put(name, unchanged=told.get(name) == mark)
            self._views()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        finally:
            with suppress(duckdb.Error):  # where the disk is the trouble, it must not hide the first error
                self._connection.execute("rollback")
        (self._folder / "manifest.json").write_text(json.dumps({n: m for n, m in now.items() if m}), encoding="utf-8")
        self._switch()
        self.prune(keep=KEPT)
        return self._folder

    def prune(self, *, keep: int) -> None:
        """Drop all but the newest copies."""
        numbered = sorted(path for path in self._root.glob("[0-9]*") if path.name.isdigit())
        for path in numbered[:-keep]:
            shutil.rmtree(path, ignore_errors=True)

    def _manifest(self) -> dict[str, str]:
        if self._before is None or not (self._before / "manifest.json").exists():
            return {}
        told: dict[str, str] = json.loads((self._before / "manifest.json").read_text(encoding="utf-8"))
        return told

    def _marks(self) -> Iterator[tuple[str, str]]:
        """Every (schema/table/source) with a mark that moves when its rows do."""
        streams = self._connection.execute(
            "select s.connector, t.stream, t.source_id, t.touched from tieout.streams t join tieout.sources s using (source_id)"
        ).fetchall()
        for connector, stream, source_id, touched in streams:
            yield f"raw_{connector}/{stream}/{source_id}", f"t{touched}"
            yield f"raw_{connector}/{stream}_versions/{source_id}", f"t{touched}"
        latest = self._connection.execute("select max(last) + sum(last) from tieout.numbers").fetchone()
        for (source_id,) in self._connection.execute("select source_id from tieout.sources").fetchall():
            for name in self._own_tables():
                yield f"tieout/{name}/{source_id}", f"n{latest[0] if latest else 0}.{self._folder.name}"

    def _own_tables(self) -> list[str]:
        found = self._connection.execute(
            "select table_name from information_schema.columns where table_schema = 'tieout' and column_name = 'source_id' "
            "order by 1"
        ).fetchall()
        return [name for (name,) in found]

    def _put(self, name: str, *, unchanged: bool) -> None:
        target = self._folder / f"{name}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        before = self._before / f"{name}.parquet" if self._before else None
        if unchanged and before is not None and before.exists():
            os.link(before, target)
            return
        schema, table, source_id = name.split("/")
        owner = "source_id" if schema == "tieout" else "_source_id"
        self._copy(schema, table, f"{owner} = {literal(source_id)}", target)

    def _copy(self, schema: str, table: str, where: str, target: Path) -> None:
        self._connection.execute(
            f"copy (select * from {quoted(schema)}.{quoted(table)} where {where}) "
            f"to {literal(target)} (format parquet, compression zstd)"
        )

    def _views(self) -> None:
        """A view per table over this very folder: who has opened a copy keeps reading that one.

        The views upon those name no folder: while they and the tables' columns stay, the file of the copy before serves.
        """
        path, tables = self._folder / VIEWS, self._tables()
        views = made_of(self._connection, self._views_of)
        mark = hashlib.sha256(repr((views, tables)).encode()).hexdigest()
        (self._folder / "views.mark").write_text(mark, encoding="utf-8")
        is_known = self._before is not None and _text_of(self._before / "views.mark") == mark
        if self._before is not None and is_known:
            shutil.copyfile(self._before / VIEWS, path)
        self._connection.execute("commit")
        self._connection.execute(f"attach {literal(path)} as published (storage_version '{STORAGE_VERSION}')")
        try:
            self._connection.execute("begin")  # one write of the file in place of hundreds
            if not is_known:
                self._stand_ins(tables)
                self._models(views)
            for schema, table in tables:
                self._view(schema, table)
            self._connection.execute("commit")
        finally:
            self._connection.execute("detach published")
            self._connection.execute("begin")

    def _view(self, schema: str, table: str) -> None:
        files = self._folder / schema / table
        if not files.exists():
            files.mkdir(parents=True)
            self._copy(schema, table, self._of_nobody(schema, table), files / f"{EMPTY}.parquet")
        place = f"coalesce(getvariable('{MOVED}'), {literal(self._folder)})"
        self._connection.execute(
            f"create or replace view published.{quoted(schema)}.{quoted(table)} as select * from "
            f"read_parquet({place} || '/{schema}/{table}/*.parquet', union_by_name = true)"
        )

    def _stand_ins(self, tables: Mapping[tuple[str, str], list[tuple[str, str]]]) -> None:
        """Each table's columns without its rows: views upon views are made ten times as fast where no file is opened."""
        for (schema, table), told in tables.items():
            columns = ", ".join(f"null::{kind} as {quoted(name)}" for name, kind in told)
            self._connection.execute(f"create schema if not exists published.{quoted(schema)}")
            self._connection.execute(
                f"create view published.{quoted(schema)}.{quoted(table)} as select {columns} where false"
            )

    def _models(self, views: Sequence[View]) -> None:
        """The views that the warehouse has, made where `published` is the current database, so that they lead there."""
        found = self._connection.execute("select current_database()").fetchone()
        assert found is not None
        self._connection.execute("use published")
        try:
            make(self._connection, views)
        finally:
            self._connection.execute(f"use {quoted(found[0])}")

    def _tables(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Every table with its columns' names and types."""
        found = self._connection.execute(
            "select schema_name, table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
            "where database_name = current_database() and (schema_name = 'tieout' or starts_with(schema_name, 'raw_')) "
            "and table_oid in (select table_oid from duckdb_tables() where not temporary) group by all order by all"
        ).fetchall()
        return {(schema, table): columns for schema, table, columns in found}

    def _of_nobody(self, schema: str, table: str) -> str:
        """A table that belongs to no source (the version) is published whole, others for their columns alone."""
        return "true" if schema == "tieout" and table not in self._own_tables() else "false"

    def _switch(self) -> None:
        _point(self._root / "current", self._folder.name)
        if not (self._root / "published.duckdb").is_symlink():
            _point(self._root / "published.duckdb", "current/published.duckdb")


def _is_changed(name: str, changed: set[str], only: str) -> bool:
    table, _, source_id = name.rpartition("/")
    return source_id in changed and (not only or table == only)


def _point(link: Path, target: str) -> None:
    fresh = link.with_name(f".{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
