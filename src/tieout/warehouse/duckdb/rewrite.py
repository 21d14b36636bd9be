"""Deleting for good. DELETE, CHECKPOINT and VACUUM leave the text in a DuckDB file, so the file is written anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tieout.warehouse.duckdb import rebuilding
from tieout.warehouse.duckdb.file import Connection, connect
from tieout.warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse


def delete_for_good(warehouse: DuckDBWarehouse, source_id: str) -> None:
    """Write the file without a source, then drop its spool and every published copy that holds it."""
    from tieout.warehouse.publish import publish_without

    rewrite(warehouse, without=source_id)
    shutil.rmtree(warehouse.spool / source_id, ignore_errors=True)
    rebuilding.drop(warehouse, source_id)
    publish_without(warehouse, source_id)


def rewrite(warehouse: DuckDBWarehouse, *, without: str = "") -> None:
    """Write the file anew, perhaps without a source. Waits until no other thread is reading or loading."""
    fresh = warehouse.path.with_suffix(".rewritten")
    with warehouse.closed():
        _drop(fresh)
        _write_without(warehouse.path, fresh, without, memory=warehouse.memory)
        _drop(warehouse.path, but_the_file=True)
        fresh.replace(warehouse.path)


def _write_without(old: Path, new: Path, source_id: str, *, memory: str) -> None:
    connection = connect(new, [old.parent], memory=memory)
    try:
        connection.execute(f"attach {literal(old)} as old (read_only)")
        for schema, table, columns in _tables(connection):
            _copy(connection, schema, table, columns, source_id)
        connection.execute("detach old")
        connection.execute("checkpoint")
    finally:
        connection.close()


def _tables(connection: Connection) -> list[tuple[str, str, list[str]]]:
    return connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = 'old' and not internal and table_oid in "
        "(select table_oid from duckdb_tables() where database_name = 'old') group by all order by all"
    ).fetchall()


def _copy(connection: Connection, schema: str, table: str, columns: list[str], source_id: str) -> None:
    full, listed = f"{quoted(schema)}.{quoted(table)}", ", ".join(quoted(column) for column in columns)
    owner = next((column for column in ("_source_id", "source_id") if column in columns), None)
    connection.execute(f"create schema if not exists {quoted(schema)}")
    connection.execute(f"create table if not exists {full} as select * from old.{full} limit 0")
    if owner is None:
        connection.execute(f"delete from {full}")
    where = f"where {owner} <> ?" if owner else ""
    connection.execute(
        f"insert into {full} ({listed}) select {listed} from old.{full} {where}", [source_id] if owner else []
    )


def _drop(path: Path, *, but_the_file: bool = False) -> None:
    for leftover in (Path(f"{path}.wal"), Path(f"{path}.tmp")):
        shutil.rmtree(leftover, ignore_errors=True) if leftover.is_dir() else leftover.unlink(missing_ok=True)
    if not but_the_file:
        path.unlink(missing_ok=True)
