"""`serve`, `user add`, `keys rotate`: what the operator of an installation does."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from tieout.cli import home
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings

ROLES = ("owner", "administrator", "reader")


def add_arguments(commands: Any) -> None:
    """The three commands and their options."""
    serve = commands.add_parser("serve", help="start the portal and its jobs")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)

    user = commands.add_parser("user", help="people who may sign in").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    add = user.add_parser("add", help="add a person to a workspace")
    add.add_argument("email")
    add.add_argument("--name", default="")
    add.add_argument("--role", choices=ROLES, default="reader")
    add.add_argument(
        "--password-file", type=Path, help="a file whose first line is the password; asked for if not given"
    )
    home.add_workspace_argument(add)
    add.set_defaults(run=run_user_add)

    reset = user.add_parser("reset-factor", help="take away a second factor that was lost; the password stays")
    reset.add_argument("email")
    reset.set_defaults(run=run_user_reset_factor)

    keys = commands.add_parser("keys", help="the key that secrets are encrypted with").add_subparsers(
        dest="act", required=True, metavar="ACT"
    )
    rotate = keys.add_parser("rotate", help="make a new key and encrypt every secret with it")
    rotate.set_defaults(run=run_keys_rotate)


def run_serve(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    from tieout.portal.serve import serve

    with home.told_plainly():
        return serve(settings, host=arguments.host, port=arguments.port)


def run_user_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add a person, or give an existing one a role in one more workspace. Raises Failure."""
    with home.portal(settings):
        from tieout.portal.people import actions

        workspace = home.workspace(arguments.workspace)
        try:
            actions.add_person(
                workspace,
                email=arguments.email,
                name=arguments.name,
                role=arguments.role,
                password=_password(arguments),
            )
        except ValueError as error:
            raise Failure(str(error), ExitCode.WRONG_USE) from error
    sys.stderr.write(f"{arguments.email} is {arguments.role} of {workspace.name}.\n")
    return ExitCode.PROVED


def run_user_reset_factor(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take away somebody's second factors, passkeys and recovery codes. Raises Failure for who is not there."""
    with home.portal(settings):
        from tieout.portal.people.actions import account_of
        from tieout.portal.people.resetting import reset_by_operator

        person = account_of(arguments.email)
        if person is None:
            raise Failure(f"Nobody signs in as {arguments.email}. Nothing was changed.", ExitCode.WRONG_USE)
        reset_by_operator(person)
    sys.stderr.write(f"{arguments.email} signs in by password alone now, and is signed out everywhere.\n")
    return ExitCode.PROVED


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_file:
        return str(arguments.password_file.read_text(encoding="utf-8").splitlines()[0])
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def run_keys_rotate(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Encrypt every stored secret with a new key."""
    with home.portal(settings):
        from tieout.portal import encryption

        count = encryption.rotate(settings)
    sys.stderr.write(f"{count} secrets are encrypted with a new key now; older keys are kept for backups only.\n")
    return ExitCode.PROVED
