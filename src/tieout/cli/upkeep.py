"""`tieout backup`, `restore`, `warehouse rebuild`: what keeps an installation alive. Beside a running server, by it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure, worst
from tieout.cli.source import CODES
from tieout.config import Settings
from tieout.portal.home import HomeHeldError, hold_home, prepare
from tieout.portal.upkeep import control
from tieout.portal.upkeep.errors import UpkeepError
from tieout.sync.events import Cause


def add_arguments(commands: Any) -> None:
    """The commands and their options."""
    backup = commands.add_parser("backup", help="copy every store of one moment, while syncs run")
    backup.add_argument("folder", type=Path, metavar="DIR", help="a folder that is not there yet")
    backup.add_argument("--json", action="store_true", help="the manifest on stdout")
    backup.set_defaults(run=run_backup)

    restore = commands.add_parser("restore", help="put a backup into an empty TIEOUT_HOME")
    restore.add_argument("folder", type=Path, metavar="DIR")
    restore.set_defaults(run=run_restore)

    warehouse = commands.add_parser("warehouse", help="the stored books themselves").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    rebuild = warehouse.add_parser("rebuild", help="read everything anew into a store beside the old one, then swap")
    which = rebuild.add_mutually_exclusive_group(required=True)
    which.add_argument("source", nargs="?", metavar="SOURCE", help="id, organisation number or exact name")
    which.add_argument("--all", action="store_true")
    rebuild.add_argument("--json", action="store_true", help="one event a line on stdout")
    home.add_workspace_argument(rebuild)
    rebuild.set_defaults(run=run_rebuild)


def run_backup(arguments: argparse.Namespace, settings: Settings) -> int:
    """Back up, or have the running server do it. Raises Failure; then nothing half is left."""
    (made,) = done(settings, "backup", target=str(arguments.folder.absolute()))
    if arguments.json:
        sys.stdout.write(orjson.dumps(made).decode() + "\n")
    size = sum(file["bytes"] for file in made["files"])
    sys.stderr.write(
        f"{arguments.folder}: {len(made['files'])} files, {size / 1_000_000:,.1f} MB, as of {made['made_at']}.\n"
        f"Not in it: {', '.join(made['left_out'])}. Keep {settings.secret_key_file.name} and settings.toml elsewhere:"
        f" without the key with the fingerprint {list(made['keys'].values())[-1]} its secrets can't be read.\n"
    )
    return ExitCode.PROVED


def run_restore(arguments: argparse.Namespace, settings: Settings) -> int:
    """Restore, and make what a backup does not hold anew. Raises Failure; then nothing is there."""
    from tieout.portal.upkeep.restore import publish_all, restore

    with home.told_plainly(), hold_home(settings), told_plainly():
        made = restore(settings, arguments.folder)
        prepare(settings)
        from tieout.portal.upkeep.logged import log_everywhere  # models can be imported only now

        published = publish_all()
        log_everywhere("backup_restored", folder=arguments.folder.name, made_at=made.made_at)
    sys.stderr.write(
        f"{settings.home} is as it was at {made.made_at}; {published} companies are published again.\n"
        "The first installation must not run on: start this one with `tieout serve`, or sync with"
        " `tieout source sync --all`.\n"
    )
    return ExitCode.PROVED


def run_rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    """Rebuild one company or all, or have the running server do it. Raises Failure."""
    codes: dict[str, ExitCode] = {}
    for told in done(settings, "rebuild", workspace=arguments.workspace, source=arguments.source):
        if arguments.json:
            sys.stdout.write(orjson.dumps(told).decode() + "\n")
            sys.stdout.flush()
        elif line := _in_words(told):
            sys.stderr.write(line + "\n")
        if told["event"] in ("sync_finished", "tie_out"):
            codes[told["source"]] = _code(told)
    return worst(codes.values())


def _code(told: dict[str, Any]) -> ExitCode:
    if told["cause"]:
        return CODES[Cause(told["cause"])]
    if told["event"] == "sync_finished":
        return ExitCode.PROVED if told["outcome"] == "succeeded" else ExitCode.TRY_LATER
    return {"proved": ExitCode.PROVED, "not_proved": ExitCode.NOT_PROVED}.get(told["verdict"], ExitCode.TRY_LATER)


def _in_words(told: dict[str, Any]) -> str:
    match told["event"]:
        case "set_aside":
            return f"The damaged file lies in {told['file']} now; every company is read anew."
        case "stream_finished":
            return f"{told['name']}: {told['stream']}, {told['rows']:,} rows"
        case "sync_finished" if told["outcome"] == "succeeded":
            return f"{told['name']}: {told['rows']:,} rows read anew are in place of the old ones"
        case "sync_finished":
            return f"{told['name']}: {told['outcome']}; what was stored stays, and the next rebuild goes on from here"
        case "tie_out":
            return f"{told['name']}: {told['verdict'].replace('_', ' ')}"
    return ""


def done(settings: Settings, act: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    """Do something here, or have the server do it that holds TIEOUT_HOME; what is told meanwhile. Raises Failure."""
    try:
        with hold_home(settings), told_plainly():
            prepare(settings)
            from tieout.portal.upkeep.acts import ACTS

            yield from ACTS[act](**arguments)
    except HomeHeldError as error:
        try:
            with told_plainly():
                yield from control.ask(settings.home, act, **arguments)
        except control.NobodyThereError:
            raise Failure(str(error), ExitCode.TRY_LATER) from error


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what stops an operator's work into a sentence and an exit code."""
    try:
        yield
    except UpkeepError as error:
        raise Failure(str(error), ExitCode.TRY_LATER if error.is_temporary else ExitCode.WRONG_USE) from error
