"""What seeded worlds (tests/simulation) found, each as small as it can be."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.sync.bench import Bench
from tests.sync.ledger_system import BANK, RECEIVABLES, SALES, LedgerConnector, LedgerReader, LedgerSystem
from tests.sync.movement import TODAY
from tests.toy import MEMBERS, ToyConnector, ToyReader, ToySystem, filled_system
from tieout.catalog import Ask, Column, How, Kind, Page, Repeated, Stream
from tieout.connectors.base import Secret

DEPARTMENTS = Stream(
    name="departments",
    columns=(Column("id", "Id", Kind.INTEGER), Column("code", "Code", Kind.TEXT)),
    how=How.CHANGED,
    changed_by=("changed",),
)
ORDERS = Stream(
    name="orders",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("department_id", "Department", Kind.INTEGER),
        Column("department_code", "Code", Kind.TEXT),
    ),
    how=How.CHANGED,
    changed_by=("changed",),
    repeats=(Repeated("department_code", "department_id", "departments", "code"),),
)


class Meddling(ToyReader):
    """Its departments are renamed while they are counted, that is, in the tie-out."""

    renames = False

    def total(self, ask: Ask) -> int | None:
        if ask.stream is DEPARTMENTS and Meddling.renames:
            Meddling.renames = False
            self._system.put("departments", 1, Code="new")
            self._system.put("departments", 2, Code="second")
            self._system.slip("orders", 1, Code="new")
        return super().total(ask)


class OrdersConnector(ToyConnector):
    streams = (DEPARTMENTS, ORDERS)

    def open(self, key: Secret, **_how: Any) -> Meddling:
        return Meddling(self.system, key.reveal())


def test_a_code_that_the_tie_out_found_renamed_is_renamed_in_what_repeats_it(tmp_path: Path) -> None:
    system = ToySystem(records={"departments": {}, "orders": {}})
    system.put("departments", 1, Code="old")
    system.put("orders", 1, Department=1, Code="old")
    bench = Bench(tmp_path, OrdersConnector(system))
    bench.sync()
    system.pass_time(hours=1)
    system.put("departments", 3, Code="third")  # what changed is counted
    Meddling.renames = True
    bench.sync()
    assert bench.query("select code from raw_toy.departments order by id") == [("new",), ("second",), ("third",)]
    system.pass_time(hours=1)
    bench.sync()
    assert bench.query("select department_code from raw_toy.orders") == [("new",)]


class Reversing(LedgerReader):
    """An invoice is reversed while balances are asked, that is, in the tie-out."""

    reverses: int | None = None

    def trial_balance(self, on: date) -> dict[int, Any]:
        if Reversing.reverses is not None:
            number, Reversing.reverses = Reversing.reverses, None
            assert isinstance(self._system, LedgerSystem)
            self._system.reverse(number, TODAY, customer=11)
        return super().trial_balance(on)


class ReversingConnector(LedgerConnector):
    def open(self, key: Secret, **_how: Any) -> Reversing:
        return Reversing(self.system, key.reveal())


def test_an_invoice_whose_reversal_the_tie_out_found_is_marked_reversed(tmp_path: Path) -> None:
    connector = ReversingConnector()
    bench = Bench(tmp_path, connector)
    number = connector.books.invoice(TODAY, customer=11, amount=77)
    bench.sync()
    connector.books.pass_time(hours=1)
    Reversing.reverses = number
    connector.books.voucher(TODAY, (BANK, 1), (RECEIVABLES, -1))
    bench.sync()
    assert bench.query("select count(*) from raw_ledger_toy.postings where reverses_no is not null") == [(2,)]
    connector.books.pass_time(hours=1)
    connector.books.voucher(TODAY, (BANK, 1), (SALES, -1))
    bench.sync()
    assert bench.query(f"select is_reversed from raw_ledger_toy.invoices where id = {number}") == [(True,)]


class Living(ToyReader):
    """Counts pages anew for each request, as the vendor does: what leaves moves all that follows."""

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        size, number = self._system.page_size, 0
        while found := self._found(ask)[size * number :]:
            number += 1
            self._request()
            total = len(self._found(ask))
            path = spool / f"{number:05d}.json.gz"
            path.write_bytes(gzip.compress(json.dumps(found[:size]).encode()))
            yield Page(path=path, number=number, total=total, server_time=self._system.now)
            self._system.on_page(ask, number)


class LivingConnector(ToyConnector):
    streams = (MEMBERS,)

    def open(self, key: Secret, **_how: Any) -> Living:
        return Living(self.system, key.reveal())


def test_a_change_that_moved_up_a_page_while_changes_were_read_is_not_lost(tmp_path: Path) -> None:
    system = filled_system()
    bench = Bench(tmp_path, LivingConnector(system))
    bench.sync()
    system.pass_time(hours=1)
    for key in range(1, 8):
        system.put("members", key, Name=f"Member {key}", Fee=1)
    system.pass_time(hours=1)

    def drop_the_first(ask: Ask, number: int) -> None:
        if ask.changed_after and number == 1 and 1 in system.records["members"]:
            system.drop("members", 1)

    system.on_page = drop_the_first
    bench.sync()
    assert bench.query("select id, fee::int from raw_toy.members order by id") == [(key, 1) for key in range(2, 8)]


class Ahead(ToyReader):
    """Dates its answers ten minutes later than the clock that stamps its records."""

    def server_time(self) -> datetime | None:
        return self._system.now + timedelta(minutes=10)


class AheadConnector(ToyConnector):
    streams = (MEMBERS,)

    def open(self, key: Secret, **_how: Any) -> Ahead:
        return Ahead(self.system, key.reveal())


def test_a_change_is_met_although_the_clock_that_dates_answers_is_ten_minutes_ahead(tmp_path: Path) -> None:
    system = filled_system()
    bench = Bench(tmp_path, AheadConnector(system))
    bench.sync()
    system.pass_time(minutes=2)
    system.put("members", 3, Name="Member 3", Fee=1)
    system.pass_time(hours=1)
    bench.sync()
    assert bench.query("select fee::int from raw_toy.members where id = 3") == [(1,)]


def test_after_a_week_without_nights_one_night_reads_every_year_again(ledger: Bench) -> None:
    """Seed 227: what has changed without a stamp waited for a night of its own, and a night alone came every eighth day."""
    ledger.sync()
    for key in ledger.system.records["postings"]:
        ledger.system.slip("postings", key, Type="another")
    ledger.system.pass_time(days=8)
    ledger.sync(nightly=True)
    assert ledger.query("select distinct type from raw_ledger_toy.postings") == [("another",)]
