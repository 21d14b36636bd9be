"""What tables and columns there are for people, with their descriptions: for reference pages and whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb

from tieout.catalog import Stream
from tieout.reports.models import SCHEMAS, views
from tieout.warehouse.duckdb import tables as raw
from tieout.warehouse.duckdb.file import Connection, migrate
from tieout.warehouse.views import View, make


@dataclass(frozen=True, slots=True)
class Column:
    """`type` as the database names it."""

    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """`schema.name`, or with `parameters` a function that gives a table: `schema.name(on_date)`."""

    schema: str
    name: str
    parameters: tuple[str, ...]
    description: str
    columns: tuple[Column, ...]

    @property
    def title(self) -> str:
        return f"{self.schema}.{self.name}" + (f"({', '.join(self.parameters)})" if self.parameters else "")


def tables(streams: Mapping[str, Sequence[Stream]]) -> tuple[Table, ...]:
    """Everything in core and marts, by name, for connectors with these streams (name of connector -> its streams)."""
    return _tables(tuple((name, tuple(of)) for name, of in sorted(streams.items())))


@cache
def _tables(streams: tuple[tuple[str, tuple[Stream, ...]], ...]) -> tuple[Table, ...]:
    shown = views([name for name, _ in streams])
    with duckdb.connect() as connection:  # in memory, without rows
        migrate(connection)
        for name, of in streams:
            raw.prepare(connection, name, of)
        make(connection, shown)
        found = [_table(connection, view) for view in shown if view.schema in SCHEMAS]
    return tuple(sorted(found, key=lambda table: (SCHEMAS.index(table.schema), table.title)))


def _table(connection: Connection, view: View) -> Table:
    name = f'{view.schema}."{view.name}"'
    source = f"{name}({', '.join('null' for _ in view.parameters)})" if view.parameters else name
    told = connection.execute(f"describe select * from {source}").fetchall()
    columns = tuple(Column(column, kind, view.columns.get(column, "")) for column, kind, *_ in told)
    return Table(view.schema, view.name, view.parameters, view.description, columns)
