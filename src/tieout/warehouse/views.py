"""Views over raw tables: given by who opens a warehouse, made anew when they or the tables they need change.

The warehouse knows neither their words nor their meaning. They are made in the order given, in the file and in every
published copy alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import structlog

from tieout.warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class View:
    """One view, or with `parameters` a function that gives a table. `sql` is one select.

    `description` and what `columns` tells of those it has are kept in the database, for whoever reads it by any tool.
    """

    schema: str
    name: str
    sql: str
    description: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()


ViewsOf: TypeAlias = Callable[[Collection[str]], Sequence[View]]  # names of connectors with raw tables -> views


def no_views(_connectors: Collection[str]) -> Sequence[View]:
    """A warehouse of raw tables alone."""
    return ()


def build(connection: Connection, views_of: ViewsOf) -> bool:
    """Make the views a file should have, unless it has them. Inside a transaction; True if they were made.

    A macro keeps what they were made from, so that opening a file costs one small query.
    """
    views = views_of(_connectors(connection))
    if not views or fingerprint(views) == _told(connection):
        return False
    for schema in _schemas(views):
        connection.execute(f"drop schema if exists {quoted(schema)} cascade")
    make(connection, views)
    connection.execute(f"create or replace macro tieout.views_fingerprint() as '{fingerprint(views)}'")
    return True


def try_build(connection: Connection, views_of: ViewsOf) -> None:
    """Make the views in a transaction of their own. A file that lacks a table or column they need stays as it is.

    That is so between an update of ours and the next sync, which brings the tables up to date and tries again.
    """
    connection.execute("begin")
    try:
        build(connection, views_of)
    except duckdb.Error as error:
        connection.execute("rollback")
        log.warning("views_not_made", error=type(error).__name__)
    else:
        connection.execute("commit")


def make(connection: Connection, views: Sequence[View]) -> None:
    """Make views in the current database; names in them resolve there. Then say what each column holds."""
    for sql in _statements(views):
        connection.execute(sql)
    told = {(view.schema, view.name): view.columns for view in views if not view.parameters}
    found = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = current_database() "
        "and list_contains(?, schema_name)",
        [_schemas(views)],
    ).fetchall()
    for schema, name, column in found:
        text = told.get((schema, name), {}).get(column)
        if text:
            full = f"{quoted(schema)}.{quoted(name)}.{quoted(column)}"
            connection.execute(f"comment on column {full} is {literal(text)}")


def _statements(views: Sequence[View]) -> Iterator[str]:
    for schema in _schemas(views):
        yield f"create schema if not exists {quoted(schema)}"
    for view in views:
        full = f"{quoted(view.schema)}.{quoted(view.name)}"
        if view.parameters:
            yield f"create or replace macro {full}({', '.join(view.parameters)}) as table {view.sql}"
            continue
        yield f"create or replace view {full} as {view.sql}"
        yield f"comment on view {full} is {literal(view.description)}"


def fingerprint(views: Sequence[View]) -> str:
    """Differs when any view does."""
    return hashlib.sha256(repr([*_statements(views), *(view.columns for view in views)]).encode()).hexdigest()


def made_of(connection: Connection, views_of: ViewsOf) -> Sequence[View]:
    """The views that a file has, if it has them as they should be; else none."""
    views = views_of(_connectors(connection))
    return views if views and fingerprint(views) == _told(connection) else ()


def _told(connection: Connection) -> str | None:
    there = connection.execute(
        "select 1 from duckdb_functions() where schema_name = 'tieout' and function_name = 'views_fingerprint' "
        "and database_name = current_database()"
    ).fetchone()
    found = connection.execute("select tieout.views_fingerprint()").fetchone() if there else None
    return str(found[0]) if found else None


def _connectors(connection: Connection) -> list[str]:
    found = connection.execute(
        "select distinct schema_name[5:] from duckdb_tables() where starts_with(schema_name, 'raw_') "
        "and database_name = current_database() order by 1"
    ).fetchall()
    return [name for (name,) in found]


def _schemas(views: Sequence[View]) -> list[str]:
    return list(dict.fromkeys(view.schema for view in views))
