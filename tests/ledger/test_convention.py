"""How a trial balance is formed, met in its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tieout.ledger.convention import Accounts, Convention, Moment, closing, met
from tieout.ledger.trial_balance import gaps

BANK, EQUITY, SALES = 1920, 2050, 3000
LAST, THIS = date(2025, 12, 31), date(2026, 3, 11)
ACCOUNTS = Accounts(result={SALES}, opening={BANK: Decimal(7), EQUITY: Decimal(-7)})


def kroner(**amounts: int) -> dict[int, Decimal]:
    return {{"bank": BANK, "equity": EQUITY, "sales": SALES}[name]: Decimal(amount) for name, amount in amounts.items()}


def moments(last: dict[int, Decimal], this: dict[int, Decimal]) -> dict[date, Moment]:
    """Sales of 100 last year and 30 this year, in cash, and what the source says at both dates."""
    return {
        LAST: Moment(since_ever=kroner(bank=100, sales=-100), this_year=kroner(bank=100, sales=-100), theirs=last),
        THIS: Moment(since_ever=kroner(bank=130, sales=-130), this_year=kroner(bank=30, sales=-30), theirs=this),
    }


LAST_YEAR = kroner(bank=100, sales=-100)
RESTARTS = moments(LAST_YEAR, kroner(bank=130, sales=-30))
GOES_ON = moments(LAST_YEAR, kroner(bank=130, sales=-130))
CARRIED = moments(LAST_YEAR, kroner(bank=130, equity=-100, sales=-30))


@pytest.mark.parametrize(
    ("told", "code"), [(RESTARTS, "restarts"), (GOES_ON, "goes_on"), (CARRIED, f"carried_to {EQUITY}")]
)
def test_each_convention_is_met_in_figures_and_fits_them(told: dict[date, Moment], code: str) -> None:
    found = met(told, ACCOUNTS, Convention())
    assert found.code == code
    assert not any(list(gaps(closing(moment, ACCOUNTS, found), moment.theirs)) for moment in told.values())


def test_a_fault_is_no_convention() -> None:
    lost = moments(LAST_YEAR, kroner(bank=135, sales=-35))
    assert met(lost, ACCOUNTS, Convention()) == Convention()
    assert met(lost, ACCOUNTS, Convention(restarts=False)) == Convention(restarts=False)


def test_a_convention_that_still_fits_is_kept() -> None:
    first_year = {LAST: RESTARTS[LAST]}
    assert met(first_year, ACCOUNTS, Convention(restarts=False)) == Convention(restarts=False)


def test_an_opening_that_no_voucher_holds_is_added() -> None:
    moment = RESTARTS[THIS]
    assert closing(moment, ACCOUNTS, Convention(opening_is_posted=False)) == kroner(bank=137, equity=-7, sales=-30)


def test_results_in_an_opening_that_no_voucher_holds_restart_with_the_next_year_too() -> None:
    accounts = Accounts(result={SALES}, opening={BANK: Decimal(9), SALES: Decimal(-9)})
    first, next_ = RESTARTS[LAST], replace(RESTARTS[THIS], opens=False)
    told = Convention(opening_is_posted=False)
    assert closing(first, accounts, told) == kroner(bank=109, sales=-109)
    assert closing(next_, accounts, told) == kroner(bank=139, sales=-30)
    assert closing(next_, accounts, replace(told, restarts=False)) == kroner(bank=139, sales=-139)
    carried = closing(next_, accounts, replace(told, carried_to=EQUITY))
    assert carried == kroner(bank=139, sales=-30, equity=-109)


@pytest.mark.parametrize("code", ["restarts", "goes_on", "carried_to 2050", "goes_on,opening_not_posted"])
def test_a_convention_is_stored_as_a_code(code: str) -> None:
    assert Convention.of(code).code == code
