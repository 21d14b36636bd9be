"""Credit notes to customers."""

from __future__ import annotations

from dataclasses import replace

from tieout.simulator.books.events.invoice_postings import post_lines
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.matching import match
from tieout.simulator.books.model import Invoice


def credit(company: InventedCompany, original: Invoice) -> None:
    """Credit an unpaid invoice in kroner: seven of ten times all of it, else its first line."""
    entry = original.entry
    if entry is None or original.currency != "NOK" or entry.balance() != entry.amount or original.voucher.is_reversed:
        return
    books, customer = company.books, company.books.contacts[original.contact_id]
    taken = original.lines if company.rng.random() < 0.7 else original.lines[:1]
    lines = [
        replace(
            line,
            id=books.new_id(),
            created=books.now,
            changed=books.now,
            quantity=-line.quantity,
            net=-line.net,
            vat=-line.vat,
        )
        for line in taken
    ]
    if not sum(line.net for line in lines):
        return
    voucher = company.journal.voucher(
        "OutgoingCreditNote", company.today, f"Kreditnota til faktura {original.invoice_no}"
    )
    number = company.next_number("invoice", 10_001)
    credited = post_lines(company, voucher, customer, lines, currency="NOK", invoice_no=number, tags=original.tags)
    books.outgoing[voucher.id] = replace(
        original,
        voucher=voucher,
        invoice_no=str(number),
        entry=credited,
        date=voucher.date,
        due=credited.due,
        net=sum(line.net for line in lines),
        net_nok=sum(line.net_nok for line in lines),
        total=credited.amount,
        total_nok=credited.amount,
        created=books.now,
        changed=books.now,
        sent=books.now,
        balance_changed=None,
        kid=credited.kid,
        order_no=None,
        order_date=None,
        related_invoice_no=original.invoice_no,
        lines=lines,
    )
    company.add(voucher)
    match(books, entry, credited)
