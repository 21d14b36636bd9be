"""Tieout at a company: `ADDRESS STREAMS FOLDER sync|lines|lists`.

`sync` is the whole first sync as the portal does it (tie-out included, invoice lines left to the background), `lines` the
same with all invoice lines; `lists` reads just what the peers read, with the same engine.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.contenders.ours import ALL
from tieout import config
from tieout.catalog import Ask, How, Stream
from tieout.connectors import registry
from tieout.connectors.base import Connector, Reader, Secret
from tieout.sync.events import StreamFinished, SyncFinished, TiedOut
from tieout.sync.plan import Step
from tieout.sync.run import Deferred, Options, run
from tieout.sync.work import Work
from tieout.warehouse.base import EVERYTHING, Scope, SourceStore
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.spool import Spool


def main(address: str, told: dict[str, Any], folder: Path, mode: str) -> None:
    company = told["company"]
    settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": address})
    connector = registry.connectors(settings)["poweroffice"]
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", memory=settings.duckdb_memory)
    store = warehouse.source("bench", connector=connector.name)
    reader = connector.open(Secret(company["client_key"]), company=company["organisation_number"])
    if mode == "lists":
        _lists(connector, reader, store, {stream["name"] for stream in told["streams"]})
    else:
        _sync(connector, reader, store, Deferred.ALL if mode == "lines" else Deferred.NONE)
    warehouse.close()


def _sync(connector: Connector, reader: Reader, store: SourceStore, deferred: Deferred) -> None:
    events = list(run(connector, reader, store, spool=store.spool, options=Options(deferred=deferred)))
    finished = next(event for event in events if isinstance(event, SyncFinished))
    verdict = next(event.verdict for event in events if isinstance(event, TiedOut))
    print(json.dumps({"outcome": finished.outcome, "verdict": verdict, "rows": finished.rows}))


def _lists(connector: Connector, reader: Reader, store: SourceStore, wanted: set[str]) -> None:
    store.prepare(connector.streams)
    spool = Spool(store.spool)
    spool.clear()
    work = Work(connector, reader, store, spool, should_stop=lambda: False, now=lambda: datetime.now(UTC))
    work.sync = store.begin_sync(datetime.now(UTC))
    events = list(work.steps([_step(stream) for stream in connector.streams if stream.name in wanted]))
    finished = [event.stream for event in events if isinstance(event, StreamFinished)]
    assert len(finished) == len(wanted), wanted - set(finished)


def _step(stream: Stream) -> Step:
    today = datetime.now(UTC).date()
    on = today if stream.how is How.SNAPSHOT else None
    window = ALL if stream.windowed else None
    scope = Scope(on=on) if on else EVERYTHING
    return Step(stream=stream, how="first", ask=Ask(stream=stream, on=on, window=window), scope=scope)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()), Path(sys.argv[3]), sys.argv[4])
