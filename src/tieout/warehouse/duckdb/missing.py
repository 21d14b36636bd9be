"""Keys that a complete reading lacks: missing at the first, gone at the second that lacks them too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieout.catalog import Stream
from tieout.warehouse.duckdb.file import Connection

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore


def confirm(
    store: DuckDBStore, connection: Connection, stream: Stream, sync: int, *, is_confirmed: bool = False
) -> int:
    """Leave in the temporary table `gone` only keys that were missing before; how many others are missing now.

    Those are remembered in place of the ones before. `is_confirmed`: all are gone. Inside a transaction.
    """
    mine = [store.source_id, stream.name]
    connection.execute("create or replace temp table unseen as select key from gone")
    if not is_confirmed:
        before = "select key from tieout.missing_keys where source_id = ? and stream = ?"
        connection.execute(f"delete from gone where key not in ({before})", mine)
    connection.execute("delete from tieout.missing_keys where source_id = ? and stream = ?", mine)
    kept = connection.execute(
        "insert into tieout.missing_keys select ?, ?, key, ? from unseen where key not in (select key from gone)",
        [*mine, sync],
    ).fetchone()
    return int(kept[0]) if kept else 0
