"""Arithmetic of the trial balance. Amounts are Decimal, debit positive."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
DIGITS = Decimal("0.0001")
TOLERANCE = Decimal("0.01")  # from here on a difference is one


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Where two balances of one account (or party) do not agree."""

    number: int
    ours: Decimal
    theirs: Decimal


def closing(
    since_ever: Mapping[int, Decimal], this_year: Mapping[int, Decimal], result_accounts: Collection[int]
) -> dict[int, Decimal]:
    """Closing balance per account: result accounts restart with the fiscal year, balance accounts never do."""
    balances = {number: amount for number, amount in since_ever.items() if number not in result_accounts}
    return balances | {number: amount for number, amount in this_year.items() if number in result_accounts}


def gaps(ours: Mapping[int, Decimal], theirs: Mapping[int, Decimal]) -> Iterator[Gap]:
    """Every number whose two balances differ by an øre or more; one that is missing on a side is zero there.

    Both are taken to four decimals first: a source may tell its balances with the noise of binary floats.
    """
    for number in sorted({*ours, *theirs}):
        our, their = (side.get(number, ZERO).quantize(DIGITS) for side in (ours, theirs))
        if abs(our - their) >= TOLERANCE:
            yield Gap(number, our, their)
