"""Tieout: the connector's reader, the engine's step and the warehouse, all guards on; only the limit is lifted."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from tieout import config
from tieout.catalog import Ask, Window
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.sync.events import StreamFinished
from tieout.sync.plan import Step
from tieout.sync.work import Work
from tieout.warehouse.base import CHANGES, Scope
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.spool import Spool

ALL = Window(date(1900, 1, 1), date(2100, 12, 31))


def main(address: str, work: str, folder: Path) -> None:
    settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": address})
    connector = PowerOffice(settings, page_size=5_000, requests_per_second=100_000)
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", memory=settings.duckdb_memory)
    store = warehouse.source("bench", connector=connector.name)
    stream = next(stream for stream in connector.streams if stream.name == "account_transactions")
    store.prepare([stream])
    spool = Spool(store.spool)
    spool.clear()
    steps = {
        "full": Step(stream=stream, how="first", ask=Ask(stream=stream, window=ALL), scope=Scope(window=ALL)),
        "changes": Step(
            stream=stream,
            how="changed",
            ask=Ask(stream=stream, changed_after=datetime(2026, 1, 1, tzinfo=UTC)),
            scope=CHANGES,
        ),
    }
    reader = connector.open(Secret("bench"))
    doing = Work(connector, reader, store, spool, should_stop=lambda: False, now=lambda: datetime.now(UTC))
    doing.sync = store.begin_sync(datetime.now(UTC))
    events = list(doing.steps([steps[work]]))
    assert any(isinstance(event, StreamFinished) for event in events), events[-1]
    warehouse.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
