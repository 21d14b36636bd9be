from datetime import timedelta

import pytest

from tests.simulator.books.events.conftest import newest
from tieout.simulator.books.events import order_lines, sales
from tieout.simulator.books.events.credit_notes import credit
from tieout.simulator.books.invented.company import InventedCompany
from tieout.simulator.books.invented.journal import share
from tieout.simulator.books.model import Invoice


def _invoice(company: InventedCompany) -> Invoice:
    sales.draft(company, order_lines.goods)
    return sales.invoice(company, list(company.books.orders.values())[-1])


@pytest.mark.parametrize("make_lines", [order_lines.goods, order_lines.hours])
def test_lines_are_price_times_quantity_less_discount_with_vat(
    company: InventedCompany, make_lines: order_lines.MakeLines
) -> None:
    for customer in company.customers():
        lines, _ = make_lines(company, customer)
        for line in lines:
            gross = line.unit_price * line.quantity // 100 if line.line_type == "Normal" else line.net
            assert line.net == gross - share(gross, line.discount)
            assert line.vat == share(line.net, line.vat_rate)


def test_draft_is_confirmed_and_then_invoiced(company: InventedCompany) -> None:
    sales.draft(company, order_lines.goods)
    order = list(company.books.orders.values())[-1]
    assert order.status == "Draft"
    company.advance(company.books.now + timedelta(days=2))
    assert order.status == "Confirmed"
    company.advance(company.books.now + timedelta(days=10))
    assert order.id not in company.books.orders
    assert company.books.outgoing[order.id].order_no == order.no


def test_mistaken_draft_vanishes_without_an_invoice(company: InventedCompany) -> None:
    sales.draft(company, order_lines.goods, is_mistake=True)
    order = list(company.books.orders.values())[-1]
    company.advance(company.books.now + timedelta(days=2))
    assert order.id not in company.books.orders
    assert order.id not in company.books.vouchers


def test_export_is_invoiced_in_euro_without_vat(company: InventedCompany) -> None:
    sales.draft(company, order_lines.export, currency="EUR")
    made = sales.invoice(company, list(company.books.orders.values())[-1])
    assert made.currency == "EUR"
    assert made.net == made.total == sum(line.net for line in made.lines)
    assert made.rate
    assert abs(made.total_nok - made.total * made.rate / 1_000_000) <= len(made.lines)
    assert {line.vat_code for line in made.lines} == {"52"}


def test_credit_note_is_negative_and_settles_its_invoice(company: InventedCompany) -> None:
    original = _invoice(company)
    while newest(company, "OutgoingCreditNote").created != company.books.now:
        credit(company, original)
        original = _invoice(company)
    note = list(company.books.outgoing.values())[-2]
    assert note.is_credit_note
    assert note.total_nok < 0
    assert note.entry
    assert note.entry.balance() == 0
    assert note.related_invoice_no


def test_imported_invoice_was_never_sent_and_has_no_lines(company: InventedCompany) -> None:
    sales.import_invoice(company)
    made = list(company.books.outgoing.values())[-1]
    assert (made.sent, made.lines, made.order_no) == (None, [], None)
    assert made.voucher.imported_no == int(made.invoice_no or 0)
