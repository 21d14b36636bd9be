from datetime import date, timedelta

import pytest

from tests.simulator.books.conftest import NOW
from tieout.simulator.books.changes.corrections import correct, correct_in_place, edit_text, reverse
from tieout.simulator.books.events.purchases import book_invoice
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InPlace, InventedCompany
from tieout.simulator.books.model import Posting


def _company(in_place: InPlace = InPlace.REPLACED) -> InventedCompany:
    return invent(TINY, seed=7, now=NOW, in_place=in_place)


def _cost(company: InventedCompany, day: date | None = None) -> Posting:
    invoice = book_invoice(company, company.suppliers()[0], "IncomingInvoice", day or company.today, [(6800, 10_000)])
    return next(posting for posting in invoice.voucher.postings if posting.account_no == 6800)


def test_correction_in_place_replaces_all_rows_under_the_same_voucher() -> None:
    company = _company()
    posting = _cost(company)
    voucher, old = posting.voucher, {row.id for row in posting.voucher.postings}
    entries = {row.entry.id for row in voucher.postings if row.entry}
    correct_in_place(company, posting, 6860)
    assert not old & company.books.postings.keys()
    assert {row.voucher.id for row in list(company.books.postings.values())[-3:]} == {voucher.id}
    assert {row.entry.id for row in voucher.postings if row.entry} == entries
    assert list(company.books.postings) == sorted(company.books.postings)
    assert posting.account_no == 6860


def test_correction_in_place_may_keep_the_ids() -> None:
    company = _company(InPlace.SAME_ID)
    posting = _cost(company)
    company.advance(NOW + timedelta(seconds=1))
    number = posting.id
    correct_in_place(company, posting, 6860)
    assert company.books.postings[number].account_no == 6860
    assert posting.changed > posting.created


def test_correction_in_place_may_be_confined_to_texts() -> None:
    company = _company(InPlace.TEXTS_ONLY)
    posting = _cost(company)
    correct_in_place(company, posting, 6860)
    assert posting.account_no == 6800
    assert "6860" in (posting.description or "")


def test_locked_voucher_is_not_corrected_in_place() -> None:
    company = _company()
    posting = _cost(company)
    company.books.profile.lock_date = posting.date
    with pytest.raises(ValueError, match="locked"):
        correct_in_place(company, posting, 6860)


def test_correction_voucher_has_the_changed_lines_only() -> None:
    company = _company()
    posting = _cost(company)
    voucher = correct(company, posting, 6860)
    assert [(row.account_no, row.amount) for row in voucher.postings] == [(6800, -10_000), (6860, 10_000)]
    assert voucher.corrects is posting.voucher


def test_reversal_mirrors_the_voucher_and_settles_its_entry() -> None:
    company = _company()
    original = _cost(company).voucher
    voucher = reverse(company, original)
    assert [row.amount for row in voucher.postings] == [-row.amount for row in original.postings]
    assert original.is_reversed
    assert voucher.reverses is original
    (entry,) = (row.entry for row in original.postings if row.entry)
    assert entry.balance() == 0


def test_reversal_of_a_locked_voucher_is_posted_today() -> None:
    company = _company()
    original = _cost(company, company.today - timedelta(days=1)).voucher
    company.books.profile.lock_date = original.date
    assert {row.date for row in reverse(company, original).postings} == {company.today}


def test_edited_text_moves_the_stamp_and_nothing_else() -> None:
    company = _company()
    posting = _cost(company)
    company.advance(NOW + timedelta(seconds=1))
    edit_text(company, posting, "Ny tekst")
    assert (posting.description, posting.changed, posting.created) == ("Ny tekst", company.books.now, NOW)
