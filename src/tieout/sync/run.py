"""Sync one data source, telling what happens as it happens. The same generator for command line and portal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from tieout.connectors.base import Connector, Reader
from tieout.sync.events import Event
from tieout.warehouse.base import SourceStore


class Deferred(StrEnum):
    """What to do with streams that cost a request per record (invoice lines)."""

    ALL = "all"  # fill them before the end: the command line
    NONE = "none"  # leave them to a filling job: the portal's hourly sync
    ONLY = "only"  # nothing else, and `budget` requests at most: the portal's filling job


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How one sync is to be done.

    `full` reads everything anew. `skip` are names of streams. `nightly` asks settings and scans keys even when they
    are not due (they are when the last time is 20 hours ago by the source's clock).
    """

    full: bool = False
    skip: frozenset[str] = frozenset()
    deferred: Deferred = Deferred.ALL
    budget: int = 300
    nightly: bool = False


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    connector: Connector,
    reader: Reader,
    store: SourceStore,
    *,
    spool: Path,
    options: Options = Options(),
    should_stop: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = _now,
) -> Iterator[Event]:
    """Bring one source up to date and tie it out. Ends with SyncFinished and, unless cancelled, TiedOut.

    Never raises a ConnectorError: what went wrong is told by the events. `spool` is this source's own folder.
    """
    raise NotImplementedError  # lands with sync/plan.py


def tie_out(
    connector: Connector,
    reader: Reader,
    store: SourceStore,
    *,
    now: Callable[[], datetime] = _now,
) -> Iterator[Event]:
    """Tie out alone, on what is stored: every check, no sync. Ends with TiedOut."""
    raise NotImplementedError  # lands with sync/tie_out.py
