"""What is too old to be kept: earlier versions of rows, syncs and proofs. In small steps, so that no sync waits for long.

Kept whatever their age: what became of rows since a data source was stamped, the newest proof and the newest that was
Proved, those that an open incident or the data status names, the first and the last sync that succeeded, and what syncs
told of kept proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection, DuckDBWarehouse

STEP_ROWS = 20_000
_PROOFS = """
    select id from tieout.tie_outs where made_at < $before
    except select max(id) from tieout.tie_outs group by source_id
    except select max(id) from tieout.tie_outs where verdict = 'proved' group by source_id
    except select tie_out_id from tieout.data_status
    except select tie_out_id from tieout.incidents where closed_at is null
"""
_SYNCS = """
    select id from tieout.syncs where finished_at < $before
    except select min(id) from tieout.syncs where kind = 'sync' and outcome = 'succeeded' group by source_id
    except select max(id) from tieout.syncs where kind = 'sync' and outcome = 'succeeded' group by source_id
    except select max(id) from tieout.syncs where outcome in ('succeeded', 'incomplete') group by source_id
    except select max(id) from tieout.syncs group by source_id
    except select sync_id from tieout.tie_outs
"""
_PARTS_OF_PROOFS = ("tie_out_checks", "tie_out_differences", "tie_out_streams")


def forget(warehouse: DuckDBWarehouse, *, before: datetime, stamped: Mapping[str, int] | None = None) -> dict[str, int]:
    """Delete what is older than a moment (with its offset); how many earlier versions, proofs and syncs went.

    `stamped` are data sources' syncs: what held then, or came later, must stay readable as it was.
    """
    needed = stamped or {}
    versions = sum(_forget_versions(warehouse, table, before, needed) for table in _tables_of_versions(warehouse))
    proofs = _forget_rows(warehouse, "tie_outs", "id", _PROOFS, before, with_parts=("tie_out_id", _PARTS_OF_PROOFS))
    syncs = _forget_rows(warehouse, "syncs", "id", _SYNCS, before, with_parts=("sync_id", ("sync_streams",)))
    return {"versions": versions, "proofs": proofs, "syncs": syncs}


def _forget_versions(
    warehouse: DuckDBWarehouse, table: tuple[str, str], before: datetime, stamped: Mapping[str, int]
) -> int:
    """Versions that ended with a sync before the moment. Until the last step the earlier ones are simply still there."""
    schema, name = table
    full, forgotten = f"{quoted(schema)}.{quoted(name)}", 0
    with warehouse.connection() as connection:
        found = connection.execute("select max(id) from tieout.syncs where finished_at < ?", [before]).fetchone()
        newest = found[0] if found else None
        while newest is not None:
            gone = _step(warehouse, connection, full, newest, name.removesuffix("_versions"), stamped)
            forgotten += gone
            if gone < STEP_ROWS:
                break
    return forgotten


def _step(
    warehouse: DuckDBWarehouse,
    connection: Connection,
    full: str,
    newest: int,
    stream: str,
    stamped: Mapping[str, int],
) -> int:
    ended = "_valid_to_sync <= least($newest, coalesce($syncs[list_position($sources, _source_id)], $newest))"
    parameters = {"newest": newest, "sources": list(stamped) or [""], "syncs": list(stamped.values()) or [0]}
    with warehouse.writing(connection):
        gone = connection.execute(
            f"delete from {full} where rowid in (select rowid from {full} where {ended} limit {STEP_ROWS}) "
            "returning _source_id",
            parameters,
        ).fetchall()
        sources = sorted({source for (source,) in gone})
        connection.execute(  # the published copy follows this count
            "update tieout.streams set touched = touched + 1 where stream = ? and list_contains(?::varchar[], source_id)",
            [stream, sources],
        )
    return len(gone)


def _forget_rows(
    warehouse: DuckDBWarehouse,
    table: str,
    key: str,
    chosen: str,
    before: datetime,
    *,
    with_parts: tuple[str, tuple[str, ...]],
) -> int:
    column, parts = with_parts
    with warehouse.writing() as connection:
        ids = [number for (number,) in connection.execute(chosen, {"before": before}).fetchall() if number is not None]
        ids = sorted(ids)[:STEP_ROWS]  # the oldest; the next night takes more
        for part, of in ((table, key), *((part, column) for part in parts)):
            connection.execute(f"delete from tieout.{part} where list_contains(?::bigint[], {of})", [ids])
    return len(ids)


def _tables_of_versions(warehouse: DuckDBWarehouse) -> list[tuple[str, str]]:
    with warehouse.connection() as connection:
        return connection.execute(
            "select distinct table_schema, table_name from information_schema.columns where starts_with(table_schema, 'raw_') "
            "and column_name = '_valid_to_sync' order by all"
        ).fetchall()
