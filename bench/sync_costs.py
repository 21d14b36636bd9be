"""What syncs cost in requests: `python -m bench.sync_costs [--size realistic]`. The figures of bench/costs.py come from here.

A first sync, quiet ones, ones after an hour of work at the company, and the night's check, against a simulator without a limit.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.simulators import Simulator, running_simulator
from tieout import config
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.sync.events import SyncFinished
from tieout.sync.run import Deferred, Options, run
from tieout.warehouse.base import SourceStore
from tieout.warehouse.duckdb import open_warehouse

MORNING = datetime(2026, 3, 16, 8, tzinfo=UTC)  # a Monday
QUIET, BUSY = 5, 6
MOST_QUIET, MOST_AT_NIGHT = 12, 60  # requests, of a realistic company besides invoice lines
NIGHTS, SYNCS_BY_DAY, DAY_SECONDS = 7, 11, 86_400


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="realistic", choices=["tiny", "demo", "realistic"])
    asked = parser.parse_args()
    told = compare(asked.size)
    print(json.dumps({"size": asked.size, **told}, indent=2))
    if max(told["quiet"]) > MOST_QUIET or max(told["nights"]) > MOST_AT_NIGHT:
        raise SystemExit(f"a quiet sync may ask {MOST_QUIET} times, a night {MOST_AT_NIGHT} times")


def compare(size: str) -> dict[str, Any]:
    """Requests of each kind of sync of a company of that size."""
    with running_simulator(size=size, throttle=False, now=MORNING) as simulator, tempfile.TemporaryDirectory() as home:
        return measure(simulator, Path(home))


def measure(simulator: Simulator, home: Path) -> dict[str, Any]:
    """Requests of each kind of sync, tokens included."""
    settings = config.load({"TIEOUT_HOME": str(home), "TIEOUT_POWEROFFICE_URL": simulator.url})
    connector = PowerOffice(settings, limit=NoLimit())
    warehouse = open_warehouse(home / "w.duckdb", spool=home / "spool", memory=settings.duckdb_memory)
    store = warehouse.source("bench", connector=connector.name)

    def sync(*, nightly: bool = False) -> int:
        return _requests_of_sync(simulator, connector, store, Options(deferred=Deferred.NONE, nightly=nightly))

    told: dict[str, Any] = {"first": sync()}
    told["quiet"] = [sync() for _ in range(QUIET)]
    told["busy"] = []
    for _ in range(BUSY):
        simulator.advance(seconds=3600)
        simulator.reset_requests()
        told["busy"].append(sync())
    told["busy_by_path"] = simulator.requests()["by_path"]  # of the last one
    told["nights"] = []  # of a week, each after syncs by day: weekly work falls on one of them
    for _ in range(NIGHTS):
        for _ in range(SYNCS_BY_DAY):
            simulator.advance(seconds=DAY_SECONDS // (SYNCS_BY_DAY + 1))
            sync()
        simulator.advance(seconds=DAY_SECONDS // (SYNCS_BY_DAY + 1))
        told["nights"].append(sync(nightly=True))
    warehouse.close()
    return told


def _requests_of_sync(simulator: Simulator, connector: PowerOffice, store: SourceStore, options: Options) -> int:
    """Opened anew each time, as the portal does: a token has run out within the hour."""
    company = simulator.company()
    connector._tokens._held.clear()
    reader = connector.open(Secret(company["client_key"]), company=company["organisation_number"])
    before = simulator.requests()["seen"]
    ahead = simulator.now() - datetime.now(UTC)

    def now() -> datetime:
        return datetime.now(UTC) + ahead

    events = list(run(connector, reader, store, spool=store.spool, options=options, now=now))
    assert any(isinstance(event, SyncFinished) for event in events)
    return int(simulator.requests()["seen"] - before)


if __name__ == "__main__":
    main()
