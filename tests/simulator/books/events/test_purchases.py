from datetime import timedelta

from tests.simulator.books.events.conftest import newest, sums
from tieout.simulator.books.events import purchases
from tieout.simulator.books.invented.company import InventedCompany


def test_invoice_dated_in_a_locked_period_is_posted_today(company: InventedCompany) -> None:
    locked = company.books.profile.lock_date
    assert locked
    made = purchases.book_invoice(company, company.suppliers()[0], "IncomingInvoice", locked, [(6800, 10_000)])
    assert made.voucher.date == locked
    assert {posting.date for posting in made.voucher.postings} == {company.today}


def test_incoming_invoice_has_the_sign_of_the_ledger(company: InventedCompany) -> None:
    made = purchases.book_invoice(company, company.suppliers()[0], "IncomingInvoice", company.today, [(6800, 10_000)])
    assert (made.net, made.total, made.entry and made.entry.amount) == (-10_000, -12_500, -12_500)


def test_remittance_pays_what_is_due_with_one_bank_line(company: InventedCompany) -> None:
    made = purchases.book_invoice(company, company.suppliers()[0], "IncomingInvoice", company.today, [(6800, 10_000)])
    assert made.entry
    made.entry.due = company.today
    purchases.pay(company)
    voucher = newest(company, "IncomingBankRemittance")
    assert made.entry.balance() == 0
    assert len([posting for posting in voucher.postings if posting.account_no == 1920]) == 1
    assert all(posting.bank_transfer_id for posting in voucher.postings if posting.entry)


def test_credit_note_of_a_supplier_is_used_before_the_bank(company: InventedCompany) -> None:
    supplier = company.suppliers()[0]
    credit = purchases.book_invoice(company, supplier, "IncomingCreditNote", company.today, [(6800, -4_000)])
    invoice = purchases.book_invoice(company, supplier, "IncomingInvoice", company.today, [(6800, 10_000)])
    assert credit.entry
    assert invoice.entry
    company.payables = [credit.entry, invoice.entry]
    invoice.entry.due = company.today
    purchases.pay(company)
    assert credit.entry.balance() == invoice.entry.balance() == 0
    assert sums(newest(company, "IncomingBankRemittance"))[1920] == -7_500


def test_foreign_invoice_keeps_its_currency_and_pays_the_difference_to_the_rate(company: InventedCompany) -> None:
    while not (
        foreign := [
            i for i in company.books.incoming.values() if i.currency == "USD" and i.entry and not i.entry.settlements
        ]
    ):
        purchases.receive_foreign_invoice(company)
    invoice = foreign[-1]
    assert invoice.entry
    company.books.rates["USD", company.today] += 500_000
    company.payables, invoice.entry.due = [invoice.entry], company.today - timedelta(days=1)
    purchases.pay(company)
    amounts = sums(newest(company, "IncomingBankRemittance"))
    assert invoice.entry.balance() == 0
    assert amounts[8160] == -amounts[1920] - amounts[2400] > 0
