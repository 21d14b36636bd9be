"""Whatever happens on the way, the tables end as a full load from scratch would have them."""

from __future__ import annotations

import random
import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector, LedgerSystem, books_of_three_years
from tests.warehouse.stores import THINGS, Desk
from tieout.connectors.errors import TryLaterError
from tieout.sync.events import Event, StreamProgressed
from tieout.warehouse.base import Outcome, Verdict
from tieout.warehouse.duckdb import open_warehouse

SLOW = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
CUSTOMERS = (10, 11, 12, 13)


class Month:
    """Random bookkeeping and random trouble, from a seed."""

    def __init__(self, system: LedgerSystem, seed: int) -> None:
        self.system, self.chance = system, random.Random(seed)

    def happen(self) -> None:
        """One thing that people do to books."""
        act = self.chance.choice(
            (self.sell, self.sell, self.pay, self.reverse, self.correct, self.replace, self.order, self.drop)
        )
        self.system.pass_time(hours=self.chance.choice((0, 1, 30)))
        act()

    def sell(self) -> None:
        self.system.invoice(self.day(), self.chance.choice(CUSTOMERS), self.chance.randrange(1, 99_999) / 100)

    def pay(self) -> None:
        if open_ := [key for key, record in self.system.records["invoices"].items() if record["Balance"]]:
            self.system.pay(self.chance.choice(open_), self.day(), self.chance.choice(CUSTOMERS))

    def reverse(self) -> None:
        if standing := [key for key, r in self.system.records["invoices"].items() if not r["IsReversed"]]:
            self.system.reverse(self.chance.choice(standing), self.day(), self.chance.choice(CUSTOMERS))

    def correct(self) -> None:
        """A posting moves to another account in place, without a stamp."""
        key = self.chance.choice(list(self.system.records["postings"]))
        self.system.slip("postings", key, Account=self.chance.choice((1920, 1500, 3000)))

    def replace(self) -> None:
        """A voucher's rows are replaced by others under new ids."""
        rows = self.system.records["postings"]
        voucher = self.chance.choice([record["Voucher"] for record in rows.values()])
        for key in [key for key, record in rows.items() if record["Voucher"] == voucher]:
            record = rows.pop(key)
            new = max([*rows, key]) + 1
            self.system.put("postings", new, **{n: v for n, v in record.items() if n not in ("Id", "Changed")})

    def order(self) -> None:
        self.system.order(lines=self.chance.randrange(3))

    def drop(self) -> None:
        if orders := list(self.system.records["orders"]):
            self.system.drop("orders", self.chance.choice(orders))

    def day(self) -> date:
        return date(2024, 1, 1) + timedelta(days=self.chance.randrange(900))


@SLOW
@given(st.integers(0, 10**6))
def test_incremental_syncs_end_as_a_full_load_does(seed: int) -> None:
    system = books_of_three_years()
    month = Month(system, seed)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder) / "incremental", LedgerConnector(system))
        for _ in range(4):
            bench.sync()
            for _ in range(month.chance.randrange(1, 6)):
                month.happen()
        system.pass_time(hours=30)
        bench.sync()
        bench.sync()  # a stream that became empty is believed the second time
        fresh = Bench(Path(folder) / "fresh", LedgerConnector(system))
        fresh.sync()
        assert bench.tables() == fresh.tables()
        assert bench.tied.verdict is fresh.tied.verdict
        for each in (bench, fresh):
            each.warehouse.close()


@SLOW
@given(st.integers(0, 10**6))
def test_syncs_that_are_cut_off_and_met_by_faults_end_as_an_undisturbed_one(seed: int) -> None:
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = Bench(Path(folder) / "undisturbed", LedgerConnector())
        undisturbed.sync()
        bench = Bench(Path(folder) / "disturbed", LedgerConnector())
        for _ in range(3):
            for name in bench.system.records:
                bench.system.faults[name] = [TryLaterError("busy")] if chance.random() < 0.2 else []
            stop_at = chance.randrange(3, 60)
            bench.sync(until=lambda event, at=stop_at: len(bench.events) >= at)  # type: ignore[misc]
        bench.system.faults.clear()
        assert bench.sync().outcome is Outcome.SUCCEEDED
        assert bench.tables() == undisturbed.tables()
        assert bench.tied.verdict is Verdict.PROVED
        for each in (bench, undisturbed):
            each.warehouse.close()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.integers(1, 30), max_size=8), min_size=1, max_size=6), st.randoms())
def test_any_order_and_repetition_of_pages_gives_the_same_table(pages: list[list[int]], chance: random.Random) -> None:
    def records(keys: list[int]) -> list[dict[str, object]]:
        return [{"Id": key, "Amount": key / 4, "Text": f"{key}"} for key in keys]

    shuffled = pages * 2
    chance.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        warehouse = open_warehouse(Path(folder) / "w.duckdb", spool=Path(folder) / "spool")
        one, two = (Desk(warehouse, Path(folder) / "spool" / name, name) for name in ("one", "two"))
        one.load(*(records(keys) for keys in pages), stream=THINGS)
        for keys in shuffled:
            two.load(records(keys), stream=THINGS)
        found = {
            name: [row for row in one.rows("things", "id", "amount", "text", "_source_id") if row[-1] == name]
            for name in ("one", "two")
        }
        assert [row[:-1] for row in found["one"]] == [row[:-1] for row in found["two"]]
        warehouse.close()


def test_progress_is_told_page_by_page(bench: Bench) -> None:
    bench.sync()
    seen: list[Event] = bench.told(StreamProgressed)
    assert len(seen) >= 20
