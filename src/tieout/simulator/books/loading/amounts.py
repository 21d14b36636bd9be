"""Amounts, quantities, days and instants as files write them. What can't be held exactly is an error, or rounded and told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")
_PLAIN = re.compile(r"([+-]?)([0-9]{1,16})(?:\.([0-9]{0,2})0*)?")
_FIRST_YEAR, _LAST_YEAR = 1900, 9998
_LARGEST = 10**15  # øre; a trillion kroner and more is no amount but a mistake


def hundredths(text: str, *, finer: Callable[[str], None] | None = None) -> int:
    """Øre from kroner, or hundredths from units. Raises ValueError for what is no number.

    What is finer than a hundredth is told to `finer` and rounded half to even; without that it raises ValueError too.
    """
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        return _exactly(text, finer)
    sign, whole, rest = plain.groups()
    value = int(whole) * 100 + int((rest or "").ljust(2, "0"))
    if value > _LARGEST:
        raise ValueError(f"{text!r} is too large to be an amount")
    return -value if sign == "-" else value


def rounded_hundredths(text: str) -> int:
    """Like `hundredths`, for quantities and rates, which may be finer: rounded half to even. Raises ValueError."""
    return int((_decimal(text) * 100).to_integral_value())


def _exactly(text: str, finer: Callable[[str], None] | None) -> int:
    value = _decimal(text) * 100
    whole = value.to_integral_value()
    if value != whole:
        if finer is None:
            raise ValueError(f"{text!r} is finer than a hundredth")
        finer(text)
    return int(whole)


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is no number") from None
    if not value.is_finite() or abs(value) > _LARGEST / 100:
        raise ValueError(f"{text[:40]!r} is no amount")
    return value


def kroner(ore: int) -> str:
    """Øre as text for people: -1234567 -> -12,345.67."""
    return f"{Decimal(ore).scaleb(-2):,.2f}"


def day(text: str) -> date:
    """A day written YYYY-MM-DD (a time zone after it is of no meaning) or YYYYMMDD. Raises ValueError."""
    value = _any_day(text)
    if value.year < _FIRST_YEAR:
        raise ValueError(f"{text!r} is no day that books know")
    return value


def optional_day(text: str | None) -> date | None:
    """Like `day`; None where nothing is written, or what software writes for nothing (the year 1)."""
    value = _any_day(text) if text else None
    return value if value is not None and value.year >= _FIRST_YEAR else None


def year(text: str) -> int:
    """A year that books may have. Raises ValueError."""
    value = int(text)
    if not _FIRST_YEAR <= value <= _LAST_YEAR:
        raise ValueError(f"{text[:40]!r} is no year that books know")
    return value


def _any_day(text: str) -> date:
    return date.fromisoformat(text[:10] if text[4:5] == "-" else text)


def midnight(on: date) -> datetime:
    """When a day begins in Norway, in UTC."""
    return datetime.combine(on, time(), NORWAY).astimezone(UTC)


def instant(text: str, *, on: date) -> datetime | None:
    """A time as software writes it, in UTC: with its own offset, or Norwegian; a clock time alone belongs to `on`.

    None for what software writes for nothing (the year 1). Raises ValueError.
    """
    if "T" not in text and ":" in text[:3]:
        text = f"{on.isoformat()}T{text}"
    value = datetime.fromisoformat(text)
    if value.year < _FIRST_YEAR:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=NORWAY)).astimezone(UTC)
