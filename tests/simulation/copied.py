"""The company's copy in a warehouse: synced here or in a process that dies, and read back row by row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.simulation.truth import Row, Table, key_of
from tieout import config
from tieout.catalog import Kind, Stream
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.poweroffice.streams import STREAMS
from tieout.connectors.rate_limit import NoLimit
from tieout.sync.events import Event
from tieout.sync.run import Options, run
from tieout.warehouse.duckdb import open_warehouse

SCHEMA = "raw_poweroffice"
Digests = dict[str, tuple[int, int]]  # by stream: rows and what they come to, whatever their order


class Copy:
    """One source in a warehouse under `folder`. `page_size` is small, so that most answers have several pages."""

    def __init__(self, folder: Path, url: str, client_key: str, *, page_size: int) -> None:
        self.folder, self.url, self.client_key, self.page_size = folder, url, client_key, page_size
        settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": url})
        self.connector = PowerOffice(settings, page_size=page_size, limit=NoLimit())
        self.warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", memory="256MB")
        self.store = self.warehouse.source("source-1", connector=self.connector.name)

    def sync(self, options: Options, *, now: datetime, stop_at: int | None = None) -> Iterator[Event]:
        """A sync; somebody cancels it at event `stop_at`. `now` is this machine's clock."""
        told = 0
        reader = self.connector.open(Secret(self.client_key))

        def should_stop() -> bool:
            return stop_at is not None and told >= stop_at

        clock = _running_from(now)
        spool = self.store.spool
        for event in run(
            self.connector, reader, self.store, spool=spool, options=options, should_stop=should_stop, now=clock
        ):
            told += 1
            yield event

    def rows(self, stream: Stream, *, of_sync: int | None = None) -> Table:
        """What is stored, by key; of one sync: only what it brought or changed."""
        names = ", ".join(f'"{column.name}"' for column in stream.columns)
        only = f"where _sync_id = {of_sync}" if of_sync is not None else ""
        kinds = [column.kind for column in stream.columns]
        found: Table = {}
        for values in self.query(f'select {names} from {SCHEMA}."{stream.name}" {only}'):
            row = tuple(_plain(kind, value) for kind, value in zip(kinds, values, strict=True))
            found[key_of(stream, row)] = row
        return found

    def digests(self) -> Digests:
        """What every table comes to now."""
        return {stream.name: self._digest(stream, f'select * from {SCHEMA}."{stream.name}"') for stream in STREAMS}

    def digests_at(self, sync: int) -> Digests:
        """What every table came to after a sync, as its versions replay it."""
        found = {}
        for stream in STREAMS:
            names = ", ".join([*(f'"{column.name}"' for column in stream.columns), "_extra"])
            found[stream.name] = self._digest(
                stream,
                f'select {names} from {SCHEMA}."{stream.name}" where _sync_id <= {sync} union all '
                f'select {names} from {SCHEMA}."{stream.name}_versions" '
                f"where _valid_from_sync <= {sync} and {sync} < _valid_to_sync",
            )
        return found

    def last_sync(self) -> int:
        """The number of the newest sync; 0 before the first."""
        found = self.query("select coalesce(max(id), 0) from tieout.syncs")
        return int(found[0][0])

    def query(self, sql: str) -> list[Row]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql).fetchall()

    def close(self) -> None:
        self.warehouse.close()

    def _digest(self, stream: Stream, rows: str) -> tuple[int, int]:
        names = ", ".join([*(f'"{column.name}"' for column in stream.columns), "_extra"])
        [(count, digest)] = self.query(f"select count(*), coalesce(bit_xor(hash({names})), 0) from ({rows})")
        return int(count), int(digest)


def _running_from(now: datetime) -> Any:
    """A clock that shows `now` and moves with the real one, since events must have an order."""
    began = datetime.now(UTC)

    def clock() -> datetime:
        passed: timedelta = datetime.now(UTC) - began
        return now + passed

    return clock


def _plain(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind is Kind.JSON:
        return json.dumps(json.loads(value), sort_keys=True)
    if kind is Kind.TIMESTAMP:
        return value.astimezone(UTC)
    return value
