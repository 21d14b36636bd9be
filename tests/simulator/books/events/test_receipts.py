from datetime import timedelta

from tests.simulator.books.events.conftest import newest
from tieout.simulator.books.events import order_lines, receipts, sales
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.model import Invoice


def _invoice(company: InventedCompany) -> Invoice:
    sales.draft(company, order_lines.hours)
    made = sales.invoice(company, list(company.books.orders.values())[-1])
    for payments in company.receipts.values():  # the customer forgets
        payments[:] = [payment for payment in payments if payment[0] is not made.entry]
    return made


def test_unpaid_invoice_is_stamped_when_due_and_reminded_a_fortnight_later(company: InventedCompany) -> None:
    made = _invoice(company)
    assert made.due
    company.advance(company.books.now + timedelta(days=(made.due - company.today).days + 1))
    assert made.changed.date() == made.due
    company.advance(company.books.now + timedelta(days=14))
    reminders = [voucher for voucher in company.books.vouchers.values() if voucher.type == "OutgoingPaymentReminder"]
    assert any(made.invoice_no in (voucher.description or "") for voucher in reminders if made.invoice_no)


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
