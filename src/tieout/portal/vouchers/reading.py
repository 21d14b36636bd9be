"""Asking a data source's models: rows as small dictionaries, and whether there is anything to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.warehouse.duckdb.file import Connection

Row: TypeAlias = dict[str, Any]
Ask: TypeAlias = Callable[..., list[Row]]


@contextmanager
def asking(source: Source) -> Iterator[Ask | None]:
    """A function `ask(sql, *values)`, one connection for all it is asked; None before there are models. Raises BusyError."""
    if not warehouses.exists(source.workspace):
        yield None
        return
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        ask = asker(connection)
        has_models = ask(
            "select 1 from duckdb_views() where schema_name = 'core' and view_name = 'postings' "
            "and database_name = current_database()"
        )
        yield ask if has_models else None


def asker(connection: Connection) -> Ask:
    """A function that asks a connection and gives rows by their columns' names."""

    def ask(sql: str, *values: Any) -> list[Row]:
        answer = connection.execute(sql, list(values))
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return ask
