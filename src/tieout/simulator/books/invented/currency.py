"""Exchange rates: a slow wave with noise around the levels of 2025."""

from __future__ import annotations

from datetime import date
from math import sin

from tieout.simulator.books.invented.company import InventedCompany

_LEVELS = {"EUR": 11_600_000, "SEK": 1_020_000, "USD": 10_500_000}  # NOK for one unit, millionths


def plan(company: InventedCompany, day: date) -> None:
    """Set the day's rates."""
    for number, (currency, level) in enumerate(_LEVELS.items()):
        swing = 0.03 * sin(day.toordinal() / 90 + number) + company.rng.uniform(-0.004, 0.004)
        company.books.rates[currency, day] = round(level * (1 + swing) / 100) * 100
    company.books.version += 1


def in_nok(company: InventedCompany, currency: str, amount: int) -> int:
    """An amount at today's rate, in øre."""
    return round(amount * company.books.rates[currency, company.today] / 1_000_000)
