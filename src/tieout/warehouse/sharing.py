"""The models as plain Parquet files in a folder that others reach: for Power BI and all who have no DuckDB.

FOLDER/WORKSPACE/
    manifest.json                        what there is, written last: which copy to read, its sync and its verdict
    copies/000007/<schema>/<table>.parquet   each copy is whole before the manifest names it; the one before stays
"""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from tieout.warehouse.browse import MODELS
from tieout.warehouse.sql import literal, quoted

KEPT = 2
MANIFEST = "manifest.json"
_COPIES, _UNFINISHED = "copies", ".new"
_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What a manifest says."""

    sync: int  # the newest one that is in it
    made_at: datetime
    verdict: str | None
    folder: Path


def share(published: Path, to: Path, *, memory: str = "512MB") -> Shared:
    """Copy the models of a workspace's published copy, then name the new copy. Raises OSError, duckdb.Error.

    `published` is the workspace's folder of published copies, `to` its folder among those that others reach.
    """
    with _lock:
        copies = to / _COPIES
        copies.mkdir(parents=True, exist_ok=True)
        fresh = copies / _UNFINISHED
        shutil.rmtree(fresh, ignore_errors=True)  # of a run that was cut off
        fresh.mkdir()
        try:
            told = _written((published / "current").resolve(strict=True), fresh, memory)
            number = max((int(path.name) for path in copies.glob("[0-9]*")), default=0) + 1
            target = fresh.rename(copies / f"{number:06d}")
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _name(to, {"folder": f"{_COPIES}/{target.name}", **told})
        _prune(copies)
        shared = read(to)
        assert shared is not None
        return shared


def withdraw(to: Path) -> None:
    """Take all copies of a workspace away, first of all what names them. Raises OSError."""
    with _lock:
        (to / MANIFEST).unlink(missing_ok=True)
        if to.exists():
            shutil.rmtree(to)


def read(to: Path) -> Shared | None:
    """What the manifest says; None where there is none."""
    try:
        told = json.loads((to / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Shared(
        sync=told["sync"],
        made_at=datetime.fromisoformat(told["made_at"]),
        verdict=told["verdict"],
        folder=to / told["folder"],
    )


def _written(copy: Path, to: Path, memory: str) -> dict[str, Any]:
    """All models as files. The published copy never changes, so they are of one moment."""
    with _reading(copy, to, memory) as connection:
        tables = {}
        for schema, table, columns in _models(connection):
            path = to / schema / f"{table}.parquet"
            path.parent.mkdir(exist_ok=True)
            rows = _write(connection, schema, table, columns, path)
            tables[f"{schema}/{table}"] = {"rows": rows, "bytes": path.stat().st_size}
        return {**_about(connection, has_models=bool(tables)), "tables": tables}


@contextmanager
def _reading(copy: Path, to: Path, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "temp_directory": str(to / "spilled"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(str(copy / "published.duckdb"), read_only=True, config=config) as connection:
        connection.execute("set global timezone = 'UTC'")
        yield connection
    shutil.rmtree(to / "spilled", ignore_errors=True)


def _models(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Schema, name, and columns with their types."""
    return connection.execute(
        "select schema_name, table_name, list((column_name, data_type) order by column_index) from duckdb_columns() "
        "where list_contains($1, schema_name) group by all order by all",
        [list(MODELS)],
    ).fetchall()


def _write(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, columns: list[tuple[str, str]], to: Path
) -> int:
    """One model as a file; how many rows. Snappy, and JSON as text, since all readers of Parquet know those."""
    listed = ", ".join(
        f"{quoted(name)}::varchar as {quoted(name)}" if kind == "JSON" else quoted(name) for name, kind in columns
    )
    answer = connection.execute(
        f"copy (select {listed} from {quoted(schema)}.{quoted(table)}) to {literal(to)} (format parquet, compression snappy)"
    ).fetchone()
    return int(answer[0]) if answer else 0


def _about(connection: duckdb.DuckDBPyConnection, *, has_models: bool) -> dict[str, Any]:
    """Whose books they are, as of when and with what verdict."""
    told = _rows(connection, "select coalesce(max(id), 0) as sync from tieout.syncs where finished_at is not null")[0]
    told |= {"made_at": datetime.now(UTC).isoformat(), "verdict": None, "companies": []}
    if has_models:
        told |= _rows(connection, "select verdict from core.group_status")[0]
        told["companies"] = _rows(
            connection,
            "select company_id, company, organisation_number, as_of, verdict, proved_at from core.companies order by company",
        )
    return told


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description]
    values = ([v.isoformat() if isinstance(v, datetime) else v for v in row] for row in answer.fetchall())
    return [dict(zip(names, row, strict=True)) for row in values]


def _name(to: Path, told: dict[str, Any]) -> None:
    """The one step by which readers go over to the new copy."""
    fresh = to / f".{MANIFEST}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(to / MANIFEST)


def _prune(copies: Path) -> None:
    for old in sorted(copies.glob("[0-9]*"))[:-KEPT]:
        shutil.rmtree(old)
