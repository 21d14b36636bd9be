"""Play many worlds, or one: `python -m tests.simulation [--seeds N] [--from FIRST] [--days D] [--sweep] [--seed ONE]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import timedelta
from pathlib import Path

from tests.simulation.world import SPAN, Report, play
from tests.sync.kill_sweep import sweep
from tests.sync.movement import BOOKS

parser = argparse.ArgumentParser(prog="python -m tests.simulation", description="Seeded worlds of trouble.")
parser.add_argument("--seeds", type=int, default=200, help="how many worlds (default 200)")
parser.add_argument("--from", dest="first", type=int, default=1, help="the first seed (default 1)")
parser.add_argument("--days", type=float, default=SPAN.days, help="how long a world lives (default %(default)s)")
parser.add_argument("--sweep", action="store_true", help="also kill tiny syncs at each of their events")
parser.add_argument("--seed", type=int, help="this one alone, telling every step")


def main() -> int:
    """0 where all worlds ended as they must."""
    told = parser.parse_args()
    span = timedelta(days=told.days)
    if told.seed is not None:
        sys.stdout.write(f"{play(told.seed, span=span, tell=True).report}\n")
        return 0
    played, diverged, began = list[Report](), list[int](), time.monotonic()
    for seed in range(told.first, told.first + told.seeds):
        try:
            played.append(play(seed, span=span).report)
            sys.stdout.write(f"seed {seed}: {played[-1].syncs} syncs, {played[-1].kills} kills, as it must be\n")
        except Exception:  # noqa: BLE001 - told, and the next world is played
            diverged.append(seed)
            sys.stdout.write(f"{traceback.format_exc(limit=-3)}\n")
        sys.stdout.flush()
    _sum_up(played, diverged, time.monotonic() - began)
    found = _sweep() if told.sweep else []
    return 1 if diverged or found else 0


def _sweep() -> list[str]:
    """kill -9 at every event of a first sync, and of one that has much to do."""
    found = list[str]()
    for books in BOOKS:
        with tempfile.TemporaryDirectory() as folder:
            swept = sweep(Path(folder), books, every=1)
        sys.stdout.write(f"{books} sync killed at each of {swept.killed} events: {swept.found or 'as it must be'}\n")
        found += swept.found
    return found


def _sum_up(played: list[Report], diverged: list[int], seconds: float) -> None:
    def total(name: str) -> int:
        return sum(getattr(report, name) for report in played)

    faults, outcomes, verdicts = (
        dict(sum((getattr(report, name) for report in played), Counter[str]()))
        for name in ("faults", "outcomes", "verdicts")
    )
    sys.stdout.write(
        f"{len(played) + len(diverged)} worlds in {seconds:.0f} s: {total('syncs')} syncs, {total('requests')} requests, "
        f"{total('kills')} kills, {sum(faults.values())} faults {faults}\n"
        f"outcomes {outcomes}, verdicts {verdicts}\n"
        f"diverged: {diverged or 'none'}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
