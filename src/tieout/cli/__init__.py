"""The command line. Its words, exit codes and JSON shapes are fixed in docs/reference/scripting.md."""

from __future__ import annotations

import argparse
import signal
import sys
import traceback
from collections.abc import Sequence

from tieout import __version__, config
from tieout.cli import certificate, demo, first_contact, installation, query, saft, source, status, upkeep
from tieout.cli.exit_codes import ExitCode, Failure, is_disk_full
from tieout.simulator.poweroffice import arguments as simulator
from tieout.warehouse.base import NewerError, StorageError

ENDED_BY_PIPE = 128 + signal.SIGPIPE  # as shells tell of programs that wrote to a closed pipe


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="tieout", description="A company's books in a warehouse, proved to the øre.")
    top.add_argument("--version", action="version", version=f"tieout {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    installation.add_arguments(commands)
    demo.add_arguments(commands)
    simulate = commands.add_parser("simulate", help="start a simulated PowerOffice Go")
    simulator.add_arguments(simulate)
    simulate.set_defaults(run=_simulate, is_for_servers=True)
    source.add_arguments(commands)
    query.add_arguments(commands)
    first_contact.add_arguments(commands)
    saft.add_arguments(commands)
    certificate.add_arguments(commands)
    status.add_arguments(commands)
    upkeep.add_arguments(commands)
    return top


def _simulate(arguments: argparse.Namespace, _settings: config.Settings) -> int:
    from tieout.simulator.poweroffice import serve  # a web server: loaded by the one command that is one

    return serve.run(arguments)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; stdout carries the answer only."""
    arguments = parser().parse_args(argv)
    try:
        settings = config.load()
        if settings.server and not getattr(arguments, "is_for_servers", False):
            raise Failure(
                f"TIEOUT_SERVER is set, so commands go to {settings.server}; `tieout {arguments.command}` acts on this machine"
                " alone. Unset TIEOUT_SERVER for it. Nothing was done.",
                ExitCode.WRONG_USE,
            )
        return int(arguments.run(arguments, settings))
    except Failure as failure:
        sys.stderr.write(f"tieout: {failure}\n")
        return failure.code
    except config.SettingsError as error:
        sys.stderr.write(f"tieout: {error}\n")
        return ExitCode.WRONG_USE
    except NewerError as error:
        sys.stderr.write(f"tieout: {error}\n")
        return ExitCode.WRONG_USE
    except StorageError as error:
        sys.stderr.write(f"tieout: {error}\n")
        return ExitCode.TRY_LATER
    except BrokenPipeError:  # the reader of our output has had enough: no verdict, so no 0
        sys.stderr.close()
        return ENDED_BY_PIPE
    except Exception as error:  # noqa: BLE001 - the code must say that it is our fault, not "Not proved"
        if is_disk_full(error):
            sys.stderr.write("tieout: the disk is full; what was stored before is safe. Make room, then try again.\n")
            return ExitCode.TRY_LATER
        traceback.print_exc()
        sys.stderr.write("tieout: this is a fault of Tieout; what was stored before it is safe.\n")
        return ExitCode.FAULT
    except KeyboardInterrupt:
        sys.stderr.write("tieout: interrupted; the next run goes on from here.\n")
        return ExitCode.TRY_LATER
