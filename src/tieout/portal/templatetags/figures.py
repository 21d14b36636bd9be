"""Figures as people of finance write them: exact, tabular, minus U+2212, in the language of the page. Never through a float."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.translation import get_language, gettext, ngettext

register = template.Library()

MINUS = "\u2212"
NO_BREAK_SPACE = "\u00a0"


@register.filter
def amount(value: Any, least: int = 2) -> str:
    """An exact amount with at least `least` decimals; more only where they say something. What is no number stays itself."""
    number = _decimal(value)
    if number is None:
        return "" if value is None else str(value)
    whole, _, decimals = format(abs(number), "f").partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    sign = MINUS if number < 0 else ""
    return sign + _grouped(whole) + (_point() + decimals if decimals else "")


@register.filter
def count(value: Any) -> str:
    """A whole number with its thousands apart."""
    return amount(value, 0)


@register.filter
def organisation_number(value: Any) -> str:
    """Nine digits in groups of three, kept on one line."""
    digits = str(value or "")
    return NO_BREAK_SPACE.join(digits[at : at + 3] for at in range(0, len(digits), 3)) if digits.isdigit() else digits


@register.filter
def took(seconds: Any) -> str:
    """How long something took: "0.4 s", "48 s", "12 min 5 s", "1 h 20 min"."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if seconds < 9.95:
        return f"{amount(Decimal(str(round(seconds, 1))), 1)}{NO_BREAK_SPACE}s"
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else left, "s")]
    return " ".join(f"{number}{NO_BREAK_SPACE}{unit}" for number, unit in parts if number)


@register.filter
def minutes(span: tuple[float, float] | None) -> str:
    """An estimate in seconds, shown as a range of minutes: "28–33 min"."""
    if span is None:
        return ""
    low, high = (max(1, round(seconds / 60)) for seconds in span)
    if high <= 1:
        return gettext("about a minute")
    if high >= 120:
        low, high = max(1, round(low / 60)), round(high / 60)
        return (
            ngettext("about %(n)s hour", "about %(n)s hours", high) % {"n": high} if low == high else f"{low}–{high} h"
        )
    return f"{low} min" if low == high else f"{low}–{high} min"


def _decimal(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool | float):
        return None
    try:
        number = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _grouped(digits: str) -> str:
    separator = NO_BREAK_SPACE if _is_norwegian() else ","
    return f"{int(digits):,}".replace(",", separator)


def _point() -> str:
    return "," if _is_norwegian() else "."


def _is_norwegian() -> bool:
    return (get_language() or "").startswith(("nb", "no"))
