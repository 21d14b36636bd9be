from datetime import timedelta

from tests.simulator.books.events.conftest import newest
from tieout.simulator.books.events import order_lines, receipts, sales
from tieout.simulator.books.invented import parties
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Books, Invoice


def _invoice(company: InventedCompany) -> Invoice:
    """To a new customer, who forgets to pay."""
    customer = parties.add_customer(company, is_person=False)
    lines, tags = order_lines.hours(company, customer)
    made = sales.invoice(company, sales.place(company, customer, lines, tags))
    for payments in company.receipts.values():
        payments[:] = [payment for payment in payments if payment[0] is not made.entry]
    return made


def test_unpaid_invoice_is_stamped_when_due_and_reminded_a_fortnight_later(company: InventedCompany) -> None:
    four = [_invoice(company) for _ in range(4)]
    last = max(made.due for made in four if made.due)
    company.advance(company.books.now + timedelta(days=(last - company.today).days + 15))
    unpaid = [made for made in four if made.entry and made.entry.balance() > 0]
    assert unpaid, "one may have been reversed or credited, not all"
    reminders = [
        voucher.description or ""
        for voucher in company.books.vouchers.values()
        if voucher.type == "OutgoingPaymentReminder"
    ]
    for made in unpaid:
        assert made.due
        assert made.changed.date() >= made.due
        assert any(str(made.invoice_no) in text for text in reminders)


def test_payment_with_kid_is_matched_at_once_and_names_the_bank_account(company: InventedCompany) -> None:
    made = _invoice(company)
    assert made.entry
    while made.entry.balance():
        company.receipts[company.today].append((made.entry, made.entry.amount))
        company.advance(company.books.now + timedelta(days=1))
    paid = [entry for entry in company.books.matches[made.entry.match_id or 0] if entry is not made.entry]
    assert sum(entry.amount for entry in paid) == -made.entry.amount
    by_kid = [
        entry
        for entry in company.books.entries.values()
        if entry.voucher.type == "IncomingOcrGiro" and entry.amount < 0
    ]
    assert by_kid
    assert all(entry.kid and entry.from_bank_account and entry.match_id for entry in by_kid)


def test_nothing_is_expected_from_a_credit_note(company: InventedCompany) -> None:
    before = {day: len(payments) for day, payments in company.receipts.items()}
    made = next(iter(company.books.outgoing.values()))
    assert made.entry
    made.entry.amount = -1
    receipts.expect(company, made)
    assert {day: len(payments) for day, payments in company.receipts.items()} == before
    assert newest(company, "IncomingOcrGiro")


def test_customer_who_owes_two_invoices_may_pay_them_in_one_sum(trade_books: dict[str, Books]) -> None:
    books = trade_books["plumber"]
    joint = [
        posting.entry
        for posting in books.postings.values()
        if posting.entry and posting.voucher.description == "Innbetaling for to fakturaer"
    ]
    payments = [entry for entry in books.entries.values() if entry.kind == "customer" and entry.amount < 0]
    assert 0.01 < len(joint) / len(payments) < 0.12
    for entry in joint:
        settled = [one for one in books.matches[entry.match_id or 0] if one.amount > 0]
        assert len(settled) >= 2
        assert {one.contact_id for one in settled} == {entry.contact_id}
