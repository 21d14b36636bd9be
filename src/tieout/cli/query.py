"""`tieout query`: SQL over what was synced. Reads the warehouse file, or beside a running server the published copy."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from tieout.cli import backend, home
from tieout.cli.exit_codes import ExitCode
from tieout.cli.terminal import plain
from tieout.config import Settings


def add_arguments(commands: Any) -> None:
    """`query SQL [--format table|json|csv] [--workspace NAME]`."""
    command = commands.add_parser("query", help="ask the warehouse in SQL")
    command.add_argument("sql")
    command.add_argument("--format", choices=("table", "json", "csv"), default="table")
    command.add_argument(
        "--as-of", metavar="SYNC", help="the number of a sync, or the name of a stamp: all as it was then"
    )
    home.add_workspace_argument(command)
    command.set_defaults(run=run, is_for_servers=True)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the rows of one statement. Raises Failure for SQL that does not run."""
    with backend.opened(settings, arguments.workspace) as here:
        names, rows = here.query(arguments.sql, as_of=arguments.as_of)
    WRITERS[arguments.format](names, rows)
    return ExitCode.PROVED


def _write_json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    records = [dict(zip(names, row, strict=True)) for row in rows]
    sys.stdout.write(orjson.dumps(records).decode() + "\n")


def _write_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def _write_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    table = Table()
    for name in names:
        table.add_column(plain(name))
    for row in rows:
        table.add_row(*(plain("" if value is None else str(value)) for value in row))
    Console().print(table)


WRITERS = {"json": _write_json, "csv": _write_csv, "table": _write_table}
