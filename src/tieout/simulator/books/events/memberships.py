"""An association: dues of its members once a year, and grants that become income while their projects last."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.events import order_lines, sales
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import add_months, month_end, working_day_on_or_after
from tieout.simulator.books.model import Contact, Tags

UNUSED_GRANTS, GRANTS = 2980, 3400
_MONTHS = 6  # that a grant lasts
_DUES_MONTH, _GRANT_MONTHS = 2, (3, 9)


def plan(company: InventedCompany, day: date) -> None:
    """Dues in February, grants in March and September."""
    business = company.business
    if business.dues and day.month == _DUES_MONTH and day == working_day_on_or_after(day.replace(day=1)):
        for member in company.customers():
            company.at(company.moment(day), lambda member=member: invoice_dues(company, member))  # type: ignore[misc]
    if business.grants and day.month in _GRANT_MONTHS and day == working_day_on_or_after(day.replace(day=10)):
        company.at(company.moment(day), lambda: receive_grant(company))


def invoice_dues(company: InventedCompany, member: Contact) -> None:
    """A year's dues, to be paid by KID; firms support with more."""
    products = [product for product in company.books.products.values() if product.code.startswith("KONT")]
    product = products[0] if member.is_person else products[-1]
    tags = company.tags(department=member.department_id)
    text = f"{product.name} {company.today.year}"
    account_no = order_lines.sales_account(company, product)
    line = order_lines.plain(company, text, account_no, product.unit_price or 0, "7", tags=tags, product=product)
    sales.place(company, member, [line], tags, most_days=0)


def receive_grant(company: InventedCompany) -> None:
    """A grant comes for a project and is owed until it is used: a sixth at the end of each month."""
    projects = company.open_projects()
    if not projects:
        return
    tags = company.tags(project=company.rng.choice(projects).id)
    amount = company.business.grants * 100 + company.rng.randrange(0, 1_000) * 10_000
    _move(company, "BankJournal", 1920, UNUSED_GRANTS, amount, tags)
    for month in range(_MONTHS):
        part = amount // _MONTHS if month else amount - amount // _MONTHS * (_MONTHS - 1)
        moment = company.moment(month_end(add_months(company.today, month)), 16, 17)
        company.at(moment, lambda part=part: _move(company, "ManualJournal", UNUSED_GRANTS, GRANTS, part, tags))  # type: ignore[misc]


def _move(company: InventedCompany, kind: str, debit: int, credit: int, amount: int, tags: Tags) -> None:
    voucher = company.journal.voucher(kind, company.today, "Tilskudd" if debit == 1920 else "Tilskudd, inntektsført")
    company.journal.post(voucher, debit, amount, tags=tags)
    company.journal.post(voucher, credit, -amount, tags=tags)
    company.add(voucher)
