"""Faults added to warehouses and copies of real files: exactly those accounts and amounts are named, no more and no less."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tests import odd_files
from tests.planted_faults import TABLE, Planting, planting
from tieout import config
from tieout.warehouse.base import Verdict

DATA = config.load().test_data / "data"
FILES = ("sie/Test4.SE", "saft/example_1.30.xml")  # one of each format

pytestmark = pytest.mark.skipif(not DATA.exists(), reason=f"the real files are not at {DATA} (TIEOUT_TEST_DATA)")


@pytest.fixture(params=FILES)
def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planting]:
    with planting(tmp_path_factory.mktemp("real"), books=[DATA / request.param], seed=5) as synced:
        yield synced


def test_two_amounts_and_a_lost_voucher_are_named_and_nothing_else(at: Planting) -> None:
    before = at.sums()
    first, second = at.random.sample([row for (row,) in at.ask(f"select id from {TABLE} order by id")], 2)
    voucher = at.some(
        "voucher_no",
        f"voucher_no > 0 and voucher_no not in (select voucher_no from {TABLE} where id in ({first}, {second}))",
    )
    at.write(
        f"update {TABLE} set amount = amount + 12.34 where id = {first}",
        f"update {TABLE} set amount = amount - 0.01 where id = {second}",
        f"delete from {TABLE} where voucher_no = {voucher}",
    )
    apart = _apart(before, at.sums())
    tied = at.tie_out()
    assert tied.verdict is Verdict.NOT_PROVED
    today = max(check.date for check in tied.checks)
    differences = {d.account_no: d.difference for d in tied.differences if d.check == "ledger" and d.date == today}
    assert differences == _at_the_end(at, apart, today)
    assert tied.incident is not None
    told: defaultdict[tuple[int | None, date | None], Decimal] = defaultdict(Decimal)
    for finding in tied.incident.findings:
        if finding.check == "ledger":
            told[finding.account_no, finding.month] += finding.difference
    assert {place: amount for place, amount in told.items() if amount} == apart
    healed = at.sync()
    assert (healed.verdict, at.sums()) == (Verdict.PROVED, before)


def _apart(
    before: dict[tuple[int, date], Decimal], after: dict[tuple[int, date], Decimal]
) -> dict[tuple[int | None, date | None], Decimal]:
    found = {place: after.get(place, Decimal(0)) - before.get(place, Decimal(0)) for place in {*before, *after}}
    return {place: amount for place, amount in found.items() if amount}


def _at_the_end(
    at: Planting, apart: dict[tuple[int | None, date | None], Decimal], today: date
) -> dict[int | None, Decimal]:
    """What is left today: result accounts restart with the fiscal year, and these files' years are over."""
    result = {
        no
        for (no,) in at.ask(
            "select account_no from raw_poweroffice.general_ledger_accounts "
            "where general_ledger_account_type in ('Income', 'Expense')"
        )
    }
    left: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    for (account, month), amount in apart.items():
        if account not in result or (month is not None and month.year == today.year):
            left[account] += amount
    return {account: amount for account, amount in left.items() if amount}


@pytest.mark.parametrize("fault", odd_files.FAULTS, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", odd_files.FILES)
def test_the_loader_names_exactly_what_no_longer_adds_up_in_a_file(
    name: str, fault: Callable[[list[str], Random], None], tmp_path: Path
) -> None:
    said = odd_files.with_fault(DATA / "sie" / name, fault, tmp_path / "odd.se", seed=1)
    assert said.apart
    assert odd_files.told_by_the_loader(tmp_path / "odd.se") == said.apart


def test_a_voucher_that_does_not_sum_in_the_file_is_all_that_the_tie_out_names(tmp_path: Path) -> None:
    said = odd_files.with_fault(DATA / "sie" / "typ4.se", odd_files.lost_line, tmp_path / "odd.se", seed=1)
    told = odd_files.told_by_the_tie_out(tmp_path / "odd.se", tmp_path / "w")
    assert told == (Verdict.NOT_PROVED, said.unbalanced, 0)
