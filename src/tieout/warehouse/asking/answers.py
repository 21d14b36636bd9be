"""Answers that are kept for a while as Parquet: their first rows, and the whole as CSV or row by row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.warehouse.browse import TableColumn, harmless_columns
from tieout.warehouse.sql import literal

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse

PREFIX = "answer-"
KEPT_SECONDS = 3600


def columns_of(warehouse: DuckDBWarehouse, path: Path) -> tuple[TableColumn, ...]:
    """Its columns in order, with the database's types."""
    with warehouse.connection() as connection:
        found = connection.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()
    return tuple(TableColumn(name=name, type=kind) for name, kind, *_ in found)


def rows(
    warehouse: DuckDBWarehouse, path: Path, *, most: int | None = None, after: int = 0
) -> Iterator[tuple[Any, ...]]:
    """Its rows in order as Python's own values: all that come after so many, or the first `most` of them."""
    limit = "" if most is None else f" limit {int(most)} offset {int(after)}"
    with warehouse.connection() as connection:
        answer = connection.execute(f"select * from read_parquet(?){limit}", [str(path)])
        while some := answer.fetchmany(5_000):
            yield from some


def as_csv(warehouse: DuckDBWarehouse, path: Path) -> Path:
    """A new file beside it, which the caller deletes. Texts that a spreadsheet would work out get an apostrophe in front."""
    listed, target = harmless_columns(columns_of(warehouse, path)), path.with_suffix(".csv")
    with warehouse.connection() as connection:
        connection.execute(
            f"copy (select {listed} from read_parquet({literal(path)}) t) to {literal(target)} (format csv, header)"
        )
    return target


def forget_old(folder: Path) -> None:
    """Drop answers of more than an hour ago."""
    before = time.time() - KEPT_SECONDS
    for path in folder.glob(f"{PREFIX}*") if folder.exists() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
