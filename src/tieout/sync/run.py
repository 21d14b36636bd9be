"""Sync one data source, telling what happens as it happens. The same generator for command line and portal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
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

    `full` reads everything anew. `skip` are names of streams. `nightly`: whether it is a thorough one (decision
    0008); None: when the last one was 20 hours ago by the source's clock. `spool_days` keeps pages as evidence.
    `patience_seconds`: how long to wait, once, where books differ to the end, since a list may lag behind its balances.
    """

    full: bool = False
    skip: frozenset[str] = frozenset()
    deferred: Deferred = Deferred.ALL
    budget: int = 300
    nightly: bool | None = None
    spool_days: int = 0
    patience_seconds: float = 10


DEFAULT = Options()


def _now() -> datetime:
    return datetime.now(UTC)


def run(
    connector: Connector,
    reader: Reader,
    store: SourceStore,
    *,
    spool: Path,
    options: Options = DEFAULT,
    should_stop: Callable[[], bool] = lambda: False,
    now: Callable[[], datetime] = _now,
) -> Iterator[Event]:
    """Bring one source up to date and tie it out. Ends with SyncFinished and, unless cancelled, TiedOut.

    Never raises a ConnectorError: what went wrong is told by the events. `spool` is this source's own folder.
    """
    from tieout.sync.syncing import Syncing

    syncing = Syncing(connector, reader, store, spool=spool, options=options, should_stop=should_stop, now=now)
    yield from syncing.run()


def tie_out(
    connector: Connector,
    reader: Reader,
    store: SourceStore,
    *,
    spool: Path | None = None,
    also: Collection[date] = (),
    now: Callable[[], datetime] = _now,
) -> Iterator[Event]:
    """Tie out alone, every check, the ledger at the dates of `also` too (a request each).

    Reads what came since the last sync, and the months of vouchers that it finds changed
    there; mends nothing else. Ends with TiedOut.
    """
    from tieout.sync.syncing import Syncing

    folder = spool or store.spool
    syncing = Syncing(connector, reader, store, spool=folder, options=DEFAULT, should_stop=lambda: False, now=now)
    yield from syncing.tie_out_alone(also)
