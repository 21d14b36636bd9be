"""The process that answers one question: an order on stdin, an answer as Parquet, what came of it as JSON on stdout.

Run as a file of its own with an empty environment: it imports nothing of ours, and can read nothing but the links that
it is given. Started by `ask.py`, which ends it when it takes too long or nobody waits any more.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any

import duckdb

ADDRESS_SPACE = 4 * 1024**3  # what DuckDB's own limit does not count stops here
EXACT = {"HUGEINT": "::decimal(38, 0)", "UHUGEINT": "::decimal(38, 0)"}  # which Parquet would keep as floating numbers
LONGEST = 2_000


def main() -> None:
    """Answer, and say how it went."""
    order = json.load(sys.stdin)
    _limit(order)
    try:
        told = _answer(order)
    except _RefusedError as error:
        told = error.told
    except duckdb.Error as error:
        told = _told(error)
    except MemoryError:
        told = {"error": "OutOfMemoryException", "text": ""}
    sys.stdout.write(json.dumps(told))


class _RefusedError(Exception):
    """What the database says of the person's own text; `told` as `main` gives it on, with the place in that text."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__()
        self.told = told


def _told(error: duckdb.Error) -> dict[str, Any]:
    """An error's kind and words, and the byte of the statement where it stands, if it does."""
    told: dict[str, Any] = {"error": type(error).__name__, "text": str(error)[:LONGEST]}
    try:
        facts = json.loads(str(error).partition(": ")[2])
        told["text"] = str(facts["exception_message"])[:LONGEST]
        told["at"] = int(facts["position"])
    except (ValueError, KeyError, TypeError):
        pass  # not every error has a place, and some are plain words
    return told


def _run(connection: duckdb.DuckDBPyConnection, before: str, sql: str, after: str = "") -> duckdb.DuckDBPyConnection:
    """Run the person's text within ours; an error's place is told within the person's."""
    try:
        return connection.execute(f"{before}{sql}{after}")
    except duckdb.Error as error:
        told = _told(error)
        at = told.pop("at", -1) - len(before.encode())
        raise _RefusedError(told | ({"at": at} if 0 <= at <= len(sql.encode()) else {})) from error


def _limit(order: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    seconds = int(order["seconds"]) * int(order["threads"]) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (order["bytes"], order["bytes"]))


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    folder = Path(order["folder"])
    with _connected(folder, order) as connection:
        statements = connection.extract_statements(order["sql"])
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return {"error": "NotOneSelect", "text": ""}
        sql = order["sql"]
        described = _run(connection, "describe ", sql).fetchall()
        columns = ", ".join(
            f"c{at}{EXACT.get(kind, '')} as {name}" for at, (name, kind) in enumerate(_unique(described))
        )
        names = ", ".join(f"c{at}" for at in range(len(described)))
        target = str(folder / "answer.parquet").replace("'", "''")
        found = _run(
            connection,
            f"copy (select {columns} from (",
            sql,
            f"\n) as asked ({names}) limit {int(order['rows'])}) to '{target}' (format parquet, compression zstd)",
        ).fetchone()
    return {"rows": found[0] if found else 0}


def _unique(described: Sequence[tuple[Any, ...]]) -> Iterator[tuple[str, str]]:
    """Names, quoted, and types. The second column of a name gets a number: a file has no two of one name."""
    seen = set[str]()
    for name, kind, *_ in described:
        free = next(
            one for one in chain([name], (f"{name}_{number}" for number in count(2))) if one.lower() not in seen
        )
        seen.add(free.lower())
        yield '"' + free.replace('"', '""') + '"', kind


def _connected(folder: Path, order: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """The published views over the links alone; then every door is shut."""
    connection = duckdb.connect(
        str(folder / "published.duckdb"),
        read_only=True,
        config={
            "memory_limit": order["memory"],
            "threads": order["threads"],
            "temp_directory": str(folder / "spilled"),
            "max_temp_directory_size": order["memory"],
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    for known, empty in order["empty"]:
        connection.execute(
            f"copy (select * from read_parquet('{_text(known)}') limit 0) to '{_text(empty)}' (format parquet)"
        )
    connection.execute(f"set variable tieout_folder = '{_text(str(folder))}'")
    connection.execute("set global timezone = 'UTC'")
    connection.execute("set errors_as_json = true")  # with the place
    connection.execute(f"set allowed_directories = ['{_text(str(folder))}/']")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _text(value: str) -> str:
    return value.replace("'", "''")


if __name__ == "__main__":
    main()
