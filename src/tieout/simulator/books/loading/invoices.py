"""Invoices and credit notes, made from the vouchers that booked them."""

from __future__ import annotations

from tieout.simulator.books.model import Books, Entry, Invoice, InvoiceLine, Posting, Voucher

_KINDS = {
    "OutgoingInvoice": "outgoing",
    "OutgoingCreditNote": "outgoing",
    "IncomingInvoice": "incoming",
    "IncomingCreditNote": "incoming",
}


def add_invoices(books: Books) -> None:
    """Every invoice voucher with one line on a party is an invoice."""
    for voucher in books.vouchers.values():
        kind = _KINDS.get(voucher.type)
        if kind is None:
            continue
        role = "customer" if kind == "outgoing" else "supplier"
        entries = {
            posting.entry.id: posting.entry for posting in voucher.postings if posting.entry and posting.role == role
        }
        if len(entries) == 1:
            (entry,) = entries.values()
            shelf = books.outgoing if kind == "outgoing" else books.incoming
            shelf[voucher.id] = _invoice(books, kind, voucher, entry)


def _invoice(books: Books, kind: str, voucher: Voucher, entry: Entry) -> Invoice:
    vat = sum(posting.amount for posting in voucher.postings if 2700 <= int(str(posting.account_no)[:4]) <= 2729)
    net = entry.amount + vat
    is_foreign = entry.currency != "NOK" and entry.amount != 0
    return Invoice(
        kind=kind,
        voucher=voucher,
        contact_id=entry.contact_id,
        invoice_no=entry.invoice_no,
        entry=entry,
        date=voucher.date,
        due=entry.due,
        net=entry.currency_amount * net // entry.amount if is_foreign else net,
        total=entry.currency_amount if is_foreign else entry.amount,
        net_nok=net,
        total_nok=entry.amount,
        created=voucher.created,
        changed=entry.changed,
        currency=entry.currency,
        rate=entry.amount * 10**6 // entry.currency_amount if is_foreign and entry.currency_amount else None,
        kid=entry.kid,
        delivery="External",
        payment_days=max((entry.due - voucher.date).days, 0) if entry.due else None,
        tags=entry.tags,
        lines=[_line(books, posting, sort) for sort, posting in enumerate(_sales(kind, voucher), 1)],
    )


def _sales(kind: str, voucher: Voucher) -> list[Posting]:
    """Class 3 of an outgoing one. Incoming ones have no lines."""
    return [posting for posting in voucher.postings if kind == "outgoing" and str(posting.account_no).startswith("3")]


def _line(books: Books, posting: Posting, sort: int) -> InvoiceLine:
    net = -posting.amount
    currency_net = -posting.currency_amount if posting.currency != "NOK" else net
    vat_code = books.vat_codes.get(posting.vat_code or "")
    return InvoiceLine(
        id=books.new_id(),
        created=posting.created,
        changed=posting.changed,
        sort=sort,
        description=posting.description,
        account_no=posting.account_no,
        unit_price=currency_net,
        net=currency_net,
        net_nok=net,
        vat=-posting.vat_amount,
        vat_code=posting.vat_code,
        vat_rate=vat_code.rate if vat_code else 0,
        tags=posting.tags,
    )
