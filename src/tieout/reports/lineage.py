"""Where a column of the books comes from, down to the accounting system's own field: read out of the views' SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, cast

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope
from sqlglot.schema import ensure_schema

from tieout.catalog import Stream
from tieout.reports.models import views
from tieout.warehouse.duckdb import tables as raw
from tieout.warehouse.duckdb.file import migrate
from tieout.warehouse.views import make

RAW = "raw_"
OWN = "tieout"  # what we know ourselves: companies, syncs, verdicts, layouts, budgets
BETWEEN = "staging"  # schemas that nobody is shown: a column leads through them
DIALECT = "duckdb"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A column of a table, or of a function that gives a table."""

    schema: str
    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record as the accounting system spells it; "" where the question and not the answer gives it."""

    stream: str
    name: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What a column is made of: columns of other models, stored columns, and fields of the source. Any may be empty."""

    models: tuple[Place, ...]  # the next ones that people are shown
    stored: tuple[Place, ...]  # of the raw tables and our own, at the end of all ways
    fields: tuple[Field, ...]


Streams: TypeAlias = Mapping[str, Sequence[Stream]]


def traces(streams: Streams, schema: str, table: str) -> dict[str, Trace]:
    """Every column of a table with what it is made of, for connectors with these streams. Empty for no such table."""
    return _lines(tuple((name, tuple(of)) for name, of in sorted(streams.items()))).of(schema, table)


@cache
def _lines(streams: tuple[tuple[str, tuple[Stream, ...]], ...]) -> _Lines:
    return _Lines(streams)


class _Lines:
    """All views of these connectors, each parsed when it is first asked for."""

    def __init__(self, streams: tuple[tuple[str, tuple[Stream, ...]], ...]) -> None:
        shown = views([name for name, _ in streams])
        self._sql = {(view.schema, view.name): view.sql for view in reversed(shown)}
        self._fields = {
            Place(f"{RAW}{name}", stream.name, column.name): Field(stream.name, column.field)
            for name, of in streams
            for stream in of
            for column in stream.columns
        }
        self._columns = _columns(streams)
        self._schema = ensure_schema(cast(dict[str, object], self._columns), dialect=DIALECT)
        self._read = dict[tuple[str, str], dict[str, frozenset[Place]]]()

    def of(self, schema: str, table: str) -> dict[str, Trace]:
        columns = self._columns.get(schema, {}).get(table, {})
        return {column: self._trace(Place(schema, table, column)) for column in columns}

    def _trace(self, place: Place) -> Trace:
        if _is_stored(place):
            return Trace((), (), self._told([place]))
        nearest = sorted(set(self._shown(place)))
        stored = sorted(self._stored(place, frozenset()))
        return Trace(tuple(one for one in nearest if not _is_stored(one)), tuple(stored), self._told(stored))

    def _told(self, stored: Sequence[Place]) -> tuple[Field, ...]:
        return tuple(dict.fromkeys(self._fields[one] for one in stored if one in self._fields))

    def _shown(self, place: Place) -> Iterator[Place]:
        """The next columns that people are shown."""
        for one in self._made_of(place):
            if one.schema.startswith(BETWEEN):
                yield from self._shown(one)
            else:
                yield one

    def _stored(self, place: Place, above: frozenset[Place]) -> frozenset[Place]:
        if _is_stored(place):
            return frozenset([place])
        under = (self._stored(one, above | {place}) for one in self._made_of(place) if one not in above)
        return frozenset[Place]().union(*under)

    def _made_of(self, place: Place) -> frozenset[Place]:
        """The columns that a view's column is written with."""
        key = (place.schema, place.table)
        if key not in self._read:
            self._read[key] = self._view(self._sql[key]) if key in self._sql else {}
        return self._read[key].get(place.column, frozenset())

    def _view(self, sql: str) -> dict[str, frozenset[Place]]:
        told = qualify(
            sqlglot.parse_one(sql, dialect=DIALECT),
            dialect=DIALECT,
            schema=self._schema,
            validate_qualify_columns=False,
            identify=False,
        )
        for union in [one for one in told.find_all(exp.SetOperation) if one.args.get("by_name")]:
            _put_in_order(union)
        nodes = lineage(None, told, self._schema, dialect=DIALECT, scope=build_scope(told), trim_selects=False)
        assert isinstance(nodes, dict)
        return {column: frozenset(filter(None, map(_leaf, node.walk()))) for column, node in nodes.items()}


def _put_in_order(union: exp.SetOperation) -> None:
    """Give both sides of a union by name the same columns in the same order, as sqlglot follows unions by position."""
    sides = list(_selects(union))
    names = list(dict.fromkeys(one.alias_or_name for side in sides for one in side.selects))
    for side in sides:
        own = {one.alias_or_name: one for one in side.selects}
        side.set("expressions", [own.get(name) or exp.alias_(exp.null(), name) for name in names])


def _selects(query: exp.Expr) -> Iterator[exp.Select]:
    told = query.unnest() if isinstance(query, exp.Subquery) else query
    if isinstance(told, exp.SetOperation):
        yield from _selects(told.left)
        yield from _selects(told.right)
    elif isinstance(told, exp.Select):
        yield told


def _is_stored(place: Place) -> bool:
    return place.schema.startswith(RAW) or place.schema == OWN


def _leaf(node: Node) -> Place | None:
    """A node at the end of a view's own SQL: a column of another table."""
    table = node.source
    if node.downstream or not isinstance(table, exp.Table) or not table.db:
        return None
    name = table.this.name if isinstance(table.this, exp.Func) else table.name
    return Place(table.db, name, node.name.rpartition(".")[2].strip('"'))


def _columns(streams: tuple[tuple[str, tuple[Stream, ...]], ...]) -> dict[str, dict[str, dict[str, str]]]:
    """Every table's columns with their types, by schema: an empty database says so."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    with duckdb.connect() as connection:
        migrate(connection)
        for name, of in streams:
            raw.prepare(connection, name, of)
        make(connection, views([name for name, _ in streams]))
        for schema, table, column, kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall():
            found.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return found
