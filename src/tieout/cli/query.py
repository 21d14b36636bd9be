"""`tieout query`: SQL over what was synced. Reads the warehouse file, or beside a running server the published copy."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import orjson
from rich.console import Console
from rich.table import Table

from tieout import reports
from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.cli.terminal import plain
from tieout.config import Settings
from tieout.portal.bootstrap import start_django
from tieout.warehouse.snapshot import as_it_was

_TYPES = duckdb.StatementType
ASKING = (_TYPES.SELECT, _TYPES.EXPLAIN, _TYPES.PRAGMA, _TYPES.CALL, _TYPES.MULTI)  # multi: a pivot
EXACT_IN_JSON = 2**53  # integers beyond it lose digits in readers that use doubles


def add_arguments(commands: Any) -> None:
    """`query SQL [--format table|json|csv] [--workspace NAME]`."""
    command = commands.add_parser("query", help="ask the warehouse in SQL")
    command.add_argument("sql")
    command.add_argument("--format", choices=("table", "json", "csv"), default="table")
    command.add_argument(
        "--as-of", metavar="SYNC", help="the number of a sync, or the name of a stamp: all as it was then"
    )
    home.add_workspace_argument(command)
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the rows of one statement. Raises Failure for SQL that does not run."""
    with readable(settings, arguments.workspace) as connection:
        try:
            if any(statement.type not in ASKING for statement in connection.extract_statements(arguments.sql)):
                raise Failure("a query asks; it can't change or write anything.", ExitCode.WRONG_USE)
            with _as_of(connection, arguments, settings):
                answer = connection.execute(arguments.sql)
                names = [column[0] for column in answer.description or ()]
                rows = rows_of(answer)
        except duckdb.Error as error:
            raise Failure(f"the query does not run: {error}", ExitCode.WRONG_USE) from error
    WRITERS[arguments.format](names, rows)
    return ExitCode.PROVED


@contextmanager
def _as_of(connection: duckdb.DuckDBPyConnection, arguments: argparse.Namespace, settings: Settings) -> Iterator[None]:
    """Everything as it was when a sync had ended, where one is asked for. Raises Failure for one that never was."""
    if arguments.as_of is None:
        yield
        return
    sync = _sync_of(arguments.as_of, arguments.workspace, settings)
    if not connection.execute("select 1 from tieout.syncs where id = ? and finished_at is not null", [sync]).fetchone():
        raise Failure(f"there is no sync {sync} that has ended; `tieout.syncs` lists them.", ExitCode.WRONG_USE)
    with as_it_was(connection, sync, views_of=reports.views, asked=arguments.sql):
        yield


def _sync_of(wanted: str, workspace: str | None, settings: Settings) -> int:
    """The sync that a number or a stamp's name means."""
    if wanted.isdigit():
        return int(wanted)
    start_django(settings)  # app.db may be read beside its owner
    from tieout.portal.stamps.models import Stamp

    here = home.workspace(workspace, make=False)
    syncs = sorted(set(Stamp.objects.filter(source__workspace=here, name=wanted).values_list("sync", flat=True)))
    if len(syncs) != 1:
        what = "several stamps are" if syncs else "no stamp is"
        raise Failure(f"{what} called {wanted!r}; give the number of a sync.", ExitCode.WRONG_USE)
    return syncs[0]


@contextmanager
def readable(settings: Settings, workspace: str | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can read one workspace's tables and nothing else of this machine."""
    with home.slug_for_reading(settings, workspace) as (slug, is_ours):
        path = (
            settings.home / "warehouse" / f"{slug}.duckdb"
            if is_ours
            else settings.home / "published" / slug / "published.duckdb"
        )
        if not path.exists():
            raise Failure("nothing has been synced here yet; run `tieout source sync --all` first.", ExitCode.WRONG_USE)
        connection = duckdb.connect(path.resolve(), read_only=True)
        try:
            # A warehouse needs no file but itself; the published copy is views over files of its own workspace.
            _shut_in(connection, [] if is_ours else [path.resolve().parents[1]], settings.duckdb_memory)
            yield connection
        finally:
            connection.close()


def _shut_in(connection: duckdb.DuckDBPyConnection, folders: Sequence[Path], memory: str) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET allowed_directories = ?", [[f"{folder}/" for folder in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def rows_of(answer: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """All rows, as Python values; amounts are Decimal."""
    return answer.fetchall()


def as_text(value: Any) -> Any:
    """A value as JSON may carry it: exact decimals and great integers as strings, times ISO in UTC."""
    match value:
        case None | bool() | str() | float():
            return value
        case Decimal():
            return f"{value:f}"
        case int():
            return value if abs(value) <= EXACT_IN_JSON else str(value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case list() | tuple():
            return [as_text(item) for item in value]
        case dict():
            return {str(key): as_text(item) for key, item in value.items()}
    return str(value)


def _write_json(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    records = [dict(zip(names, map(as_text, row), strict=True)) for row in rows]
    sys.stdout.write(orjson.dumps(records).decode() + "\n")


def _write_csv(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([as_text(value) for value in row] for row in rows)


def _write_table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    table = Table()
    for name in names:
        table.add_column(plain(name))
    for row in rows:
        table.add_row(*(plain("" if value is None else str(as_text(value))) for value in row))
    Console().print(table)


WRITERS = {"json": _write_json, "csv": _write_csv, "table": _write_table}
