"""A landlord: rent from each tenant, by the month or by the quarter in advance, and a loan in euro."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tieout.simulator.books.events import order_lines, sales
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.currency import in_nok
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.working_days import (
    month_end,
    working_day_on_or_after,
    working_day_on_or_before,
)
from tieout.simulator.books.model import Contact, InvoiceLine, Product

LOAN, BANK = 2260, 1940
_INTEREST, _INSTALMENTS, _INDEX = 480, 40, 250  # basis points a year; quarters; basis points a year


def plan(company: InventedCompany, day: date) -> None:
    """Rent on a month's first working day; interest and an instalment on a quarter's last."""
    if company.business.rents and day == working_day_on_or_after(day.replace(day=1)):
        for tenant in company.customers():
            company.at(company.moment(day), lambda tenant=tenant: invoice_rent(company, tenant))  # type: ignore[misc]
    if not company.business.euro_loan:
        return
    if day == working_day_on_or_after(company.books.profile.conversion_date):
        company.at(company.moment(day), lambda: borrow(company))
    if day.month % 3 == 0 and day == working_day_on_or_before(month_end(day)):
        company.at(company.moment(day), lambda: pay_instalment(company))


def invoice_rent(company: InventedCompany, tenant: Contact) -> None:
    """Firms pay with VAT (the landlord is registered of his own will) and half of them by the quarter; dwellings are exempt."""
    is_quarterly = not tenant.is_person and tenant.id % 2 == 0
    if is_quarterly and company.today.month % 3 != 1:
        return
    company.engaged.add(tenant.id)
    rent, costs = _products(company, tenant)
    tags = company.tags(department=tenant.department_id)
    months = 3 if is_quarterly else 1
    lines: list[InvoiceLine] = []
    for product in (rent, costs) if costs else (rent,):
        account_no = order_lines.sales_account(company, product)
        code = company.books.accounts[account_no].vat_code or "6"
        price = _indexed(company, tenant, product)
        text = f"{product.name}, {company.today:%m.%Y}"
        line = order_lines.plain(company, text, account_no, price * months, code, tags=tags, product=product)
        lines.append(replace(line, quantity=months * 100, unit_price=price, is_accrued=is_quarterly))
    sales.place(company, tenant, order_lines.numbered(lines), tags, most_days=0)


def _products(company: InventedCompany, tenant: Contact) -> tuple[Product, Product | None]:
    """Rent, and for firms their part of the common costs."""
    by_code = {product.code: product for product in company.books.products.values()}
    return (by_code["LEIE B"], None) if tenant.is_person else (by_code["LEIE N"], by_code["FELLES"])


def _indexed(company: InventedCompany, tenant: Contact, product: Product) -> int:
    """A tenant's own rent, raised each January."""
    agreed = (product.unit_cost or 0) + 800_000 + tenant.id * 7919 % 24 * 100_000
    years = company.today.year - company.books.profile.conversion_date.year
    return share(agreed, 10_000 + _INDEX * years) // 100 * 100


def borrow(company: InventedCompany) -> None:
    """Take up the loan into the account in euro."""
    cents = company.business.euro_loan * 100
    _post_euro(company, "Opptak av lån i euro", ((BANK, cents), (LOAN, -cents)))


def pay_instalment(company: InventedCompany) -> None:
    """A quarter's interest on what is owed, and a part of the loan, both in euro."""
    owed = -sum(posting.currency_amount for posting in company.books.postings.values() if posting.account_no == LOAN)
    instalment = min(company.business.euro_loan * 100 // _INSTALMENTS, owed)
    interest = share(owed, _INTEREST) // 4
    if owed <= 0:
        return
    rows = ((8150, interest), (LOAN, instalment), (BANK, -interest - instalment))
    _post_euro(company, "Renter og avdrag, lån i euro", rows)


def _post_euro(company: InventedCompany, text: str, rows: tuple[tuple[int, int], ...]) -> None:
    """Post cents at today's rate; the last account takes the rounding."""
    voucher = company.journal.voucher("BankJournal", company.today, text)
    posted = 0
    for account_no, cents in rows[:-1]:
        amount = in_nok(company, "EUR", cents)
        company.journal.post(voucher, account_no, amount, currency="EUR", currency_amount=cents)
        posted += amount
    account_no, cents = rows[-1]
    company.journal.post(voucher, account_no, -posted, currency="EUR", currency_amount=cents)
    company.add(voucher)
