"""Suppliers who come back: rent and insurance spread over months in one voucher, water at the rate of the day."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.events import purchases
from tieout.simulator.books.invented import parties
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import add_months, working_day_on_or_after
from tieout.simulator.books.model import Contact, Invoice

WATER_RATE_CHANGE = date(2025, 7, 1)  # water and sewage went from 25 to 15 %
_WATER = 6320


def plan(company: InventedCompany, day: date) -> None:
    """Rent each quarter and insurance each year counted from the start, water every second month."""
    start = company.books.profile.conversion_date
    months = (day.year - start.year) * 12 + day.month - start.month
    if day == working_day_on_or_after(day.replace(day=2)):
        if months % 3 == 0:
            company.at(company.moment(day), lambda: _spread(company, "Utleie", 6300, 1740, 3, 4_500_000, "1"))
        if months % 12 == 0:
            company.at(company.moment(day), lambda: _spread(company, "Forsikring", 7500, 1700, 12, 9_600_000, "0"))
        if months % 2 == 0:
            company.at(company.moment(day), lambda: _pay_water(company))
    if day == WATER_RATE_CHANGE:
        company.at(company.moment(day, 0, 1), lambda: change_water_rate(company))


def change_water_rate(company: InventedCompany) -> None:
    """From now on the account's usual code is 11."""
    if not company.books.profile.is_vat_registered:
        return
    account = company.books.accounts[_WATER]
    account.vat_code = "11"
    company.books.touch(account)
    company.plant("VAT code of an account changed", f"{_WATER}: 1 -> 11")


def supplier_of(company: InventedCompany, trade: str) -> Contact:
    """The supplier of a trade, taken on when first needed."""
    name = f"{company.books.profile.address.city} {trade} AS"
    for contact in company.books.contacts.values():
        if contact.name == name:
            return contact
    return parties.add_supplier(company, name=name)


def _spread(company: InventedCompany, trade: str, cost: int, prepaid: int, months: int, net: int, code: str) -> None:
    """Book an invoice as prepaid, and its cost month by month: postings ahead of today that balance on each date."""
    supplier = supplier_of(company, trade)
    voucher = company.journal.voucher("IncomingInvoice", company.today, f"{trade}, {months} måneder")
    number = f"{company.rng.randrange(10**6):06d}"
    due = company.today.replace(day=20)
    tags = purchases.cost_tags(company)
    entry = company.journal.post_party(
        voucher, supplier, "supplier", 0, due=due, invoice_no=number, tags=tags, is_main=True
    )
    total = company.journal.post_taxed(voucher, prepaid, net, code)
    part = net // months
    for month in range(months):
        day = max(add_months(company.today.replace(day=1), month), company.today)
        amount = part if month else net - part * (months - 1)
        company.journal.post(voucher, prepaid, -amount, on=day)
        company.journal.post(voucher, cost, amount, on=day, tags=tags)
    purchases.finish(company, voucher, entry, net=net, total=total, total_nok=total)
    company.plant("posted ahead", f"voucher {voucher.no}")


def _pay_water(company: InventedCompany) -> None:
    """A municipal invoice; those of July and August 2025 bill June at 25 % and July at 15 %."""
    supplier = supplier_of(company, "kommune")
    lines = [(_WATER, company.rng.randrange(1_000, 4_000) * 100)]
    if company.today < WATER_RATE_CHANGE or (company.today.year, company.today.month) not in ((2025, 7), (2025, 8)):
        purchases.book_invoice(company, supplier, "IncomingInvoice", company.today, lines, text="Vann og avløp")
        return
    lines.append((_WATER, company.rng.randrange(1_000, 2_000) * 100))
    _book_two_rates(company, supplier, lines)


def _book_two_rates(company: InventedCompany, supplier: Contact, lines: list[tuple[int, int]]) -> Invoice:
    voucher = company.journal.voucher("IncomingInvoice", company.today, "Vann og avløp, juni og juli")
    entry = company.journal.post_party(
        voucher,
        supplier,
        "supplier",
        0,
        due=company.today.replace(day=28),
        invoice_no=f"{company.rng.randrange(10**6):06d}",
        is_main=True,
    )
    total = sum(
        company.journal.post_taxed(voucher, account_no, net, code)
        for (account_no, net), code in zip(lines, ("1", "11"), strict=True)
    )
    return purchases.finish(company, voucher, entry, net=sum(net for _, net in lines), total=total, total_nok=total)
