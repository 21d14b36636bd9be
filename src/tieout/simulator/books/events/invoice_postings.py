"""What an invoice or a credit note to a customer posts."""

from __future__ import annotations

from datetime import timedelta

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.currency import in_nok
from tieout.simulator.books.invented.working_days import add_months
from tieout.simulator.books.model import Contact, Entry, InvoiceLine, Tags, Voucher
from tieout.simulator.books.numbers import kid

_DEFERRED_INCOME = 2900


def post_lines(
    company: InventedCompany,
    voucher: Voucher,
    customer: Contact,
    lines: list[InvoiceLine],
    *,
    currency: str,
    invoice_no: int,
    tags: Tags,
) -> Entry:
    """Post the customer's part and each line of an invoice or (with negative lines) a credit note. Fills the lines' øre."""
    number = customer.customer_no or 0
    due = voucher.date + timedelta(days=customer.payment_days)
    entry = company.journal.post_party(
        voucher,
        customer,
        "customer",
        0,
        tags=tags,
        currency=currency,
        due=due,
        invoice_no=str(invoice_no),
        kid=kid(number, invoice_no),
        is_main=True,
    )
    owed = 0
    for line in lines:
        line.net_nok = line.net if currency == "NOK" else in_nok(company, currency, line.net)
        if line.line_type in ("Normal", "InvoiceFee"):
            owed -= company.journal.post_taxed(
                voucher,
                line.account_no or 0,
                -line.net_nok,
                line.vat_code or "0",
                text=line.description,
                tags=line.tags,
                currency=currency,
                currency_net=-line.net,
                quantity=line.quantity,
            )
            if line.is_accrued:
                _accrue(company, voucher, line)
    entry.amount = voucher.postings[0].amount = owed
    currency_owed = owed if currency == "NOK" else sum(line.net + line.vat for line in lines)
    entry.currency_amount = voucher.postings[0].currency_amount = currency_owed
    return entry


def _accrue(company: InventedCompany, voucher: Voucher, line: InvoiceLine) -> None:
    """Keep all months but the first as deferred income, and earn it month by month: balanced on each date."""
    months = abs(line.quantity) // 100
    part = line.net_nok // months
    first = voucher.date.replace(day=1)
    moves = [(voucher.date, -part * (months - 1))] + [(add_months(first, month), part) for month in range(1, months)]
    for day, amount in moves:
        company.journal.post(voucher, _DEFERRED_INCOME, amount, on=day, text=line.description)
        company.journal.post(voucher, line.account_no or 0, -amount, on=day, text=line.description, tags=line.tags)
