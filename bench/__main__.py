"""`make bench`: everything against the same local servers in one run; a table, and JSON and a picture for docs/explanation.

`python -m bench [--rows 500000] [--size realistic] [--rows-at-most 5000000]`. Smaller figures are for trying it out.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime

from bench import growth, limit, loading, sync_costs
from bench.report import Report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=500_000)
    parser.add_argument("--size", default="realistic", choices=["tiny", "demo", "realistic"])
    parser.add_argument("--rows-at-most", type=int, default=max(growth.SIZES))
    parser.add_argument("--rounds", type=int, default=2, help="in which everybody loads once; the best counts")
    asked = parser.parse_args()
    (loading.ROOT / ".bench").mkdir(exist_ok=True)
    report = Report(machine=_machine())
    for result in loading.compare(asked.rows, times=asked.rounds):
        report.results.append(result)
        _tell(f"{result.contender}, {result.work}", result.taken and result.taken.seconds, result.failure)
    for reading in limit.compare(asked.size):
        report.readings.append(reading)
        _tell(f"{reading.contender}, at the limit", reading.taken and reading.taken.seconds, reading.failure)
    for grown in growth.grow([size for size in growth.SIZES if size <= asked.rows_at_most]):
        report.growth.append(grown)
        _tell(f"{grown.rows:,} rows", grown.taken.seconds, grown.taken.failure)
    report.costs = sync_costs.compare(asked.size)
    report.machine["load at the end"] = os.getloadavg()
    report.write()
    print(report.text())


def _machine() -> dict[str, object]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load at the beginning": os.getloadavg(),
    }


def _tell(what: str, seconds: float | None, failure: str | None) -> None:
    print(f"{what}: {failure or f'{seconds} s'}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
