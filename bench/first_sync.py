"""How long a first sync takes at the vendor's real limit: `python -m bench.first_sync [--size realistic] [--lines]`.

Starts a simulator with 10 requests a second and 150 ms latency in a process of its own, syncs its first company and prints
one JSON object. Invoice lines (a request each) come only with --lines; `requests_of_lines` tells what they would cost.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.simulators import Simulator, running_simulator
from tieout import config
from tieout.connectors import registry
from tieout.connectors.base import Secret
from tieout.sync.events import StreamFinished, SyncFinished, SyncPlanned, TiedOut
from tieout.sync.run import Deferred, Options, run
from tieout.warehouse.duckdb import open_warehouse

LIMIT = 10  # requests a second that the vendor allows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="realistic", choices=["tiny", "demo", "realistic"])
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--lines", action="store_true", help="fill the invoices' lines too")
    asked = parser.parse_args()
    with (
        running_simulator(size=asked.size, latency_ms=asked.latency_ms) as simulator,
        tempfile.TemporaryDirectory() as home,
    ):
        told = measure(simulator, Path(home), Deferred.ALL if asked.lines else Deferred.NONE)
    print(json.dumps({"size": asked.size, "latency_ms": asked.latency_ms, **told}, indent=2))


def measure(simulator: Simulator, home: Path, deferred: Deferred) -> dict[str, Any]:
    """Sync the simulator's first company into a fresh warehouse and tell what it took."""
    company = simulator.company()
    settings = config.load({"TIEOUT_HOME": str(home), "TIEOUT_POWEROFFICE_URL": simulator.url})
    connector = registry.connectors(settings)["poweroffice"]
    warehouse = open_warehouse(
        home / "w.duckdb", spool=home / "spool", published=home / "published", memory=settings.duckdb_memory
    )
    store = warehouse.source("bench", connector=connector.name)
    reader = connector.open(Secret(company["client_key"]), company=company["organisation_number"])
    simulator.reset_requests()
    began = time.monotonic()
    events = list(run(connector, reader, store, spool=store.spool, options=Options(deferred=deferred)))
    seconds = time.monotonic() - began
    seen = simulator.requests()
    finished = next(event for event in events if isinstance(event, SyncFinished))
    told = {
        "outcome": finished.outcome.value,
        "verdict": next(event.verdict for event in events if isinstance(event, TiedOut)).value,
        "seconds": round(seconds, 1),
        "rows": finished.rows,
        "requests": seen["seen"],
        "requests_of_lines": sum(event.deferred for event in events if isinstance(event, SyncPlanned)),
        "share_of_limit": round(seen["seen"] / (LIMIT * seconds), 3),
        "throttled": seen["throttled"],
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "warehouse_mib": round((home / "w.duckdb").stat().st_size / 2**20, 1),
        "largest": {e.stream: e.rows for e in sorted(events_of(events), key=lambda e: -e.rows)[:5]},
    }
    warehouse.close()
    return told


def events_of(events: list[Any]) -> list[StreamFinished]:
    return [event for event in events if isinstance(event, StreamFinished)]


if __name__ == "__main__":
    main()
