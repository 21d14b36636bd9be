"""A workbench for tests of the engine: a warehouse, a toy connector, and syncs that run at a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.toy import KEY, ToyConnector
from tieout.connectors.base import Secret
from tieout.sync.events import Event, SyncFinished, TiedOut
from tieout.sync.run import Options, run, tie_out
from tieout.warehouse.base import TieOut
from tieout.warehouse.duckdb import open_warehouse


class Bench:
    """One source in a fresh warehouse under `folder`."""

    def __init__(self, folder: Path, connector: ToyConnector, *, published: bool = False) -> None:
        self.connector, self.system, self.folder = connector, connector.system, folder
        copy = folder / "published" if published else None
        self.warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", published=copy)
        self.store = self.warehouse.source("source-1", connector=connector.name)
        self.events: list[Event] = []

    def sync(
        self,
        *,
        key: str = KEY,
        should_stop: Callable[[], bool] = lambda: False,
        until: Callable[[Event], bool] | None = None,
        **how: Any,
    ) -> SyncFinished:
        """Sync to the end (or abandon the generator `until` an event) and give the last SyncFinished."""
        self.events = []
        reader = self.connector.open(Secret(key))
        spool = self.store.spool
        options = Options(**{"patience_seconds": 0, **how})
        for event in run(self.connector, reader, self.store, spool=spool, options=options, should_stop=should_stop):
            self.events.append(event)
            if until and until(event):
                break
        return next((e for e in reversed(self.events) if isinstance(e, SyncFinished)), None)  # type: ignore[return-value]

    def tie_out(self, *also: date) -> TieOut:
        """Tie out alone, the ledger at the days of `also` too."""
        self.events = list(tie_out(self.connector, self.connector.open(Secret(KEY)), self.store, also=also))
        return self.tied

    @property
    def tied(self) -> TieOut:
        """What the last sync's tie-out said."""
        return next(event.tie_out for event in reversed(self.events) if isinstance(event, TiedOut))

    def told(self, kind: type[Event]) -> list[Any]:
        """Events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def table(self, name: str) -> list[tuple[Any, ...]]:
        """A raw table's rows without what differs between two warehouses (numbers of syncs), sorted."""
        schema = f"raw_{self.connector.name}"
        with self.warehouse.connection() as connection:
            return connection.execute(
                f'select * exclude (_sync_id, _source_id) from {schema}."{name}" order by all'
            ).fetchall()

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        return {stream.name: self.table(stream.name) for stream in self.connector.streams}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql).fetchall()
