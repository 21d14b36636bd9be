"""VAT returns: a voucher a term that empties the VAT accounts, its payment, and the lock date that follows."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.chart import VAT_ACCOUNTS
from tieout.simulator.books.invented.balances import balances
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.lock import is_open, move_lock
from tieout.simulator.books.invented.working_days import working_day_on_or_after, working_day_on_or_before

_DEADLINES = {
    2: (4, 10),
    4: (6, 10),
    6: (8, 31),
    8: (10, 10),
    10: (12, 10),
    12: (2, 10),
}  # last month of a term -> month, day


def plan(company: InventedCompany, day: date) -> None:
    """Return each two-month term about ten days before its deadline and pay on the deadline."""
    if not company.books.profile.is_vat_registered:
        _lock_by_hand(company, day)
        return
    for last_month, (month, last_day) in _DEADLINES.items():
        deadline = date(day.year, month, last_day)
        if day == working_day_on_or_before(deadline - timedelta(days=10)):
            term_end = _term_end(deadline, last_month)
            company.at(company.moment(day, 12, 14), lambda term_end=term_end: file_return(company, term_end))  # type: ignore[misc]
        if day == working_day_on_or_after(deadline):
            company.at(company.moment(day, 8, 9), lambda: _settle(company))


def file_return(company: InventedCompany, term_end: date) -> None:
    """Move the term's VAT to 2740, whole kroner, the rest to rounding; then lock the term."""
    if not is_open(company.books, term_end):
        return  # the term ended before the company's conversion date
    voucher = company.journal.voucher("VatReturns", term_end, f"Mva-melding, termin til {term_end:%d.%m.%Y}")
    owed = 0
    for account_no, amount in balances(company.books, VAT_ACCOUNTS, term_end).items():
        company.journal.post(voucher, account_no, -amount)
        owed += amount
    rounded = round(owed / 100) * 100
    company.journal.post(voucher, 2740, rounded)
    if rounded != owed:
        company.journal.post(voucher, 7740, owed - rounded)
    company.add(voucher)
    move_lock(company, term_end, "mva-melding levert")


def _lock_by_hand(company: InventedCompany, day: date) -> None:
    """Who returns no VAT locks the month before on the 20th."""
    if day == working_day_on_or_after(day.replace(day=20)):
        month_before = day.replace(day=1) - timedelta(days=1)
        if is_open(company.books, month_before):
            company.at(company.moment(day, 12, 14), lambda: move_lock(company, month_before, "for hånd"))


def _settle(company: InventedCompany) -> None:
    """Pay what was returned, or get it back."""
    owed = balances(company.books, (2740,), company.today).get(2740)
    if not owed:
        return
    voucher = company.journal.voucher("BankJournal", company.today, "Oppgjør av mva")
    company.journal.post(voucher, 2740, -owed)
    company.journal.post(voucher, 1920, owed)
    company.add(voucher)


def _term_end(deadline: date, last_month: int) -> date:
    year = deadline.year if last_month < deadline.month else deadline.year - 1
    return (date(year, last_month, 1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
