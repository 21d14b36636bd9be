"""Odd but legal vouchers, a few a month: what breaks importers and never breaks the books."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import working_day_on_or_after

_TEXT = "Sagt i \"møte\" den 3.:\r\n«alt; eller\tingenting», 100 % <b>sikkert</b> & 'greit' \\ Ærlig øl på Åsen, ½ € – "


def plan(company: InventedCompany, day: date) -> None:
    """A long text, lines of nothing, a private employee loan, and a number that the system had to document."""
    for number, odd in enumerate((_write_long_text, _post_nothing, _lend, _document_number)):
        if day == working_day_on_or_after(day.replace(day=5 + number * 3)):
            company.at(company.moment(day), lambda odd=odd: odd(company))  # type: ignore[misc]


def _write_long_text(company: InventedCompany) -> None:
    """A description of exactly 255 characters, with quotes, line break and tab in it."""
    text = (_TEXT * 4)[:255]
    voucher = company.journal.voucher("ManualJournal", company.today, text)
    amount = company.rng.randrange(1, 500)
    company.journal.post(voucher, 7740, amount)
    company.journal.post(voucher, 1900, -amount)
    company.add(voucher)


def _post_nothing(company: InventedCompany) -> None:
    """Lines that amount to nothing."""
    voucher = company.journal.voucher("ManualJournal", company.today, "Nullbilag")
    company.journal.post(voucher, 6790, 0, vat_code=company.journal.usable_code("1"), quantity=0)
    company.journal.post(voucher, 1920, 0)
    company.add(voucher)


def _lend(company: InventedCompany) -> None:
    """An employee's loan: a posting with employee number and no department, and one øre that does not divide."""
    employee = company.rng.choice(company.staff())
    amount = company.rng.randrange(100_000, 900_000)
    voucher = company.journal.voucher("ManualJournal", company.today)
    account_no = company.books.control_account("employee", employee.employee_no or 0) or 2910
    company.journal.post(voucher, account_no, amount, contact_id=employee.id, role="employee")
    for part in (amount // 3, amount // 3, amount - amount // 3 * 2):
        company.journal.post(voucher, 1920, -part)
    company.add(voucher)


def _document_number(company: InventedCompany) -> None:
    """The system documents a voucher number that a broken-off draft used up."""
    voucher = company.journal.voucher("SystemGeneratedDocumentationVoucher", company.today, "Ubrukt bilagsnummer")
    company.journal.post(voucher, 1920, 0)
    company.add(voucher)
