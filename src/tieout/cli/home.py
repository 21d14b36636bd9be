"""What commands share: holding TIEOUT_HOME, the portal's tables, and which workspace is meant."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tieout.cli.exit_codes import ExitCode, Failure, code_of
from tieout.config import Settings
from tieout.connectors.errors import ConnectorError
from tieout.portal.bootstrap import start_django
from tieout.portal.home import HomeHeldError, hold_home, prepare

if TYPE_CHECKING:
    from tieout.portal.workspaces.models import Workspace


def add_workspace_argument(command: argparse.ArgumentParser) -> None:
    """`--workspace NAME`, the same everywhere."""
    command.add_argument("--workspace", metavar="NAME", help="default: the only one")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a person can act on into a sentence and an exit code."""
    try:
        yield
    except HomeHeldError as error:
        raise Failure(str(error), ExitCode.TRY_LATER) from error
    except ConnectorError as error:
        whose = f"{error.company}: " if error.company else ""
        raise Failure(f"{whose}{error}", code_of(error)) from error


@contextmanager
def portal(settings: Settings) -> Iterator[None]:
    """Hold TIEOUT_HOME and have the portal's tables ready. Raises Failure with the holder's pid if another process has it."""
    with told_plainly(), hold_home(settings):
        prepare(settings)
        yield


def workspace(name: str | None, *, make: bool = True) -> Workspace:
    """The workspace of that name; without one the only one, made as "Default" by the first command. Raises Failure."""
    from tieout.portal.workspaces.actions import create_workspace
    from tieout.portal.workspaces.models import Workspace

    every = Workspace.objects.filter(name=name)[:1] if name else Workspace.objects.all()[:2]
    if len(every) > 1:
        raise Failure("there are several workspaces; say which with --workspace NAME.", ExitCode.WRONG_USE)
    if every:
        return every[0]
    if not make and name:
        raise Failure(f"there is no workspace called {name!r}; nothing was changed.", ExitCode.WRONG_USE)
    if not make:
        raise Failure("nothing has been synced here yet; run `tieout source sync --all` first.", ExitCode.WRONG_USE)
    return create_workspace(name or "Default")


@contextmanager
def slug_for_reading(settings: Settings, name: str | None) -> Iterator[tuple[str, bool]]:
    """The workspace's folder name, and whether its warehouse is ours to open (else another process has it)."""
    try:
        with hold_home(settings):
            prepare(settings)
            yield workspace(name, make=False).slug, True
    except HomeHeldError:
        start_django(settings)  # app.db may be read beside its owner, the warehouse file may not
        yield workspace(name, make=False).slug, False
