"""Selling: orders that are drafted, confirmed and invoiced under the same id, or vanish; imported invoices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tieout.simulator.books.events import order_lines, receipts
from tieout.simulator.books.events.credit_notes import credit
from tieout.simulator.books.events.invoice_postings import post_lines
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.working_days import is_working_day, last_working_days
from tieout.simulator.books.model import (
    NO_TERMS,
    Contact,
    Invoice,
    InvoiceLine,
    SalesOrder,
    Tags,
    Terms,
)


def plan(company: InventedCompany, day: date) -> None:
    """Goods are sold on every working day, hours are invoiced on a month's last two."""
    if not is_working_day(day):
        return
    business, share = company.business, company.season(day) / 21
    for _ in range(company.how_many(business.goods_invoices * share)):
        company.at(company.moment(day), lambda: draft(company, order_lines.goods))
    for _ in range(company.how_many(business.export_invoices * share)):
        company.at(company.moment(day), lambda: draft(company, order_lines.export, currency="EUR"))
    for _ in range(company.how_many(business.imported_invoices * share)):
        company.at(company.moment(day), lambda: import_invoice(company))
    if day in last_working_days(day, 2):
        for _ in range(company.how_many(business.hour_invoices * company.season(day) / 2)):
            company.at(company.moment(day, 7, 11), lambda: draft(company, order_lines.hours, most_days=0))


def draft(
    company: InventedCompany,
    make_lines: order_lines.MakeLines,
    *,
    currency: str = "NOK",
    most_days: int = 9,
    is_mistake: bool = False,
) -> bool:
    """Somebody buys: `place` with a customer drawn by lot. False if there is nobody."""
    customers = company.customers()
    if not customers:
        return False
    customer = company.rng.choice(customers)
    lines, tags = make_lines(company, customer)
    place(company, customer, lines, tags, currency=currency, most_days=most_days, is_mistake=is_mistake)
    return True


def place(
    company: InventedCompany,
    customer: Contact,
    lines: list[InvoiceLine],
    tags: Tags,
    *,
    currency: str = "NOK",
    most_days: int = 9,
    is_mistake: bool = False,
) -> SalesOrder:
    """Draft an order that is confirmed and invoiced within `most_days` (0: within hours); a mistake is deleted."""
    order = SalesOrder(
        id=company.journal.new_uuid(),
        no=company.next_number("order", 1),
        customer_id=customer.id,
        status="Draft",
        date=company.today,
        created=company.books.now,
        changed=company.books.now,
        currency=currency,
        reference=f"Ref. {company.rng.randrange(1000)}" if company.rng.random() < 0.5 else None,
        rate=company.books.rates[currency, company.today] if currency != "NOK" else None,
        payment_days=customer.payment_days,
        terms=_terms(company, customer),
        tags=tags,
        lines=[(company.journal.new_uuid(), line) for line in lines],
    )
    company.books.orders[order.id] = order
    company.books.version += 1
    if is_mistake:
        company.at(company.moment(company.today + timedelta(days=1)), lambda: _throw_away(company, order))
    else:
        _schedule(company, order, most_days)
    return order


def _schedule(company: InventedCompany, order: SalesOrder, most_days: int) -> None:
    rng, now = company.rng, company.instant
    if most_days == 0:
        confirmed = now + timedelta(minutes=rng.randrange(5, 60))
        invoiced = confirmed + timedelta(minutes=rng.randrange(1, 90))
    else:
        confirmed = now + timedelta(hours=rng.randrange(1, 48))
        invoiced = confirmed + timedelta(hours=rng.randrange(2, most_days * 24))
    company.at(confirmed, lambda: _confirm(company, order))
    company.at(invoiced, lambda: order.id in company.books.orders and invoice(company, order))


def _confirm(company: InventedCompany, order: SalesOrder) -> None:
    order.status, order.changed = "Confirmed", company.books.now
    company.books.version += 1


def _throw_away(company: InventedCompany, order: SalesOrder) -> None:
    del company.books.orders[order.id]
    company.books.version += 1
    company.plant("order vanished", f"order {order.no}")


