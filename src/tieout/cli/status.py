"""`tieout status`: how everything stands, for people and for monitors. It may be asked beside a running server."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import orjson

from tieout.cli import backend
from tieout.cli.exit_codes import ExitCode
from tieout.config import Settings


def add_arguments(commands: Any) -> None:
    """The command and its option."""
    status = commands.add_parser("status", help="how everything stands; may be asked beside a running server")
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=run_status, is_for_servers=True)


def run_status(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print it. Exit code 0 whatever it says: that it could be told. Raises Failure where there is no installation."""
    with backend.opened(settings, None) as here:
        told = here.status()
    if arguments.json:
        sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    else:
        sys.stdout.write("\n".join(_lines(told)) + "\n")
    return ExitCode.PROVED


def _lines(told: dict[str, Any]) -> list[str]:
    incidents = [
        f"{one['gravity'].upper()}  {one['kind'].replace('_', ' ')}  {one['about'] or ''}  since {one['since']}"
        for one in told["incidents_open"]
    ]
    return [*_head(told), "", *(incidents or ["No incidents."]), "", *_table(told["sources"])]


def _head(told: dict[str, Any]) -> list[str]:
    if "serving_pid" not in told:  # a server elsewhere tells of its data sources, not of its machine
        return [f"Tieout {told['version']}"]
    pid = told["serving_pid"]
    return [
        f"Tieout {told['version']}, {f'served by process {pid}' if pid else 'not served now'}",
        f"Disk: {told['disk_percent']} % used. E-mail: {'set up' if told['is_mail_set'] else 'not set up'}.",
        f"Syncs: {told['running']} running, {told['queued']} waiting. Messages waiting: {told['messages_waiting']}.",
    ]


def _table(sources: list[dict[str, Any]]) -> list[str]:
    columns = ("name", "organisation_number", "health", "verdict", "last_complete_at")
    rows = [columns, *(tuple(str(one[column] or "-") for column in columns) for one in sources)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
