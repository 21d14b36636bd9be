"""Where commands act: on this machine's TIEOUT_HOME, or on a server elsewhere through its API (TIEOUT_SERVER).

Everything goes in and comes out as plain values, so that a command prints the same whichever it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import Settings
from tieout.connectors.base import Secret

Facts = dict[str, Any]


class Backend(Protocol):
    """What commands ask for. Every method raises Failure; then nothing was changed, or the text says what was.

    A source is what `sources` gives: `source`, `organisation_number`, `name`, `approval`, `verdict`, `last_complete_at`.
    """

    def sources(self) -> Sequence[Facts]:
        """All data sources, by name."""

    def add(self, connector: str, key: Secret) -> Facts:
        """Prove a key and store it with its new data source. Raises ConnectorError too."""

    def sync(self, source: Facts, *, full: bool, skip: Sequence[str]) -> Iterator[Facts]:
        """Bring a source up to date; the events as they happen. What is asked elsewhere is asked before the first is read."""

    def tie_out(self, source: Facts, *, on: date | None) -> Iterator[Facts]:
        """Tie out alone, the ledger at the end of the day `on` too; the events as they happen."""

    def witness(self, source: Facts, file: Path) -> Facts:
        """Hold a source against a file, with its differences."""

    def remove(self, source: Facts, *, delete_data: bool) -> str:
        """Remove a source; where its administrator ends the approval."""

    def stamp(self, source: Facts, *, name: str, on: date) -> Facts:
        """Stamp; which one it is."""

    def changes(self, source: Facts, *, since: str) -> Facts:
        """What became of the stamp of that name or id."""

    def query(self, sql: str, *, as_of: str | None) -> tuple[list[str], list[list[Any]]]:
        """Names of the columns, and the rows as JSON values."""

    def status(self) -> Facts:
        """How everything stands."""


def opened(settings: Settings, workspace: str | None) -> AbstractContextManager[Backend]:
    """The server that the settings name, else this machine. Nothing is held or asked before a method is called."""
    if settings.server:
        from tieout.cli.remote import remote

        return remote(settings, workspace)
    from tieout.cli.local import local

    return local(settings, workspace)


def one_source(here: Backend, wanted: str) -> Facts:
    """The data source of that id, organisation number or exact name. Raises Failure where it is not one."""
    matching = [
        source
        for source in here.sources()
        if wanted in (source["source"], source["organisation_number"], source["name"])
    ]
    if len(matching) != 1:
        what = "several data sources are" if matching else "no data source is"
        raise Failure(f"{what} called {wanted!r}; give its id, organisation number or exact name.", ExitCode.WRONG_USE)
    return matching[0]
