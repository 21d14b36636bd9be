"""How a source forms its trial balance: no vendor documents it, so it is met in the figures (contract 6.1.2, 11.16-17)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tieout.ledger.trial_balance import TOLERANCE, ZERO, gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """What a trial balance does with results and openings. The default is the one assumed until another one is met.

    `restarts`: result accounts begin each fiscal year at zero; else they go on for ever. `carried_to`: the balance account
    on which earlier years' results stand although no voucher put them there. `opening_is_posted`: the opening balance is
    among the postings; else the trial balance alone knows it.
    """

    restarts: bool = True
    carried_to: int | None = None
    opening_is_posted: bool = True

    @property
    def code(self) -> str:
        """As it is stored: "restarts", "goes_on" or "carried_to 2050", and "opening_not_posted" after a comma."""
        result = f"carried_to {self.carried_to}" if self.carried_to else "restarts" if self.restarts else "goes_on"
        return result if self.opening_is_posted else f"{result},opening_not_posted"

    @classmethod
    def of(cls, code: str) -> Convention:
        """The convention that a code stands for."""
        result, _, opening = code.partition(",")
        carried = int(result.removeprefix("carried_to ")) if result.startswith("carried_to ") else None
        return cls(restarts=result != "goes_on", carried_to=carried, opening_is_posted=not opening)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One date's figures per account: stored sums since ever and in this fiscal year, and the source's balances.

    `opens`: the opening balance lies in this fiscal year, so that results in it still stand on their accounts.
    """

    since_ever: Mapping[int, Decimal]
    this_year: Mapping[int, Decimal]
    theirs: Mapping[int, Decimal]
    opens: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What closing balances are formed with: the result accounts, and an opening that no posting holds."""

    result: Collection[int]
    opening: Mapping[int, Decimal]


def closing(moment: Moment, accounts: Accounts, by: Convention) -> dict[int, Decimal]:
    """Closing balance per account from stored sums, as a source with this convention forms it. Debit positive."""
    balances = dict(moment.since_ever)
    if by.restarts:
        balances = {no: amount for no, amount in balances.items() if no not in accounts.result}
        balances |= {no: amount for no, amount in moment.this_year.items() if no in accounts.result}
    if by.carried_to is not None:
        balances[by.carried_to] = balances.get(by.carried_to, ZERO) + earlier_results(moment, accounts)
    if not by.opening_is_posted:
        for no, amount in accounts.opening.items():
            closed = by.restarts and not moment.opens and no in accounts.result
            to = by.carried_to if closed else no
            if to is not None:
                balances[to] = balances.get(to, ZERO) + amount
    return balances


def earlier_results(moment: Moment, accounts: Accounts) -> Decimal:
    """The result of all fiscal years before this one, as stored."""
    ever = sum((moment.since_ever.get(no, ZERO) for no in accounts.result), ZERO)
    return ever - sum((moment.this_year.get(no, ZERO) for no in accounts.result), ZERO)


def met(moments: Mapping[date, Moment], accounts: Accounts, before: Convention) -> Convention:
    """The convention that fits every date; the one before where it fits, or where none does.

    Whether the opening is posted is not decided here: a lost opening would look just like it. The source is asked.
    """
    for one in (before, *_others(moments, accounts, before)):
        if all(not any(gaps(closing(moment, accounts, one), moment.theirs)) for moment in moments.values()):
            return one
    return before


def _others(moments: Mapping[date, Moment], accounts: Accounts, before: Convention) -> Iterator[Convention]:
    plain = replace(before, restarts=True, carried_to=None)
    yield plain
    yield replace(plain, restarts=False)
    for moment in moments.values():
        earlier = earlier_results(moment, accounts)
        apart = list(gaps(closing(moment, accounts, plain), moment.theirs))
        if len(apart) == 1 and abs(apart[0].theirs - apart[0].ours - earlier) < TOLERANCE:
            yield replace(plain, carried_to=apart[0].number)
