"""Reading for programs: which models there are, and one answer kept as a file, so that its pages stay the same.

Values reach SQL as parameters only; names are checked against the catalog by who builds the question.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.warehouse.browse import MODELS, OWNERS, TableColumn, catalog, harmless_columns, reading
from tieout.warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection, DuckDBWarehouse

STATUS = ("tieout", "data_status")
KEPT_SECONDS = 3_600  # how long a walk over pages may take
PREFIX = "feed-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question about one model: SQL parts with their parameters. `columns` are names, in the order to give them."""

    schema: str
    name: str
    columns: tuple[TableColumn, ...]
    where: str = "true"
    order: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)  # of `where`, by name: $companies, $p0, ...
    order_values: Mapping[str, Any] = field(default_factory=dict)
    top: int | None = None
    skip: int = 0
    as_of: int | None = None  # all as it was when this sync had ended; None: as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer that lies in a file. `total` counts rows before top and skip."""

    path: Path
    rows: int
    total: int


def owner_of(columns: Sequence[TableColumn]) -> str | None:
    """The column that tells whose row it is; None for lists that belong to nobody, and for sums over companies."""
    return next((column.name for column in columns if column.name in OWNERS), None)


def models(warehouse: DuckDBWarehouse) -> dict[tuple[str, str], tuple[TableColumn, ...]]:
    """Every view of core and marts, and the status of the data, by schema and name."""
    with warehouse.connection() as connection:
        return {key: columns for key, columns in catalog(connection).items() if key[0] in MODELS or key == STATUS}


def keep(warehouse: DuckDBWarehouse, asked: Asked, *, whose: str, count: bool) -> Kept:
    """Work an answer out once and keep it as a file of `whose` (letters and digits).

    Raises duckdb.Error for what does not fit the columns' types.
    """
    _forget_old(warehouse.exports)
    path = path_of(warehouse, uuid.uuid4(), whose=whose)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _reading(warehouse, asked) as connection:
        rows = _copy(connection, _select(asked), asked, path, "format parquet, compression zstd, row_group_size 20480")
        total = rows
        if count and (asked.top is not None or asked.skip):
            total = _one(connection, f"select count(*) from {_from(asked)}", asked.values)
    return Kept(path=path, rows=rows, total=total)


def count(warehouse: DuckDBWarehouse, asked: Asked) -> int:
    """How many rows pass the filter."""
    with _reading(warehouse, asked) as connection:
        return _one(connection, f"select count(*) from {_from(asked)}", asked.values)


def export(warehouse: DuckDBWarehouse, asked: Asked, kind: str) -> Path:
    """The whole answer as a new "csv" or "parquet" file, which the caller deletes.

    In a CSV a text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    _forget_old(warehouse.exports)
    path = _file(warehouse, kind)
    options = {"csv": "format csv, header", "parquet": "format parquet, compression zstd"}[kind]
    with _reading(warehouse, asked) as connection:
        _copy(connection, _select(asked, harmless=kind == "csv"), asked, path, options)
    return path


def rows(warehouse: DuckDBWarehouse, asked: Asked, *, at_once: int = 5_000) -> Iterator[tuple[Any, ...]]:
    """All rows as Python's own values."""
    with _reading(warehouse, asked) as connection:
        answer = connection.execute(_select(asked), {**asked.values, **asked.order_values})
        while some := answer.fetchmany(at_once):
            yield from some


def page(warehouse: DuckDBWarehouse, path: Path, values: Mapping[str, str], *, first: int, rows: int) -> list[str]:
    """Rows of a kept answer as JSON objects: `values` gives SQL by column name. Raises FileNotFoundError when it has gone."""
    if not path.exists():
        raise FileNotFoundError(path.name)
    pairs = ", ".join(f"{literal(name)}, {sql}" for name, sql in values.items())
    with warehouse.connection() as connection:
        return [
            row[0]
            for row in connection.execute(
                f"select json_object({pairs})::varchar from read_parquet(?, file_row_number = true) "
                f"where file_row_number >= ? and file_row_number < ? order by file_row_number",
                [str(path), first, first + rows],
            ).fetchall()
        ]


def has_ended(warehouse: DuckDBWarehouse, sync: int, *, companies: Sequence[str] | None) -> bool:
    """Whether there is a sync of that number, of one of these companies, that has ended."""
    with warehouse.connection() as connection:
        found = connection.execute(
            "select 1 from tieout.syncs where id = $sync and finished_at is not null "
            "and ($companies::varchar[] is null or list_contains($companies::varchar[], source_id))",
            {"sync": sync, "companies": None if companies is None else list(companies)},
        ).fetchone()
    return found is not None


def _reading(warehouse: DuckDBWarehouse, asked: Asked) -> AbstractContextManager[Connection]:
    return reading(warehouse, f"{asked.schema}.{asked.name}", asked.as_of)


def path_of(warehouse: DuckDBWarehouse, name: uuid.UUID, *, whose: str) -> Path:
    """Where the answer of that name lies, if it still does and is theirs."""
    return warehouse.exports / f"{PREFIX}{whose}-{name}.parquet"


def _select(asked: Asked, *, harmless: bool = False) -> str:
    plain = ", ".join(f"t.{quoted(column.name)}" for column in asked.columns)
    listed = harmless_columns(asked.columns) if harmless else plain
    limit = f" limit {int(asked.top)}" if asked.top is not None else ""
    offset = f" offset {int(asked.skip)}" if asked.skip else ""
    return f"select {listed} from {_from(asked)} {asked.order}{limit}{offset}"


def _from(asked: Asked) -> str:
    return f"{quoted(asked.schema)}.{quoted(asked.name)} t where {asked.where}"


def _copy(connection: Connection, sql: str, asked: Asked, path: Path, options: str) -> int:
    try:
        values = {**asked.values, **asked.order_values}
        found = connection.execute(f"copy ({sql}) to {literal(path)} ({options})", values).fetchone()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return int(found[0]) if found else 0


def _one(connection: Connection, sql: str, values: Mapping[str, Any]) -> int:
    found = connection.execute(sql, dict(values)).fetchone()
    return int(found[0]) if found else 0


def _file(warehouse: DuckDBWarehouse, kind: str) -> Path:
    warehouse.exports.mkdir(parents=True, exist_ok=True)
    return warehouse.exports / f"{PREFIX}{uuid.uuid4()}.{kind}"


def _forget_old(folder: Path) -> None:
    """Drop answers whose walk must be over."""
    before = time.time() - KEPT_SECONDS
    for path in folder.glob(f"{PREFIX}*") if folder.exists() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
