"""Spans and accounting periods of SAF-T: which days a file covers, and on which day a voucher is posted."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.elements import Element, texts


@dataclass(frozen=True, slots=True)
class Span:
    first: date
    last: date

    @property
    def year_end_month(self) -> int:
        """The month in which whole years end; December where the file covers no whole years."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return self.last.month if months % 12 == 0 else 12


def span_of_years(first: int, last: int) -> Span:
    return Span(date(first, 1, 1), date(last, 12, 31))


def span_told(criteria: Element) -> Span | None:
    """From SelectionCriteria, which gives periods or days. None if it gives neither. Raises ValueError."""
    told = texts(criteria)
    if "SelectionStartDate" in told and "SelectionEndDate" in told:
        return _in_order(amounts.day(told["SelectionStartDate"]), amounts.day(told["SelectionEndDate"]))
    if "PeriodStartYear" not in told:
        return None
    start_year = amounts.year(told["PeriodStartYear"])
    first = date(start_year, _month(told.get("PeriodStart", "1")), 1)
    last_year, last_month = (
        amounts.year(told.get("PeriodEndYear", str(start_year))),
        _month(told.get("PeriodEnd", "12")),
    )
    return _in_order(first, last_day(last_year, last_month))


def last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def posting_date(on: date, period: int | None, year: int | None, year_end_month: int) -> date:
    """The voucher's own day if it lies in its period, else the period's last; period 13 and later: the last day of the year.

    A period is taken for a calendar month unless the year is shifted and the day lies in that month of the year.
    """
    if period is None or year is None or period < 1:
        return on
    if period > 12:
        return last_day(year, year_end_month)
    shifted = (year_end_month + period - 1) % 12 + 1
    own_year = on.year - year in (-1, 0, 1)
    if (on.year, on.month) == (year, period) or (year_end_month != 12 and own_year and on.month == shifted):
        return on
    return last_day(year, period)


def _month(period: str) -> int:
    return min(max(int(period), 1), 12)


def _in_order(first: date, last: date) -> Span:
    if last < first:
        raise ValueError(f"its span ends ({last}) before it begins ({first})")
    return Span(first, last)
