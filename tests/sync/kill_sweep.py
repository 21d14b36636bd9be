"""kill -9 at one event after the other of a tiny sync; each time the next sync must end as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector
from tests.sync.movement import BOOKS
from tieout.warehouse.base import Outcome, Verdict

PROJECT = Path(__file__).parents[2]
MORE_THAN_ENOUGH = 1000  # events
Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """How many syncs were killed, and what was found: a sentence each."""

    killed: int
    found: list[str]


def sweep(folder: Path, books: str, *, every: int, first: int = 1) -> Sweep:
    """Kill at event `first` and each `every`th after it. `books`: "first" syncs from nothing, "later" what moved since."""
    if books == "later":
        with _bench(folder / "before", "first") as bench:
            bench.sync()
    events = [str(event) for event in range(first, MORE_THAN_ENOUGH, every)]
    program = [sys.executable, "-m", "tests.sync.killed", str(folder), books, *events]
    subprocess.run(program, cwd=PROJECT, check=True)
    *killed, undisturbed = sorted(folder.glob("killed-*"))  # the last one came to its end
    with _bench(undisturbed, books) as bench:
        expected = bench.tables()
    return Sweep(len(killed), [f"{one.name}: {what}" for one in killed for what in _found(one, books, expected)])


def _found(folder: Path, books: str, expected: Tables) -> Iterator[str]:
    """What is wrong after the sync that follows a kill."""
    with _bench(folder, books) as bench:
        finished = bench.sync()
        if finished.outcome is not Outcome.SUCCEEDED:
            yield f"the next sync is {finished.outcome}: {finished.reason}"
        if bench.tied.verdict is not Verdict.PROVED:
            yield f"the next sync is {bench.tied.verdict}: {bench.tied.differences}"
        if any(sync.outcome is None for sync in bench.store.syncs()):
            yield "a sync that is dead is still running"
        tables = bench.tables()
        yield from (f"{name} is not as undisturbed" for name, rows in expected.items() if tables[name] != rows)
        yield from _published_unlike(folder, tables)


def _published_unlike(folder: Path, tables: Tables) -> Iterator[str]:
    with duckdb.connect(str(folder / "published" / "published.duckdb"), read_only=True) as reader:
        for name, rows in tables.items():
            told = reader.execute(f"select count(*) from raw_ledger_toy.{name}").fetchone()
            if told != (len(rows),):
                yield f"{name} is published with {told} rows, not {len(rows)}"


@contextmanager
def _bench(folder: Path, books: str) -> Iterator[Bench]:
    bench = Bench(folder, LedgerConnector(BOOKS[books]()), published=True)
    try:
        yield bench
    finally:
        bench.warehouse.close()
