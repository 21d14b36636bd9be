"""Checks over books that move while they are checked: `python -m tests.false_alarms [CHECKS] [SEED]`.

Between two checks minutes to hours pass at the simulated source; during a check somebody keeps posting: the clock goes on
at random moments between two questions. Nothing is wrong with what is stored, so *Not proved* is a false alarm.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.simulators import Simulator, running_simulator
from tieout import config
from tieout.catalog import Ask, Page
from tieout.connectors.base import Company, Reader, Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.connectors.rate_limit import NoLimit
from tieout.sync.events import SyncFinished, TiedOut
from tieout.sync.run import Deferred, Options, run, tie_out
from tieout.warehouse.base import TieOut, Verdict
from tieout.warehouse.duckdb import open_warehouse


class Moving:
    """A reader at whose source time passes between two questions, with one in `every` of them."""

    def __init__(self, reader: Reader, simulator: Simulator, chance: random.Random, *, every: int) -> None:
        self._reader, self._simulator, self._random, self._every = reader, simulator, chance, every
        self.moves = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    @property
    def requests(self) -> int:
        return self._reader.requests

    @property
    def throttled(self) -> int:
        return self._reader.throttled

    def company(self) -> Company:
        return self._reader.company()

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        self._move()
        yield from self._reader.pages(ask, spool)

    def total(self, ask: Ask) -> int | None:
        self._move()
        return self._reader.total(ask)

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        self._move()
        return self._reader.trial_balance(on)

    def party_balances(self, check: str, on: date) -> dict[int, Decimal]:
        self._move()
        return self._reader.party_balances(check, on)

    def _move(self) -> None:
        if self._random.randrange(self._every) == 0:
            self.moves += 1
            self._simulator.advance(seconds=self._random.randint(30, 600))


@dataclass
class Told:
    """What the checks said."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    alarms: list[TieOut] = field(default_factory=list)
    incidents: int = 0
    moves: int = 0
    requests: int = 0
    rows: int = 0
    seconds: float = 0


def check(simulator: Simulator, folder: Path, *, checks: int, seed: int = 1, every: int = 12) -> Told:
    """Make so many checks, nine syncs and a tie-out alone in turn, and count what they say."""
    chance, told, company = random.Random(seed), Told(), simulator.company()
    settings = config.load({"TIEOUT_HOME": str(folder), "TIEOUT_POWEROFFICE_URL": simulator.url})
    connector = PowerOffice(settings, limit=NoLimit())  # the simulator has none here either
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
    store = warehouse.source("source-1", connector="poweroffice")
    reader = connector.open(Secret(company["client_key"]))
    began = time.monotonic()
    for n in range(checks):
        moving = Moving(reader, simulator, chance, every=every)
        options = Options(deferred=Deferred.NONE, patience_seconds=0)
        if n % 10 == 9:
            events = list(tie_out(connector, moving, store))
        else:
            events = list(run(connector, moving, store, spool=store.spool, options=options))
        tied = next(event.tie_out for event in events if isinstance(event, TiedOut))
        told.verdicts[tied.verdict] += 1
        told.reasons.update(c.reason for c in tied.checks if c.outcome.value == "could_not_check" and c.reason)
        if tied.verdict is not Verdict.PROVED:
            sys.stderr.write(f"check {n + 1} at {tied.at}: {tied.verdict} {tied.differences[:4]} {tied.incident}\n")
        told.alarms += [tied] if tied.verdict is Verdict.NOT_PROVED else []
        told.incidents += tied.incident is not None
        told.moves += moving.moves
        told.rows += sum(event.rows for event in events if isinstance(event, SyncFinished))
        if n % 50 == 49:
            sys.stderr.write(f"{n + 1} checks: {dict(told.verdicts)}, moved {told.moves} times\n")
        simulator.advance(seconds=chance.choice([300, 1800, 3600, 3600, 4 * 3600, 13 * 3600]))
    told.requests, told.seconds = reader.requests, time.monotonic() - began
    warehouse.close()
    return told


def main(checks: int = 1000, seed: int = 1) -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_simulator(size="tiny", seed=seed, throttle=False, thread=True) as simulator,
    ):
        told = check(simulator, Path(folder), checks=checks, seed=seed)
    for verdict in Verdict:
        sys.stdout.write(f"{verdict.value}: {told.verdicts[verdict]} of {checks}\n")
    sys.stdout.write(f"could not check because: {dict(told.reasons)}\n")
    sys.stdout.write(
        f"the books moved {told.moves} times during checks; incidents told: {told.incidents}; "
        f"{told.requests} requests, {told.rows} rows, {told.seconds:.0f} s\n"
    )
    for alarm in told.alarms[:10]:
        sys.stdout.write(f"FALSE ALARM at {alarm.at}: {alarm.differences[:3]}\n")
    return 1 if told.alarms else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
