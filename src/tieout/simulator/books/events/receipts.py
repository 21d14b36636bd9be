"""What customers do with an invoice: pay it in time, late, in part, twice or never; and what is done about it."""

from __future__ import annotations

from datetime import date, timedelta
from math import log
from random import Random

from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.currency import in_nok
from tieout.simulator.books.invented.working_days import is_working_day, working_day_on_or_after
from tieout.simulator.books.matching import match
from tieout.simulator.books.model import Contact, Entry, Invoice
from tieout.simulator.books.numbers import bank_account

_PAYS_TWO = 0.12  # of those who owe more than one invoice: about 6 % of payments


def plan(company: InventedCompany, day: date) -> None:
    """The bank's file of payments comes early on a working day."""
    for late in [promised for promised in company.receipts if promised <= day] if is_working_day(day) else ():
        payments = company.receipts.pop(late)
        company.at(company.moment(day, 4, 6), lambda payments=payments: _receive(company, payments))  # type: ignore[misc]


def expect(company: InventedCompany, invoice: Invoice) -> None:
    """Decide when and how much the customer pays, and plan the reminders for the case that he does not."""
    entry, rng = invoice.entry, company.rng
    if entry is None or entry.amount <= 0:
        return
    customer = company.books.contacts[entry.contact_id]
    day = working_day_on_or_after(company.today + timedelta(days=_delay(company, customer)))
    draw = rng.random()
    if draw < 0.003:
        company.at(company.moment(company.today + timedelta(days=110)), lambda: _write_off(company, entry))
    elif draw < 0.033:
        half = entry.amount // 200 * 100
        company.receipts[day].append((entry, half))
        company.receipts[day + timedelta(days=20)].append((entry, entry.amount - half))
    elif draw < 0.038:
        company.receipts[day].append((entry, entry.amount + 10_000))
    else:
        company.receipts[day].append((entry, entry.amount))
    _plan_dunning(company, invoice)


def _delay(company: InventedCompany, customer: Contact) -> int:
    """Days from sending to payment: consumers 23 on average, firms 33, log-normal, and a tail of those who take months."""
    if company.rng.random() < 0.03:
        return company.rng.randrange(60, 100)
    mean = 23 if customer.is_person else 33
    return min(round(company.rng.lognormvariate(log(mean) - 0.08, 0.4)), 100)


def _receive(company: InventedCompany, payments: list[tuple[Entry, int]]) -> None:
    """Nine of ten come with KID and are matched at once; the others wait for somebody to match them."""
    by_kid, others = [], []
    own = {entry.id for entry, _ in payments}
    for entry, amount in payments:
        if entry.balance() <= 0:
            continue
        if entry.currency != "NOK":
            _receive_currency(company, entry)
        elif (other := _paid_along(company, entry, own)) is not None:
            _receive_both(company, entry, other)
        elif entry.kid and company.rng.random() < 0.9:
            by_kid.append((entry, amount))
        else:
            others.append((entry, amount))
    if by_kid:
        _post_payments(company, "IncomingOcrGiro", "OCR-innbetalinger", by_kid)
    for entry, amount in others:
        ((invoice, paid),) = _post_payments(company, "BankJournal", "Innbetaling uten KID", [(entry, amount)])
        _match_later(company, invoice, paid)


def _post_payments(
    company: InventedCompany, kind: str, text: str, payments: list[tuple[Entry, int]]
) -> list[tuple[Entry, Entry]]:
    """One voucher for all of them. Returns each invoice's entry with its payment's."""
    voucher = company.journal.voucher(kind, company.today, text)
    company.journal.post(voucher, 1920, sum(amount for _, amount in payments))
    pairs = []
    for invoice, amount in payments:
        customer = company.books.contacts[invoice.contact_id]
        paid = company.journal.post_party(voucher, customer, "customer", -amount, tags=invoice.tags)
        if kind == "IncomingOcrGiro":
            paid.kid, paid.from_bank_account = invoice.kid, bank_account(Random(customer.id))
        pairs.append((invoice, paid))
    company.add(voucher)
    if kind == "IncomingOcrGiro":
        for invoice, paid in pairs:
            match(company.books, invoice, paid)
    return pairs