def invoice(company: InventedCompany, order: SalesOrder) -> Invoice:
    """Make the order an invoice: same id, new line ids; the order is gone."""
    books = company.books
    del books.orders[order.id]
    customer = books.contacts[order.customer_id]
    voucher = company.journal.voucher(
        "OutgoingInvoice", company.today, f"Faktura til {customer.name}"[:255], id=order.id
    )
    invoice_no = company.next_number("invoice", 10_001)
    lines = [replace(line, id=books.new_id(), created=books.now, changed=books.now) for _, line in order.lines]
    entry = post_lines(
        company, voucher, customer, lines, currency=order.currency, invoice_no=invoice_no, tags=order.tags
    )
    net = sum(line.net for line in lines)
    made = Invoice(
        kind="outgoing",
        voucher=voucher,
        contact_id=customer.id,
        invoice_no=str(invoice_no),
        entry=entry,
        date=voucher.date,
        due=entry.due,
        net=net,
        total=entry.currency_amount,
        net_nok=sum(line.net_nok for line in lines),
        total_nok=entry.amount,
        created=order.created,
        changed=books.now,
        currency=order.currency,
        rate=books.rates[order.currency, company.today] if order.currency != "NOK" else None,
        sent=books.now,
        kid=entry.kid,
        order_no=order.no,
        order_date=order.date,
        delivery=customer.delivery,
        reference=order.reference,
        payment_days=order.payment_days,
        terms=replace(order.terms, delivery_date=voucher.date),
        tags=order.tags,
        lines=lines,
    )
    entry.matching_reference = made.terms.matching_reference
    books.outgoing[voucher.id] = made
    company.add(voucher)
    receipts.expect(company, made)
    if company.rng.random() < 0.03:
        later = company.moment(company.today + timedelta(days=company.rng.randrange(2, 15)))
        company.at(later, lambda: credit(company, made))
    return made


def import_invoice(company: InventedCompany) -> None:
    """An invoice made in another system: number and amounts only, never sent from here, no lines."""
    customers = company.customers()
    if not customers:
        return
    books, customer = company.books, company.rng.choice(customers)
    voucher = company.journal.voucher("OutgoingInvoice", company.today, "Importert faktura")
    voucher.imported_no = company.next_number("imported", 500_001)
    net = -company.rng.randrange(100, 30_000) * 100
    entry = company.journal.post_party(
        voucher,
        customer,
        "customer",
        0,
        due=company.today + timedelta(days=customer.payment_days),
        invoice_no=str(voucher.imported_no),
        is_main=True,
    )
    entry.amount = entry.currency_amount = -company.journal.post_taxed(voucher, 3000, net, "3", text="Importert salg")
    voucher.postings[0].amount = voucher.postings[0].currency_amount = entry.amount
    made = Invoice(
        kind="outgoing",
        voucher=voucher,
        contact_id=customer.id,
        invoice_no=entry.invoice_no,
        entry=entry,
        date=voucher.date,
        due=entry.due,
        net=-net,
        total=entry.amount,
        net_nok=-net,
        total_nok=entry.amount,
        created=books.now,
        changed=books.now,
        delivery="External",
    )
    books.outgoing[voucher.id] = made
    company.add(voucher)
    receipts.expect(company, made)


def _terms(company: InventedCompany, customer: Contact) -> Terms:
    """Three of four orders say who sold and how it is delivered."""
    rng = company.rng
    if rng.random() < 0.25:
        return NO_TERMS
    persons = [person.id for person in company.books.contact_persons.values() if person.contact_id == customer.id]
    return Terms(
        sellers_reference_id=rng.choice(company.staff()).id,
        contact_person_id=persons[0] if persons else None,
        delivery_term_id=customer.delivery_term_id,
        branding_theme_id=customer.branding_theme_id,
        delivery_date=company.today,
        delivery_address=customer.address,
        contract_no=f"A-{rng.randrange(100)}",
        purchase_order=f"PO-{rng.randrange(10_000)}",
        matching_reference=f"M{rng.randrange(10_000)}" if rng.random() < 0.2 else None,
    )
