"""Where a ledger difference arose: narrowed by the source's trial balances at month ends in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tieout.catalog import Window
from tieout.ledger.fiscal_year import month_ends
from tieout.ledger.trial_balance import TOLERANCE, ZERO
from tieout.sync.books import FIRST_DAY
from tieout.sync.proof.ledger import Ledger

MOST_BALANCES = 60  # trial balances asked to narrow one difference; what is left is read in larger pieces


@dataclass(frozen=True, slots=True)
class Guilty:
    """A span of posting dates in which a difference arose, and by how much each account: stored less vendor."""

    window: Window
    apart: Mapping[int, Decimal]


class Search:
    """Goes from the dates that were held against the source to the months that are wrong."""

    def __init__(self, ledger: Ledger, first_month: date | None) -> None:
        self._ledger, self._first_month = ledger, first_month
        self._left = MOST_BALANCES

    def guilty(self) -> Iterator[Guilty]:
        """The guilty spans, oldest first. Raises ConnectorError."""
        before: date | None = None
        for on in sorted(self._ledger.gaps):
            yield from self._narrow(before, on)
            before = on

    def _narrow(self, after: date | None, until: date) -> Iterator[Guilty]:
        apart = self._arose(after, until)
        if not apart:
            return
        inside = self._month_ends(after, until)
        if not inside or not self._left:
            yield Guilty(Window(after + timedelta(days=1) if after else FIRST_DAY, until), apart)
            return
        middle = inside[len(inside) // 2]
        self._left -= 1
        yield from self._narrow(after, middle)
        yield from self._narrow(middle, until)

    def _arose(self, after: date | None, until: date) -> dict[int, Decimal]:
        """What differs at `until` and did not already at `after`."""
        now = self._ledger.gaps_on(until)
        before = self._ledger.carried(self._ledger.gaps_on(after), after, until) if after else {}
        apart = {number: now.get(number, ZERO) - before.get(number, ZERO) for number in {*now, *before}}
        return {number: amount for number, amount in sorted(apart.items()) if abs(amount) >= TOLERANCE}

    def _month_ends(self, after: date | None, until: date) -> list[date]:
        if after is not None:
            return [on for on in month_ends(after + timedelta(days=1), until) if on < until]
        opening, first = self._ledger.opening_date, self._first_month
        start = [opening] if opening and opening < until else []
        since = opening + timedelta(days=1) if opening else first
        return start + [on for on in month_ends(since, until) if on < until] if since else start
