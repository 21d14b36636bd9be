"""Where the time of a full load goes: `python -m bench.phases [ROWS]`. Phases one after the other, in seconds of processor.

In a real load fetching goes on while earlier pages are read.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.contenders.ours import ALL
from bench.server import serving
from tieout import config
from tieout.catalog import Ask
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.warehouse.base import Scope
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.duckdb.marks import marks_of


@contextmanager
def phase(name: str) -> Iterator[None]:
    began = time.process_time()
    yield
    print(f"{name:32} {time.process_time() - began:6.2f}", flush=True)


def main(address: str, folder: Path) -> None:
    print(f"{'start and imports':32} {time.process_time():6.2f}")
    settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": address})
    connector = PowerOffice(settings, page_size=5_000, requests_per_second=100_000)
    stream = next(stream for stream in connector.streams if stream.name == "account_transactions")
    with phase("open, make tables"):
        warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool", memory=settings.duckdb_memory)
        store = warehouse.source("bench", connector=connector.name)
        store.prepare([stream])
    store.spool.mkdir()
    with phase("fetch and spool"):
        pages = list(connector.open(Secret("bench")).pages(Ask(stream=stream, window=ALL), store.spool))
    with phase("count marks (also in the next)"):
        for page in pages:
            marks_of(page.path, "Id")
    with store.loading(stream, store.begin_sync(datetime.now(UTC))) as loading:
        with phase("count, read, cast, stage, prove"):
            for page in pages:
                loading.add(page)
            loading.distinct()
        with phase("compare, store, commit"):
            loading.commit(Scope(window=ALL))
    with phase("close"):
        warehouse.close()


if __name__ == "__main__":
    with serving(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000) as at, tempfile.TemporaryDirectory() as home:
        main(at, Path(home))
