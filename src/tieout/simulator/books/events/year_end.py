"""What the end of months and years brings: depreciation, interest, hours not yet invoiced, tax and the year's result."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.chart import EURO_ACCOUNTS
from tieout.simulator.books.invented.balances import balances
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.currency import in_nok
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.lock import is_open, lift_lock, move_lock
from tieout.simulator.books.invented.working_days import month_end, working_day_on_or_after

_TAX = 2200  # company tax, basis points
_MONTHLY_DEPRECIATION = ((1250, 10_000), (1280, 4_000))  # sixty months of what the opening voucher brings


def plan(company: InventedCompany, day: date) -> None:
    """Month ends in the evening of the last day; the year is closed some weeks after it ended."""
    if day == month_end(day):
        company.at(company.moment(day, 17, 18), lambda: depreciate(company))
        company.at(company.moment(day, 18, 19), lambda: _book_bank_statement(company))
        company.at(company.moment(day, 18, 19), lambda: _sweep(company))
        company.at(company.moment(day, 19, 20), lambda: accrue_income(company))
        company.at(company.moment(day, 20, 22), lambda: revalue(company))
        if any(product.is_stock_item for product in company.books.products.values()):
            company.at(company.moment(day, 20, 21), lambda: count_stock(company))
    ended = _last_year_end(company, day)
    if day == working_day_on_or_after(ended + timedelta(days=company.business.closing_days)):
        company.at(company.moment(day, 10, 11), lambda: close_year(company, ended))


def _last_year_end(company: InventedCompany, day: date) -> date:
    return company.books.fiscal_year_start(day) - timedelta(days=1)


def depreciate(company: InventedCompany) -> None:
    voucher = company.journal.voucher("DepreciationJournal", company.today, "Avskrivninger")
    departments = company.usable(company.books.departments)
    for account_no, kroner in _MONTHLY_DEPRECIATION:
        amount = kroner * max(company.business.employees, 2) * 10 // len(departments)
        for department in departments:
            company.journal.post(voucher, 6010, amount, tags=company.tags(department=department.id))
            company.journal.post(voucher, account_no, -amount)
    company.add(voucher)


def revalue(company: InventedCompany) -> None:
    """Bring the accounts in euro to the day's rate; the differences are gains or losses."""
    for account_no in EURO_ACCOUNTS:
        held = [posting for posting in company.books.postings.values() if posting.account_no == account_no]
        value = in_nok(company, "EUR", sum(posting.currency_amount for posting in held if posting.currency == "EUR"))
        if difference := value - sum(posting.amount for posting in held):
            _book_difference(company, account_no, difference)


def _book_difference(company: InventedCompany, account_no: int, difference: int) -> None:
    name = "bankkonto" if account_no == 1940 else "lån"
    voucher = company.journal.voucher("ManualJournal", company.today, f"Omregning av {name} i euro")
    company.journal.post(voucher, account_no, difference, currency="EUR", currency_amount=0)
    company.journal.post(voucher, 8060 if difference > 0 else 8160, -difference)
    company.add(voucher)


def count_stock(company: InventedCompany) -> None:
    """What the count of goods differs from the books."""
    amount = company.rng.randrange(-30_000, 30_000) * 100
    voucher = company.journal.voucher("ManualJournal", company.today, "Endring i varelager")
    company.journal.post(voucher, 1460, amount)
    company.journal.post(voucher, 4390, -amount)
    company.add(voucher)


def _book_bank_statement(company: InventedCompany) -> None:
    """Fees, interest, and a repayment of the loan."""
    voucher = company.journal.voucher("BankJournal", company.today, "Kontoutskrift")
    fee, interest = company.rng.randrange(50, 900) * 100, company.rng.randrange(2_000, 9_000) * 100
    for account_no, amount in (
        (7770, fee),
        (8150, interest),
        (2220, 2_500_000),
        (8050, -company.rng.randrange(1, 300) * 100),
    ):
        company.journal.post(voucher, account_no, amount)
    company.journal.post(voucher, 1920, -sum(posting.amount for posting in voucher.postings))
    company.add(voucher)


def _sweep(company: InventedCompany) -> None:
    """Move what card payments brought in to the ordinary account."""
    collected = balances(company.books, (1930,), company.today).get(1930)
    if not collected:
        return
    voucher = company.journal.voucher("BankJournal", company.today, "Overføring mellom egne kontoer")
    company.journal.post(voucher, 1920, collected)
    company.journal.post(voucher, 1930, -collected)
    company.add(voucher)


def accrue_income(company: InventedCompany) -> None:
    """Income that is earned but not invoiced: booked on the month's last day and back on the next, in one voucher."""
    amount = company.rng.randrange(1_000, 40_000) * 100
    voucher = company.journal.voucher("ManualJournal", company.today, "Opptjent, ikke fakturert")
    for day, sign in ((company.today, 1), (company.today + timedelta(days=1), -1)):
        company.journal.post(voucher, 1530, sign * amount, on=day)
        company.journal.post(voucher, 3020, -sign * amount, on=day)
    company.add(voucher)


def close_year(company: InventedCompany, ended: date) -> None:
    """Post tax and the year's result on its last day. That lies before the lock date, which is moved back for half an hour."""
    books = company.books
    if ended < books.profile.conversion_date:
        return
    lift_lock(company, ended, minutes=30, why="årsavslutning")
    profit = -sum(amount for no, amount in books.trial_balance(ended).items() if books.is_result(no))
    tax = max(share(profit, _TAX), 0) if company.business.pays_tax else 0
    voucher = company.journal.voucher("YearEndJournal", ended, f"Årsavslutning {ended.year}")
    for account_no, amount in ((8300, tax), (2500, -tax), (8960, profit - tax), (2050, tax - profit)):
        company.journal.post(voucher, account_no, amount)
    company.add(voucher)
    company.at(company.instant + timedelta(hours=1), lambda: _lock_year(company, ended))


def _lock_year(company: InventedCompany, ended: date) -> None:
    if is_open(company.books, ended):
        move_lock(company, ended, "året er avsluttet")
