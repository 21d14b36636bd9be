"""Goods from abroad: the seller's invoice without VAT, and some days later freight, duty and the declaration that has it."""

from __future__ import annotations

from datetime import date, timedelta

from tieout.simulator.books.events import purchases, recurring
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.invented.working_days import is_working_day, working_day_on_or_after
from tieout.simulator.books.model import Voucher

_GOODS, _FREIGHT, BASIS, CONTRA = 4300, 4360, 4380, 4381
_DUTY = 800  # of the goods, basis points
# Code of the goods' cost, code of the declaration: nine of ten for sale, some food, now and then something for own use.
_KINDS = (*(("21", "81"),) * 7, *(("22", "83"),) * 2, ("21", "82"))


def plan(company: InventedCompany, day: date) -> None:
    """Shipments are invoiced on working days."""
    if not company.business.imports or not is_working_day(day):
        return
    for _ in range(company.how_many(company.business.imports * company.season(day) / 21)):
        company.at(company.moment(day), lambda: receive_goods(company))


def receive_goods(company: InventedCompany) -> Voucher | None:
    """The seller's invoice; forwarder and customs follow in vouchers of their own."""
    rng = company.rng
    suppliers = company.suppliers(rng.choice(("EUR", "EUR", "SEK", "USD")))
    if not suppliers:
        return None
    cost_code, code = rng.choice(_KINDS)
    number = f"SHP-{rng.randrange(10**5)}"
    net = rng.randrange(2_000, 30_000) * 100 + rng.randrange(100)
    made = purchases.book_foreign_invoice(company, rng.choice(suppliers), net, _GOODS, cost_code, number=number)
    value = -made.total_nok
    freight, duty = value * rng.randrange(3, 12) // 100, share(value, _DUTY)
    arrived = company.today + timedelta(days=rng.randrange(2, 12))
    lines = [(_FREIGHT, freight), (_FREIGHT, duty)]
    company.at(company.moment(working_day_on_or_after(arrived)), lambda: _pay_forwarder(company, lines, number))
    declared = company.moment(working_day_on_or_after(arrived + timedelta(days=4)))
    company.at(declared, lambda: declare(company, value + freight + duty, code, number))
    return made.voucher


def _pay_forwarder(company: InventedCompany, lines: list[tuple[int, int]], number: str) -> None:
    """Freight across the border and duty have no VAT of their own."""
    forwarder = recurring.supplier_of(company, "Spedisjon")
    text = f"Frakt og toll, sending {number}"
    purchases.book_invoice(company, forwarder, "IncomingInvoice", company.today, lines, vat_code="20", text=text)


def declare(company: InventedCompany, basis: int, code: str, number: str) -> Voucher:
    """The customs declaration: VAT on goods, freight and duty together, owed by the importer; the basis cancels out."""
    voucher = company.journal.voucher("ManualJournal", company.today, f"Tolldeklarasjon, sending {number}")
    net = company.journal.post_taxed(voucher, BASIS, basis, code)
    company.journal.post(voucher, CONTRA, -net)
    return company.add(voucher)
