"""Norwegian working days, and the ends of months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
_AFTER_EASTER = (-3, -2, 0, 1, 39, 49, 50)  # Maundy Thursday to Easter Monday, Ascension, Whitsun


@cache
def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_day_on_or_before(day: date) -> date:
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_on_or_after(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day some months on, or that month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_working_days(day: date, count: int) -> set[date]:
    """The last working days of the month that `day` lies in."""
    found: set[date] = set()
    candidate = month_end(day)
    while len(found) < count:
        candidate = working_day_on_or_before(candidate)
        found.add(candidate)
        candidate -= timedelta(days=1)
    return found


@cache
def _holidays(year: int) -> frozenset[date]:
    easter = _easter(year)
    return frozenset({date(year, *day) for day in _FIXED} | {easter + timedelta(days=days) for days in _AFTER_EASTER})


def _easter(year: int) -> date:
    """Easter Sunday, by the Gregorian computus as Meeus and others give it."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
