"""`tieout status`: how everything stands, for people and for monitors. It may be asked beside a running server."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

import orjson

from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings
from tieout.portal.bootstrap import start_django
from tieout.portal.home import HomeHeldError, hold_home, prepare


def add_arguments(commands: Any) -> None:
    """The command and its option."""
    status = commands.add_parser("status", help="how everything stands; may be asked beside a running server")
    status.add_argument("--json", action="store_true")
    status.set_defaults(run=run_status)


def run_status(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print it. Exit code 0 whatever it says: that it could be told. Raises Failure where there is no installation."""
    if not (settings.home / "app.db").exists():
        raise Failure(f"there is no installation in {settings.home}; nothing was made.", ExitCode.WRONG_USE)
    told = _told(settings)
    if arguments.json:
        sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
    else:
        sys.stdout.write("\n".join(_lines(told)) + "\n")
    return ExitCode.PROVED


def _told(settings: Settings) -> dict[str, Any]:
    try:
        with hold_home(settings):
            prepare(settings)
            return _status(None)
    except HomeHeldError as error:
        start_django(settings)  # app.db may be read beside its owner
        return _status(error.pid)


def _status(pid: int | None) -> dict[str, Any]:
    from tieout.portal.health.status import status

    return status(now=datetime.now(UTC), pid=pid)


def _lines(told: dict[str, Any]) -> list[str]:
    pid = told["serving_pid"]
    head = [
        f"Tieout {told['version']}, {f'served by process {pid}' if pid else 'not served now'}",
        f"Disk: {told['disk_percent']} % used. E-mail: {'set up' if told['is_mail_set'] else 'not set up'}.",
        f"Syncs: {told['running']} running, {told['queued']} waiting. Messages waiting: {told['messages_waiting']}.",
    ]
    incidents = [
        f"{one['gravity'].upper()}  {one['kind'].replace('_', ' ')}  {one['about'] or ''}  since {one['since']}"
        for one in told["incidents_open"]
    ]
    return [*head, "", *(incidents or ["No incidents."]), "", *_table(told["sources"])]


def _table(sources: list[dict[str, Any]]) -> list[str]:
    columns = ("name", "organisation_number", "health", "verdict", "last_complete_at")
    rows = [columns, *(tuple(str(one[column] or "-") for column in columns) for one in sources)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
