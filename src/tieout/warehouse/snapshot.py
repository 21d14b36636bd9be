"""A warehouse as it was when a sync had ended: a database of views alone, in memory, over what is stored and its versions.

Nothing is copied, so it costs what its views cost to make. The models are made in it anew, since views lead where they were made.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from tieout.warehouse.sql import quoted
from tieout.warehouse.views import View, ViewsOf, make

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection

Name: TypeAlias = tuple[str, str]
VERSION_COLUMNS = ("_valid_from_sync", "_valid_to_sync", "_deleted_at")
_NAMED = re.compile(r'"?\b([a-z_][a-z0-9_]*)"?\s*\.\s*"?([a-z_][a-z0-9_]*)"?', re.IGNORECASE)
# What a tie-out said last, and what was proved last, by then.
DATA_STATUS = """
select s.source_id, s.name, s.organisation_number, null::timestamptz as as_of, t.made_at as checked_at, t.verdict,
       t.made_at as since, p.proved_at, null::date as lock_date, null::date as newest_posting, null::varchar as reason,
       t.id as tie_out_id
from {tieout}.sources as s
join (select source_id, max_by(struct_pack(id, made_at, verdict), id) as last, unnest(last)
      from {tieout}.tie_outs where {by_then} group by source_id) as t on t.source_id = s.source_id
left join (select source_id, max(made_at) as proved_at from {tieout}.tie_outs
           where {by_then} and verdict = 'proved' group by source_id) as p on p.source_id = s.source_id
"""


@contextmanager
def as_it_was(connection: Connection, sync: int, *, views_of: ViewsOf, asked: str | None = None) -> Iterator[str]:
    """Make the workspace as a sync left it the current database of this connection, and give its name.

    Unqualified names then lead there. With `asked` (SQL) only the views that it names, and those that they need, are made.
    Numbers of syncs are those of the workspace, so that other companies are as they were then too.
    """
    found = connection.execute("select current_database()").fetchone()
    assert found is not None
    here, name = str(found[0]), f"as_of_{sync}_{uuid.uuid4().hex[:8]}"
    # Said outright: a file that is read only would have it read only too, which memory can't be.
    connection.execute(f"attach ':memory:' as {name} (read_write)")
    try:
        connectors = _tables(connection, here, name, sync)
        connection.execute(f"use {name}")
        views = views_of(connectors)
        make(connection, [_plain(view) for view in (views if asked is None else needed(views, asked))])
        yield name
    finally:
        connection.execute(f"use {quoted(here)}")
        connection.execute(f"detach {name}")


def needed(views: Sequence[View], sql: str) -> list[View]:
    """The views that a statement names, and all that those rest on, in the order in which they can be made."""
    by_name: dict[Name, list[View]] = {}
    for view in views:
        by_name.setdefault((view.schema, view.name), []).append(view)
    wanted: set[Name] = set()
    rest = _names(sql) & by_name.keys()
    while rest:
        wanted |= rest
        rest = {name for one in rest for view in by_name[one] for name in _names(view.sql)} & by_name.keys() - wanted
    return [view for view in views if (view.schema, view.name) in wanted]


def _names(sql: str) -> set[Name]:
    return {(schema.lower(), name.lower()) for schema, name in _NAMED.findall(sql)}


def _plain(view: View) -> View:
    """Without what is told of its columns: nobody reads that here, and it takes half of the time."""
    return View(view.schema, view.name, view.sql, parameters=view.parameters)


def _tables(connection: Connection, here: str, name: str, sync: int) -> list[str]:
    """Make what the models rest on; the connectors that have raw tables."""
    tables = _columns(connection)
    for schema, table in tables:
        connection.execute(f"create schema if not exists {name}.{quoted(schema)}")
        body = _own(here, table, tables, sync) if schema == "tieout" else _raw(here, (schema, table), tables, sync)
        connection.execute(f"create view {name}.{quoted(schema)}.{quoted(table)} as {body}")
    return sorted({schema.removeprefix("raw_") for schema, _ in tables if schema != "tieout"})


def _columns(connection: Connection) -> dict[Name, list[str]]:
    found = connection.execute(
        "select schema_name, table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = current_database() and (schema_name = 'tieout' or starts_with(schema_name, 'raw_')) "
        "group by all order by all"
    ).fetchall()
    return {(schema, table): columns for schema, table, columns in found}


def _raw(here: str, of: Name, tables: Mapping[Name, Collection[str]], sync: int) -> str:
    """Rows that hold and came by then, and those that held then and do no longer; of versions, those that had ended."""
    schema, table = of
    full = f"{quoted(here)}.{quoted(schema)}.{quoted(table)}"
    if "_valid_to_sync" in tables[of]:
        return f"select * from {full} where _valid_to_sync <= {sync}"
    versions = f"{table}_versions"
    held = f"select * from {full} where _sync_id <= {sync}"
    if (schema, versions) not in tables:
        return held
    old = f"{quoted(here)}.{quoted(schema)}.{quoted(versions)}"
    return (
        f"{held} union all by name select * exclude ({', '.join(VERSION_COLUMNS)}) from {old} "
        f"where _valid_from_sync <= {sync} and _valid_to_sync > {sync}"
    )


def _own(here: str, table: str, tables: Mapping[Name, Collection[str]], sync: int) -> str:
    """Our own tables: what was told of syncs up to then."""
    tieout, columns = f"{quoted(here)}.tieout", tables["tieout", table]
    if table == "data_status":
        return DATA_STATUS.format(tieout=tieout, by_then=f"coalesce(sync_id, 0) <= {sync}")
    condition = "true"
    if table == "syncs":
        condition = f"id <= {sync}"
    elif "sync_id" in columns:
        condition = f"coalesce(sync_id, 0) <= {sync}"
    elif "tie_out_id" in columns:
        condition = f"tie_out_id in (select id from {tieout}.tie_outs where coalesce(sync_id, 0) <= {sync})"
    return f"select * from {tieout}.{quoted(table)} where {condition}"
