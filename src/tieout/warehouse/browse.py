"""Reading for people: which tables there are, fifty rows of one with sort and filter, a table as a file; now or as it was."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.warehouse.snapshot import as_it_was
from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection, DuckDBWarehouse

PAGE_ROWS = 50
FORMULA = r"^[=+\-@\t\r\n]"  # how a cell begins that a spreadsheet would work out
MODELS = ("core", "marts")  # schemas of views that people are shown beside what is stored
OWNERS = ("_source_id", "source_id", "company_id")  # columns that say whose a row is
_COMPARISONS = (">=", "<=", ">", "<", "=")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    name: str
    type: str  # as the database names it: VARCHAR, DECIMAL(18,4), DATE, TIMESTAMP WITH TIME ZONE, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`schema.name` as one would write it in SQL. `rows` is exact; None for a view, which would have to be worked out."""

    schema: str
    name: str
    rows: int | None
    columns: tuple[TableColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One page of a table. Values are Python's own: Decimal, date, aware datetime (UTC), str, int, bool, None."""

    columns: tuple[TableColumn, ...]
    rows: list[tuple[Any, ...]]
    page: int  # from 1
    pages: int
    total: int  # rows that pass the filters


def tables(warehouse: DuckDBWarehouse, *, source_ids: Sequence[str] | None = None, of_one: bool = False) -> list[Table]:
    """Every table and view in schemas raw_*, tieout, core and marts, by name; rows of `source_ids` only, where given.

    `of_one`: only those whose rows each belong to one source, for who may not see all of them.
    """
    with warehouse.connection() as connection:
        return [
            Table(
                schema=schema,
                name=name,
                rows=None
                if schema in MODELS
                else _count(connection, schema, name, *_conditions(columns, {}, source_ids)),
                columns=columns,
            )
            for (schema, name), columns in catalog(connection).items()
            if not of_one or is_of_one(columns)
        ]


def is_of_one(columns: Sequence[TableColumn]) -> bool:
    """Whether each row says whose it is; else it may add companies up, or be about the whole workspace."""
    return any(column.name in OWNERS for column in columns)


def rows(
    warehouse: DuckDBWarehouse,
    schema: str,
    name: str,
    *,
    page: int = 1,
    sort: str | None = None,
    descending: bool = False,
    filters: Mapping[str, str] | None = None,
    source_ids: Sequence[str] | None = None,
    as_of: int | None = None,
) -> Rows:
    """A page of a table. A filter is a text that the column's own text contains, or `=x`, `>x`, `<x`, `>=x`, `<=x`.

    `as_of` is the number of a sync: the table as it was when that had ended.
    Unknown tables and columns raise KeyError. Values are always parameters, names always checked against the catalog.
    """
    with reading(warehouse, f"{schema}.{name}", as_of) as connection:
        columns = catalog(connection)[schema, name]
        where, values = _conditions(columns, filters or {}, source_ids)
        total = _count(connection, schema, name, where, values)
        pages = max(1, -(-total // PAGE_ROWS))
        page = min(max(1, page), pages)
        order = _order(connection, (schema, name), columns, sort, descending)
        found = connection.execute(
            f"select {_listed(columns)} from {quoted(schema)}.{quoted(name)} t where {where} "
            f"{order} limit {PAGE_ROWS} offset ?",
            [*values, (page - 1) * PAGE_ROWS],
        ).fetchall()
    return Rows(columns=columns, rows=found, page=page, pages=pages, total=total)


def export(
    warehouse: DuckDBWarehouse,
    schema: str,
    name: str,
    *,
    kind: str,
    sort: str | None = None,
    descending: bool = False,
    filters: Mapping[str, str] | None = None,
    source_ids: Sequence[str] | None = None,
    as_of: int | None = None,
) -> Path:
    """Write what `rows` would show, all pages, as "csv" or "parquet" to a new file; the caller deletes it.

    In a CSV a text that a spreadsheet would take for a formula gets an apostrophe in front; amounts are as they are.
    """
    options = {"csv": "format csv, header", "parquet": "format parquet, compression zstd"}[kind]
    warehouse.exports.mkdir(parents=True, exist_ok=True)
    path = warehouse.exports / f"{uuid.uuid4()}.{kind}"
    with reading(warehouse, f"{schema}.{name}", as_of) as connection:
        columns = catalog(connection)[schema, name]
        where, values = _conditions(columns, filters or {}, source_ids)
        order = _order(connection, (schema, name), columns, sort, descending)
        listed = harmless_columns(columns) if kind == "csv" else _listed(columns)
        connection.execute(
            f"copy (select {listed} from {quoted(schema)}.{quoted(name)} t where {where} "
            f"{order}) to '{str(path).replace(chr(39), chr(39) * 2)}' ({options})",
            values,
        )
    return path


@contextmanager
def reading(warehouse: DuckDBWarehouse, name: str, as_of: int | None) -> Iterator[Connection]:
    """A connection whose current database is the warehouse, or the warehouse as it was with what `name` needs."""
    with warehouse.connection() as connection:
        if as_of is None:
            yield connection
            return
        with as_it_was(connection, as_of, views_of=warehouse.views, asked=name):
            yield connection


def catalog(connection: Connection) -> dict[tuple[str, str], tuple[TableColumn, ...]]:
    """Every table and view that people are shown, by schema and name, with its columns in order."""
    found = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal "
        "and database_name = current_database() "
        "and (schema_name = 'tieout' or starts_with(schema_name, 'raw_') or list_contains(?, schema_name)) "
        "order by schema_name, table_name, column_index",
        [list(MODELS)],
    ).fetchall()
    tables: dict[tuple[str, str], tuple[TableColumn, ...]] = {}
    for schema, name, column, kind in found:
        tables[schema, name] = (*tables.get((schema, name), ()), TableColumn(name=column, type=kind))
    return tables


def _conditions(
    columns: Sequence[TableColumn], filters: Mapping[str, str], source_ids: Sequence[str] | None
) -> tuple[str, list[Any]]:
    conditions, values = ["true"], list[Any]()
    owner = next((column.name for column in columns if column.name in OWNERS), None)
    if source_ids is not None and owner:
        conditions.append(f"list_contains(?::varchar[], t.{owner})")
        values.append(list(source_ids))
    kinds = {column.name: column.type for column in columns}
    for name, wanted in filters.items():
        condition, value = _filter(name, kinds[name], wanted.strip())
        conditions.append(condition)
        values.append(value)
    return " and ".join(conditions), values


def _filter(name: str, kind: str, wanted: str) -> tuple[str, str]:
    """A text that does not fit the column's type finds nothing; it is no error."""
    for sign in _COMPARISONS:
        if wanted.startswith(sign) and kind != "JSON":
            return f"t.{quoted(name)} {sign} try_cast(? as {kind})", wanted[len(sign) :].strip()
    return f"contains(lower(t.{quoted(name)}::varchar), lower(?))", wanted


def _order(
    connection: Connection, of: tuple[str, str], columns: Sequence[TableColumn], sort: str | None, descending: bool
) -> str:
    """Rows that are equal in the chosen column come as they are stored; a view has no such order, so by all columns."""
    is_stored = connection.execute(
        "select 1 from duckdb_tables() where database_name = current_database() and schema_name = ? and table_name = ?",
        list(of),
    ).fetchone()
    last = "rowid" if is_stored else "all"
    if sort is None:
        return f"order by {last}"
    if sort not in {column.name for column in columns}:
        raise KeyError(sort)
    return f"order by t.{quoted(sort)} {'desc' if descending else 'asc'} nulls last{', rowid' if is_stored else ''}"


def _listed(columns: Sequence[TableColumn]) -> str:
    return ", ".join(f"t.{quoted(column.name)}" for column in columns)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, for a cell of a CSV file."""
    return f"'{text}" if re.match(FORMULA, text) else text


def harmless_columns(columns: Sequence[TableColumn]) -> str:
    """The columns, with texts that no spreadsheet takes for formulas: what others wrote may hold `=cmd()`."""
    return ", ".join(
        f"if(regexp_matches(t.{name}, '{FORMULA}'), chr(39) || t.{name}, t.{name}) as {name}"
        if column.type == "VARCHAR"
        else f"t.{name}"
        for column in columns
        for name in (quoted(column.name),)
    )


def _count(connection: Connection, schema: str, name: str, where: str, values: Sequence[Any]) -> int:
    sql = f"select count(*) from {quoted(schema)}.{quoted(name)} t where {where}"
    found = connection.execute(sql, list(values)).fetchone()
    return int(found[0]) if found else 0
