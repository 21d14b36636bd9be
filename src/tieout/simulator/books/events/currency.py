"""Exchange rates, and the monthly revaluation of the bank account in euro."""

from __future__ import annotations

from datetime import date
from math import sin

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import month_end

_LEVELS = {"EUR": 11_600_000, "SEK": 1_020_000, "USD": 10_500_000}  # NOK for one unit, millionths


def plan(company: InventedCompany, day: date) -> None:
    """Set the day's rates; on a month's last day revalue what the bank account in euro holds."""
    for number, (currency, level) in enumerate(_LEVELS.items()):
        swing = 0.03 * sin(day.toordinal() / 90 + number) + company.rng.uniform(-0.004, 0.004)
        company.books.rates[currency, day] = round(level * (1 + swing) / 100) * 100
    company.books.version += 1
    if day == month_end(day):
        company.at(company.moment(day, 20, 22), lambda: revalue(company))


def in_nok(company: InventedCompany, currency: str, amount: int) -> int:
    """An amount at today's rate, in øre."""
    return round(amount * company.books.rates[currency, company.today] / 1_000_000)


def revalue(company: InventedCompany) -> None:
    """Bring account 1940 to the day's rate; the difference is gain or loss."""
    held = [posting for posting in company.books.postings.values() if posting.account_no == 1940]
    value = in_nok(company, "EUR", sum(posting.currency_amount for posting in held if posting.currency == "EUR"))
    difference = value - sum(posting.amount for posting in held)
    if not difference:
        return
    voucher = company.journal.voucher("ManualJournal", company.today, "Omregning av bankkonto i euro")
    company.journal.post(voucher, 1940, difference, currency="EUR", currency_amount=0)
    company.journal.post(voucher, 8060 if difference > 0 else 8160, -difference)
    company.add(voucher)
