"""Reading for people: which tables there are, fifty rows of one with sort and filter, a table as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tieout.warehouse.duckdb import DuckDBWarehouse

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    name: str
    type: str  # as the database names it: VARCHAR, DECIMAL(18,4), DATE, TIMESTAMP WITH TIME ZONE, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`schema.name` as one would write it in SQL. `rows` is exact."""

    schema: str
    name: str
    rows: int
    columns: tuple[TableColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """One page of a table. Values are Python's own: Decimal, date, aware datetime (UTC), str, int, bool, None."""

    columns: tuple[TableColumn, ...]
    rows: list[tuple[Any, ...]]
    page: int  # from 1
    pages: int
    total: int  # rows that pass the filters


def tables(warehouse: DuckDBWarehouse) -> list[Table]:
    """Every table in schemas raw_* and tieout, by schema and name."""
    raise NotImplementedError


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
) -> Rows:
    """A page of a table. A filter is a text that the column's own text contains, or `=x`, `>x`, `<x`, `>=x`, `<=x`.

    Unknown tables and columns raise KeyError. Values are always parameters, names always checked against the catalog.
    """
    raise NotImplementedError


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
) -> Path:
    """Write what `rows` would show, all pages, as "csv" or "parquet" to a new file; the caller deletes it."""
    raise NotImplementedError
