"""The books' calendar: fiscal years and the dates at which books are closed."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DECEMBER = 12


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """One fiscal year, both days inclusive."""

    first: date
    last: date

    def before(self) -> FiscalYear:
        """The year before."""
        return fiscal_year(self.first - timedelta(days=1), end_month=self.last.month)

    def after(self) -> FiscalYear:
        """The year after."""
        return fiscal_year(self.last + timedelta(days=1), end_month=self.last.month)


def fiscal_year(on: date, *, end_month: int = DECEMBER) -> FiscalYear:
    """The fiscal year that a day lies in, for years that end with the last day of `end_month` (1-12)."""
    ends_in = on.year if on.month <= end_month else on.year + 1
    last = month_end(date(ends_in, end_month, 1))
    first = date(ends_in - 1, end_month + 1, 1) if end_month < DECEMBER else date(ends_in, 1, 1)
    return FiscalYear(first, last)


def month_number(month: object) -> int:
    """A month as a number: 1-12 given as number or text, or its English name in any case. Raises ValueError."""
    text = str(month).strip()
    if text.isdigit() and 1 <= int(text) <= DECEMBER:
        return int(text)
    names = [name.lower() for name in calendar.month_name]
    if text and text.lower() in names:
        return names.index(text.lower())
    raise ValueError(f"not a month: {text!r}")


def month_end(on: date) -> date:
    """The last day of a day's month."""
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def last_full_month_end(on: date) -> date:
    """The end of the last month that is over on a day: that day itself if it ends its month."""
    return on if on == month_end(on) else on.replace(day=1) - timedelta(days=1)


def month_ends(first: date, last: date) -> Iterator[date]:
    """The end of each month from `first`'s on, as far as it is not after `last`."""
    end = month_end(first)
    while end <= last:
        yield end
        end = month_end(end + timedelta(days=1))
