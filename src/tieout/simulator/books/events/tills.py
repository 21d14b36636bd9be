"""Sales without invoice: the cash register's voucher of the day, and the web shop's settlement with a line an order."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.events.order_lines import sales_account
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Product, Voucher

_FEE = 180  # of the card company, basis points


def plan(company: InventedCompany, day: date) -> None:
    """The shop is closed on Sundays, some on Mondays too; the web shop settles each morning for the day before."""
    if company.business.cash_departments and _is_open(company, day):
        company.at(company.moment(day, 20, 22), lambda: close_register(company))
    if company.business.web_orders:
        least, most = company.business.web_orders
        orders = round(company.rng.randrange(least, most + 1) * company.season(day))
        if _is_black_friday(day):
            orders = company.business.largest_voucher - 3  # its VAT, the fee and the bank are lines too
        company.at(company.moment(day, 3, 4), lambda: settle_web_orders(company, orders))


def close_register(company: InventedCompany) -> None:
    """Sales by account and department, paid by card and cash; cash is rounded to whole kroner."""
    rng, books = company.rng, company.books
    voucher = company.journal.voucher("CashJournal", company.today, f"Kasseoppgjør {company.today:%d.%m}")
    departments = [department.id for department in company.usable(books.departments)]
    accounts = sorted({sales_account(company, product) for product in books.products.values()} - {3020, 3110})
    taken = 0
    for account_no in accounts:
        for department in departments[: company.business.cash_departments]:
            net = round(rng.randrange(200_000, 900_000) * company.season(company.today))
            code = books.accounts[account_no].vat_code or "3"
            taken -= company.journal.post_taxed(
                voucher, account_no, -net, code, tags=company.tags(department=department)
            )
    cash = taken * rng.randrange(5, 20) // 100
    rounded = round(cash / 100) * 100
    company.journal.post(voucher, 1930, taken - cash)
    company.journal.post(voucher, 1900, rounded)
    if rounded != cash:
        company.journal.post(voucher, 7740, cash - rounded)
    company.add(voucher)


def settle_web_orders(company: InventedCompany, orders: int) -> None:
    """One line an order; in January every seventh is a return. The provider keeps its fee."""
    day = company.today - timedelta(days=1)
    if company.books.profile.lock_date and day <= company.books.profile.lock_date:
        day = company.today
    voucher = company.journal.voucher("ManualJournal", day, f"Nettbutikk, oppgjør {day:%d.%m}")
    voucher.imported_no = company.next_number("settlement", 40_001)
    products = [
        product for product in company.books.products.values() if product.is_stock_item and not product.is_archived
    ]
    taken = sum(_post_order(company, voucher, company.rng.choice(products)) for _ in range(orders))
    fee = taken * _FEE // 10_000
    company.journal.post(voucher, 7780, fee)
    company.journal.post(voucher, 1930, taken - fee)
    company.add(voucher)


def _post_order(company: InventedCompany, voucher: Voucher, product: Product) -> int:
    number = company.next_number("web order", 700_001)
    pieces = company.rng.choice((1, 1, 1, 2, 3))
    if company.today.month == 1 and company.rng.random() < 0.15:
        pieces = -1
    return -company.journal.post_taxed(
        voucher,
        3000,
        -(product.unit_price or 10_000) * pieces,
        "3",
        text=f"Ordre {number}: {product.name}",
        tags=company.tags(product=product.id),
        quantity=pieces * 100,
    )


def _is_open(company: InventedCompany, day: date) -> bool:
    return day.weekday() != 6 and not (company.business.closed_mondays and day.weekday() == 0)


def _is_black_friday(day: date) -> bool:
    """The day after, when the settlement comes: the last Saturday of November that follows a Friday in it."""
    return day.month == 11 and day.weekday() == 5 and day.day > 23
