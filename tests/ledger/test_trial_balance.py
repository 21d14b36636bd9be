"""Arithmetic of the trial balance."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tieout.ledger.trial_balance import Gap, closing, gaps

D = Decimal
balances = st.dictionaries(st.integers(1000, 1010), st.decimals(-1000, 1000, places=2))


def test_result_accounts_restart_with_the_year_and_balance_accounts_do_not() -> None:
    ever = {1920: D(100), 3000: D(-500)}
    year = {1920: D(10), 3000: D(-50)}
    assert closing(ever, year, {3000}) == {1920: D(100), 3000: D(-50)}


def test_an_ore_is_a_gap_and_less_is_none() -> None:
    assert list(gaps({1: D("0.01"), 2: D("0.0099")}, {})) == [Gap(1, D("0.01"), D(0))]


def test_noise_of_doubles_hides_no_ore() -> None:
    assert list(gaps({1: D("107.08")}, {1: D("107.07000000000001")})) == [Gap(1, D("107.08"), D("107.07"))]


def test_an_account_that_one_side_lacks_is_zero_there() -> None:
    assert list(gaps({}, {1500: D(5)})) == [Gap(1500, D(0), D(5))]


@given(balances, balances)
def test_gaps_explain_the_whole_difference(ours: dict[int, Decimal], theirs: dict[int, Decimal]) -> None:
    found = sum((gap.ours - gap.theirs for gap in gaps(ours, theirs)), D(0))
    assert found == sum(ours.values(), D(0)) - sum(theirs.values(), D(0))


@given(balances)
def test_nothing_differs_from_itself(ours: dict[int, Decimal]) -> None:
    assert list(gaps(ours, ours)) == []
