"""Whatever a source does with results and openings in its trial balance is met in its figures, said, and right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.sync.bench import Bench
from tests.sync.ledger_system import BANK, SALES, LedgerReader, LedgerSystem
from tieout.sync.events import TiedOut
from tieout.warehouse.base import Verdict
from tieout.warehouse.incidents import Shape

EQUITY = 2050
OPENING = {BANK: Decimal("1000.25"), EQUITY: Decimal(-999)}


class GoesOn(LedgerReader):
    """Result accounts never restart."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        balances = super().trial_balance(on)
        for year in range(2023, on.year):
            earlier = super().trial_balance(date(year, 12, 31))
            self.requests -= 1
            balances[SALES] = balances.get(SALES, Decimal(0)) + earlier.get(SALES, Decimal(0))
        return balances


class CarriesOver(LedgerReader):
    """Earlier years' results stand on equity, and no voucher put them there."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        balances = super().trial_balance(on)
        for year in range(2023, on.year):
            balances[EQUITY] += super().trial_balance(date(year, 12, 31)).get(SALES, Decimal(0))
            self.requests -= 1
        return balances


class KnowsTheOpening(LedgerReader):
    """The opening balance is in the trial balance alone."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        balances = super().trial_balance(on)
        for account, amount in OPENING.items() if on >= date(2023, 12, 31) else ():
            balances[account] = balances.get(account, Decimal(0)) + amount
        return balances


def reads_with(bench: Bench, reader: type[LedgerReader]) -> None:
    bench.connector.open = lambda key, company="", **_: reader(bench.system, key.reveal())  # type: ignore[method-assign]


def without_opening(bench: Bench) -> None:
    postings = bench.system.records["postings"]
    for key in [key for key, record in postings.items() if record["Voucher"] == 0]:
        del postings[key]


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        (LedgerReader, "restarts"),
        (GoesOn, "goes_on"),
        (CarriesOver, f"carried_to {EQUITY}"),
        (KnowsTheOpening, "restarts,opening_not_posted"),
    ],
)
def test_each_convention_is_met_said_and_proved(ledger: Bench, reader: type[LedgerReader], code: str) -> None:
    if reader is KnowsTheOpening:
        without_opening(ledger)
    reads_with(ledger, reader)
    ledger.sync()
    assert (ledger.tied.verdict, ledger.tied.convention, ledger.tied.incident) == (Verdict.PROVED, code, None)
    assert ledger.told(TiedOut)[0].as_json()["convention"] == code
    ledger.system.pass_time(hours=25)
    ledger.sync()
    assert (ledger.tied.verdict, ledger.store.tie_outs(limit=1)[0].convention) == (Verdict.PROVED, code)


@pytest.mark.parametrize("reader", [GoesOn, CarriesOver])
def test_a_fault_under_another_convention_is_found_in_its_month(ledger: Bench, reader: type[LedgerReader]) -> None:
    reads_with(ledger, reader)
    ledger.sync()
    assert isinstance(ledger.system, LedgerSystem)
    with ledger.warehouse.writing() as connection:
        connection.execute("delete from raw_ledger_toy.postings where voucher_no = 5")
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.tied.incident is not None
    assert {(f.shape, f.voucher_no) for f in ledger.tied.incident.findings if f.check == "ledger"} == {
        (Shape.MISSING_VOUCHER, 5)
    }


def test_a_lost_opening_is_no_convention(ledger: Bench) -> None:
    ledger.sync()
    with ledger.warehouse.writing() as connection:
        connection.execute("delete from raw_ledger_toy.postings where voucher_no = 0")
    ledger.sync()
    assert (ledger.tied.verdict, ledger.tied.convention) == (Verdict.PROVED, "restarts")
    assert ledger.tied.incident is not None
    assert {f.shape for f in ledger.tied.incident.findings} == {Shape.OPENING_MISSING}