def _paid_along(company: InventedCompany, entry: Entry, own: set[int]) -> Entry | None:
    """Now and then a customer who owes more pays two invoices in one sum. The other one (not of `own` payments), or None."""
    with company.aside(f"paid along/{entry.id}"):
        if company.rng.random() >= _PAYS_TWO:
            return None
    return next(
        (
            one
            for one in company.books.entries.values()
            if one.contact_id == entry.contact_id and one.kind == "customer" and one.id not in own
            if one.currency == "NOK" and one.invoice_no and one.balance() > 0
        ),
        None,
    )


def _receive_both(company: InventedCompany, first: Entry, second: Entry) -> None:
    """One entry settles both: the three share a match."""
    owed = first.balance() + second.balance()
    voucher = company.journal.voucher("BankJournal", company.today, "Innbetaling for to fakturaer")
    company.journal.post(voucher, 1920, owed)
    customer = company.books.contacts[first.contact_id]
    paid = company.journal.post_party(voucher, customer, "customer", -owed, tags=first.tags)
    company.add(voucher)
    for invoice in (first, second):
        match(company.books, invoice, paid)


def _match_later(company: InventedCompany, invoice: Entry, paid: Entry) -> None:
    day = working_day_on_or_after(company.today + timedelta(days=company.rng.randrange(1, 6)))

    def act() -> None:
        if invoice.balance() > 0 and paid.balance() < 0:
            match(company.books, invoice, paid)
            company.plant("matched later", f"{invoice.invoice_no}")

    company.at(company.moment(day), act)


def _receive_currency(company: InventedCompany, invoice: Entry) -> None:
    """Euro come in at the day's rate; the difference to the invoice's rate is gain or loss."""
    value = in_nok(company, invoice.currency, invoice.currency_amount)
    voucher = company.journal.voucher("BankJournal", company.today, "Innbetaling i euro")
    company.journal.post(voucher, 1940, value, currency=invoice.currency, currency_amount=invoice.currency_amount)
    paid = company.journal.post_party(
        voucher,
        company.books.contacts[invoice.contact_id],
        "customer",
        -invoice.amount,
        currency=invoice.currency,
        currency_amount=-invoice.currency_amount,
    )
    if value != invoice.amount:
        company.journal.post(voucher, 8060 if value > invoice.amount else 8160, invoice.amount - value)
    company.add(voucher)
    match(company.books, invoice, paid)


def _plan_dunning(company: InventedCompany, invoice: Invoice) -> None:
    if invoice.due is None:
        return
    stages = ((14, "OutgoingPaymentReminder", 3_500), (28, "OutgoingNoticeOfDebtCollection", 3_500))
    company.at(company.moment(invoice.due, 0, 1), lambda: _mark(company, invoice))
    for days, kind, fee in stages:
        moment = company.moment(invoice.due + timedelta(days=days), 6, 7)
        company.at(moment, lambda kind=kind, fee=fee: _remind(company, invoice, kind, fee))  # type: ignore[misc]


def _mark(company: InventedCompany, invoice: Invoice) -> None:
    """An invoice that falls due unpaid is stamped, contract 7.8."""
    if invoice.entry and invoice.entry.balance() > 0:
        invoice.changed = company.books.now
        company.books.version += 1


def _remind(company: InventedCompany, invoice: Invoice, kind: str, fee: int) -> None:
    """Post the fee of a reminder. It is paid with the invoice, in two weeks."""
    entry = invoice.entry
    if entry is None or entry.balance() <= 0:
        return
    customer = company.books.contacts[entry.contact_id]
    voucher = company.journal.voucher(kind, company.today, f"Purring på faktura {invoice.invoice_no}")
    due = company.today + timedelta(days=14)
    owed = company.journal.post_party(
        voucher, customer, "customer", fee, due=due, invoice_no=invoice.invoice_no, kid=invoice.kid
    )
    company.journal.post_taxed(voucher, 3950, -fee, "6")
    company.add(voucher)
    company.receipts[due].append((owed, fee))
    _mark(company, invoice)


def _write_off(company: InventedCompany, entry: Entry) -> None:
    """Give up on an invoice: a loss, not a payment."""
    rest = entry.balance()
    if rest <= 0:
        return
    customer = company.books.contacts[entry.contact_id]
    voucher = company.journal.voucher("ManualJournal", company.today, f"Tap på faktura {entry.invoice_no}")
    lost = company.journal.post_party(voucher, customer, "customer", -rest)
    lost.is_write_off = True
    company.journal.post(voucher, 7830, rest)
    company.add(voucher)
    match(company.books, entry, lost)
    company.plant("written off", f"{entry.invoice_no}")
