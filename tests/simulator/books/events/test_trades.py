"""What is particular to a trade: contracts, rents, imports, memberships. Each company once, for all tests here."""

from collections import Counter
from datetime import date

import pytest

from tests.simulator.books.conftest import NOW
from tests.simulator.books.events.conftest import sums
from tieout.simulator.books.events import contracts, imports, memberships, rents
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import PLUMBER
from tieout.simulator.books.invented.trades import IMPORTER
from tieout.simulator.books.model import Books, Invoice


def invoices_on(books: Books, account_no: int) -> list[Invoice]:
    """Outgoing invoices with a line on an account, the oldest first."""
    return [made for made in books.outgoing.values() if any(line.account_no == account_no for line in made.lines)]


def test_advance_is_invoiced_with_vat_and_taken_off_the_final_invoice() -> None:
    company = invent(PLUMBER, seed=3, now=NOW)
    order_id = contracts.agree(company)
    assert order_id is not None
    tags = company.books.orders[order_id].tags
    assert tags.project_id
    company.advance(company.books.now.replace(month=7))
    advance = company.books.outgoing[order_id]
    assert sums(advance.voucher)[contracts.ADVANCES] == -advance.net
    assert sums(advance.voucher)[2700] == -advance.net // 4
    finals = [
        made
        for made in invoices_on(company.books, contracts.ADVANCES)
        if any(f"faktura {advance.invoice_no}" in (line.description or "") for line in made.lines)
    ]
    (final,) = finals
    assert final.lines[-1].net == -advance.net
    assert advance.net == round(sum(line.net for line in final.lines[:-1]) * 0.4)
    assert final.tags == tags


def test_advance_that_was_credited_is_not_taken_off() -> None:
    company = invent(PLUMBER, seed=3, now=NOW)
    order_id = contracts.agree(company)
    assert order_id is not None
    project = company.books.projects[company.books.orders[order_id].tags.project_id or 0]
    company.advance(company.books.now.replace(day=25))
    company.books.outgoing[order_id].voucher.is_reversed = True
    final = company.books.orders[contracts.finish(company, order_id, project, 10_000_000)]
    assert sum(line.net for _, line in final.lines) == 10_000_000


def test_no_more_advances_are_taken_off_than_were_invoiced(trade_books: dict[str, Books]) -> None:
    assert trade_books["plumber"].trial_balance(NOW.date()).get(contracts.ADVANCES, 0) <= 0


def test_reverse_charge_has_no_vat(trade_books: dict[str, Books]) -> None:
    lines = [posting for posting in trade_books["plumber"].postings.values() if posting.vat_code == "51"]
    assert lines
    assert not any(posting.vat_amount for posting in lines)


def test_tenants_get_twelve_rents_a_year_firms_with_vat_and_dwellings_without(trade_books: dict[str, Books]) -> None:
    books = trade_books["property"]
    by_tenant = Counter(made.contact_id for made in books.outgoing.values() if made.date.year == 2025 and made.lines)
    for tenant in books.contacts.values():
        if tenant.customer_no and not tenant.employee_no and by_tenant[tenant.id] and tenant.created.year == 2024:
            assert by_tenant[tenant.id] >= (12 if tenant.is_person or tenant.id % 2 else 4)
    for account_no, code in ((3600, "3"), (3620, "6")):
        codes = {line.vat_code for made in invoices_on(books, account_no) for line in made.lines}
        assert codes == {code}


def test_rent_of_a_quarter_is_earned_month_by_month(trade_books: dict[str, Books]) -> None:
    made = next(one for one in invoices_on(trade_books["property"], 3600) if one.lines[0].is_accrued)
    earned = Counter(posting.date.month for posting in made.voucher.postings if posting.account_no == 3600)
    assert set(earned) == {made.date.month, made.date.month + 1, made.date.month + 2}


def test_loan_in_euro_is_paid_back_and_kept_at_the_rate_of_the_month_end(trade_books: dict[str, Books]) -> None:
    books = trade_books["property"]
    loan = [posting for posting in books.postings.values() if posting.account_no == rents.LOAN]
    left = -sum(posting.currency_amount for posting in loan if posting.date <= date(2026, 2, 28))
    assert 0 < left < 400_000 * 100
    rate = books.rates["EUR", date(2026, 2, 28)]
    booked = -sum(posting.amount for posting in loan if posting.date <= date(2026, 2, 28))
    assert booked == round(left * rate / 1_000_000)
    assert any(posting.account_no == 8150 and posting.currency == "EUR" for posting in books.postings.values())


def test_customs_owe_vat_on_goods_freight_and_duty_in_a_voucher_of_its_own() -> None:
    company = invent(IMPORTER, seed=3, now=NOW)
    bought = imports.receive_goods(company)
    assert bought is not None
    assert not {2705, 2706, 2715, 2716} & set(sums(bought))
    for code, owed, deducted in (("81", 2705, 2715), ("83", 2706, 2716)):
        amounts = sums(imports.declare(company, 100_000_00, code, "X"))
        rate = company.books.vat_codes[code].rate
        assert amounts == {
            imports.BASIS: 10_000_000,
            imports.CONTRA: -10_000_000,
            owed: -rate * 1_000,
            deducted: rate * 1_000,
        }


def test_import_for_own_use_is_not_deducted() -> None:
    company = invent(IMPORTER, seed=3, now=NOW)
    amounts = sums(imports.declare(company, 100_000_00, "82", "X"))
    assert amounts == {imports.BASIS: 12_500_000, imports.CONTRA: -10_000_000, 2705: -2_500_000}


def test_shipment_is_followed_by_freight_and_declaration(trade_books: dict[str, Books]) -> None:
    books = trade_books["importer"]
    texts = [voucher.description or "" for voucher in books.vouchers.values()]
    shipped = {entry.invoice_no for entry in books.entries.values() if (entry.invoice_no or "").startswith("SHP-")}
    told = [
        number for number in shipped if number and any(text == f"Tolldeklarasjon, sending {number}" for text in texts)
    ]
    assert len(told) > 0.8 * len(shipped) > 50
    paid = {
        posting.account_no for posting in books.postings.values() if posting.voucher.type == "IncomingBankRemittance"
    }
    assert {8060, 8160} <= paid


def test_members_pay_dues_by_kid_once_a_year(trade_books: dict[str, Books]) -> None:
    books = trade_books["association"]
    invoices = [made for made in invoices_on(books, 3920) if not made.is_credit_note]
    dues = [made for made in invoices if (made.lines[0].description or "").endswith(" 2026")]
    assert len(dues) > 100
    assert all(made.kid and made.date.month == 2 and made.total == made.net for made in dues)
    assert len({made.contact_id for made in dues}) == len(dues)


def test_grant_is_owed_until_it_is_used(trade_books: dict[str, Books]) -> None:
    books = trade_books["association"]
    moved = [posting for posting in books.postings.values() if posting.account_no == memberships.UNUSED_GRANTS]
    assert all(posting.tags.project_id for posting in moved)
    first = [posting for posting in moved if posting.date < date(2025, 3, 1)]
    assert len(first) == 7  # received in September, used until February
    assert sum(posting.amount for posting in first) == 0


@pytest.mark.parametrize("key", ["association"])
def test_who_returns_no_vat_locks_by_hand(trade_books: dict[str, Books], key: str) -> None:
    assert trade_books[key].profile.lock_date == date(2026, 1, 31)
