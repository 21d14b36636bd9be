"""A source read anew into a file of its own beside the workspace's, then put in place of its old rows in one transaction.

Readers have the old rows until that moment. Syncs and proofs of before stay; earlier versions of rows go, since what was
read anew does not tell when it changed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tieout.catalog import Stream
from tieout.warehouse.base import Outcome
from tieout.warehouse.duckdb.file import DuckDBWarehouse, open_warehouse
from tieout.warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection
    from tieout.warehouse.duckdb.store import DuckDBStore

RESERVED = 1_000  # numbers of syncs and proofs for the new rows, so that none is given out twice meanwhile
OWNERS = ("_source_id", "source_id")
REPLACED = ("streams", "cursors", "answered_parents", "missing_keys", "data_status", "sources")  # of schema tieout


@contextmanager
def beside(
    warehouse: DuckDBWarehouse, source_id: str, *, connector: str, streams: Sequence[Stream]
) -> Iterator[DuckDBStore]:
    """An empty store of the source, or what a rebuild that was cut off left. Swapped at the end if its sync succeeded."""
    old = warehouse.source(source_id, connector=connector)
    old.prepare(streams)
    path = _path(warehouse, source_id)
    scratch = open_warehouse(path, spool=path.with_suffix(""), memory=warehouse.memory)
    try:
        _reserve_numbers(warehouse, scratch)
        store = scratch.source(source_id, connector=connector)
        yield store
        is_whole = store.syncs(limit=1)[0].outcome is Outcome.SUCCEEDED
    finally:
        scratch.close()
    if is_whole:
        swap(warehouse, source_id, path)
        drop(warehouse, source_id)
        old.publish()


def swap(warehouse: DuckDBWarehouse, source_id: str, rebuilt: Path) -> None:
    """Put the rows of a closed file in place of a source's own. An open incident is closed by the next tie-out."""
    with warehouse.connection() as connection:
        connection.execute(f"attach {literal(rebuilt)} as rebuilt (read_only)")
        try:
            with warehouse.writing(connection):
                _count_on(connection, source_id)
                for schema, table, owner, columns in _tables(connection):
                    _take(connection, schema, table, owner, columns, source_id)
        finally:
            connection.execute("detach rebuilt")


def drop(warehouse: DuckDBWarehouse, source_id: str) -> None:
    """Throw away what a rebuild of a source has read so far; what is stored stays."""
    path = _path(warehouse, source_id)
    for file in (path, Path(f"{path}.wal")):
        file.unlink(missing_ok=True)
    shutil.rmtree(path.with_suffix(""), ignore_errors=True)


def _path(warehouse: DuckDBWarehouse, source_id: str) -> Path:
    return warehouse.spool / ".rebuilding" / f"{source_id}.duckdb"


def _count_on(connection: Connection, source_id: str) -> None:
    """The published copy follows `touched`, which therefore never falls back."""
    connection.execute(
        "create or replace temp table touched_before as select stream, touched from tieout.streams where source_id = ?",
        [source_id],
    )


def _take(connection: Connection, schema: str, table: str, owner: str, columns: list[str], source_id: str) -> None:
    full, listed = f"{quoted(schema)}.{quoted(table)}", ", ".join(quoted(column) for column in columns)
    if schema != "tieout" or table in REPLACED:
        connection.execute(f"delete from {full} where {owner} = ?", [source_id])
    connection.execute(
        f"insert into {full} ({listed}) select {listed} from rebuilt.{full} where {owner} = ?", [source_id]
    )
    if (schema, table) == ("tieout", "streams"):
        connection.execute(
            "update tieout.streams set touched = streams.touched + b.touched + 1 from touched_before b "
            "where streams.stream = b.stream and source_id = ?",
            [source_id],
        )


def _tables(connection: Connection) -> list[tuple[str, str, str, list[str]]]:
    """Tables of the rebuilt file with rows by source: schema, table, whose column, columns."""
    found = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = 'rebuilt' and not internal and table_oid in "
        "(select table_oid from duckdb_tables() where database_name = 'rebuilt') group by all order by all"
    ).fetchall()
    owned = [
        (schema, table, [owner for owner in OWNERS if owner in columns], columns) for schema, table, columns in found
    ]
    return [(schema, table, owners[0], columns) for schema, table, owners, columns in owned if owners]


def _reserve_numbers(warehouse: DuckDBWarehouse, scratch: DuckDBWarehouse) -> None:
    with scratch.writing() as new:
        begun = new.execute("select max(last) from tieout.numbers").fetchone()
        if begun and begun[0]:
            return  # a rebuild that was cut off goes on
        with warehouse.writing() as old:
            numbers = old.execute("select name, last from tieout.numbers").fetchall()
            old.execute("update tieout.numbers set last = last + ?", [RESERVED])
        for name, last in numbers:
            new.execute("update tieout.numbers set last = ? where name = ?", [last, name])
