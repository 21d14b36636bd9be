"""Raw tables as DuckDB holds them: names, types, and how they grow when a connector declares more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tieout.catalog import Column, Kind, Stream
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.sql import quoted

TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.MONEY: "DECIMAL(18,4)",
    Kind.NUMBER: "DECIMAL(28,10)",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP WITH TIME ZONE",
    Kind.UUID: "UUID",
    Kind.JSON: "JSON",
}
# Whose row, which sync brought it, and what the source told beyond the catalog.
OWN_COLUMNS = (("_source_id", "VARCHAR"), ("_sync_id", "BIGINT"), ("_extra", "JSON"))
VERSION_COLUMNS = (
    ("_valid_from_sync", "BIGINT"),
    ("_valid_to_sync", "BIGINT"),
    ("_deleted_at", "TIMESTAMP WITH TIME ZONE"),
)
_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def schema(connector: str) -> str:
    """The schema of a connector's raw tables. Raises ValueError for a name that is not plain snake_case."""
    if not _NAME.fullmatch(connector):
        raise ValueError(f"{connector!r} can't name a schema")
    return f"raw_{connector}"


def table(connector: str, stream: str, *, versions: bool = False) -> str:
    """A raw table's full name, quoted."""
    return f"{schema(connector)}.{quoted(stream + '_versions' if versions else stream)}"


def columns(stream: Stream) -> list[str]:
    """The stream's own columns and `_extra`, quoted: all that makes two rows differ."""
    return [quoted(column.name) for column in stream.columns] + ["_extra"]


def prepare(connection: Connection, connector: str, streams: Sequence[Stream]) -> None:
    """Make what is missing: schema, tables, columns. Nothing is ever dropped."""
    connection.execute(f"create schema if not exists {schema(connector)}")
    known = _known(connection, schema(connector))
    for stream in streams:
        own = [(column.name, TYPES[column.kind]) for column in stream.columns] + list(OWN_COLUMNS)
        _grow(connection, connector, stream.name, own, known.get(stream.name))
        name = f"{stream.name}_versions"
        _grow(connection, connector, name, [*own, *VERSION_COLUMNS], known.get(name))


def _known(connection: Connection, of: str) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    found = connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = ?", [of]
    )
    for name, column in found.fetchall():
        known.setdefault(name, set()).add(column)
    return known


def _grow(
    connection: Connection, connector: str, name: str, wanted: list[tuple[str, str]], there: set[str] | None
) -> None:
    full = table(connector, name)
    if there is None:
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in wanted)
        connection.execute(f"create table {full} ({declared})")
        return
    for column, kind in wanted:
        if column not in there:
            connection.execute(f"alter table {full} add column {quoted(column)} {kind}")


def key(stream: Stream, alias: str) -> str:
    """The primary key as one text expression; '' where a company has one row at most."""
    if not stream.primary_key:
        return "''"
    parts = ", ".join(f"{alias}.{quoted(name)}::varchar" for name in stream.primary_key)
    return f"concat_ws(chr(31), {parts})"


def same_key(stream: Stream, left: str, right: str) -> str:
    """Condition: two rows are the same record."""
    if not stream.primary_key:
        return "true"
    return " and ".join(f"{left}.{quoted(name)} = {right}.{quoted(name)}" for name in stream.primary_key)


def dated(stream: Stream) -> Column | None:
    """The column that says how new a row is, for people: a posting date if there is one, else the last change."""
    if stream.window_column:
        return stream.column(stream.window_column)
    dates = [column for column in stream.columns if column.kind is Kind.DATE]
    changes = [column for column in stream.columns if column.kind is Kind.TIMESTAMP and "changed" in column.name]
    return next(iter(dates + changes), None)
