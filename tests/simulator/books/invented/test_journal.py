from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.simulator.books.chart import add_chart
from tieout.simulator.books.invented.journal import Journal, share
from tieout.simulator.books.model import Books, Profile, Voucher
from tieout.simulator.books.numbers import uuid

DAY = date(2026, 2, 3)


@pytest.fixture
def journal() -> Journal:
    profile = Profile(
        name="Prøve AS", organisation_number="300000000", client_id=uuid(Random(1)), conversion_date=date(2026, 1, 1)
    )
    profile.lock_date = date(2025, 12, 31)
    books = Books(profile=profile, now=datetime(2026, 2, 3, 8, tzinfo=UTC))
    add_chart(books)
    return Journal(books, stream="test")


def _amounts(voucher: Voucher) -> dict[int, int]:
    return {posting.account_no: posting.amount for posting in voucher.postings}


def test_input_vat_is_posted_beside_the_cost(journal: Journal) -> None:
    voucher = journal.voucher("IncomingInvoice", DAY)
    assert journal.post_taxed(voucher, 6800, 10_000, "1") == 12_500
    assert _amounts(voucher) == {6800: 10_000, 2710: 2_500}
    assert voucher.postings[0].vat_amount == 2_500


def test_code_of_services_from_abroad_books_both_sides_and_owes_no_vat(journal: Journal) -> None:
    voucher = journal.voucher("IncomingInvoice", DAY)
    assert journal.post_taxed(voucher, 6795, 10_000, "86") == 10_000
    assert _amounts(voucher) == {6795: 10_000, 2704: -2_500, 2714: 2_500}


def test_half_deduction_leaves_the_other_half_on_the_cost(journal: Journal) -> None:
    voucher = journal.voucher("IncomingInvoice", DAY)
    assert journal.post_taxed(voucher, 7020, 10_000, "C1") == 12_500
    assert _amounts(voucher) == {7020: 11_250, 2710: 1_250}


def test_vat_of_several_lines_is_gathered_on_one_posting(journal: Journal) -> None:
    voucher = journal.voucher("CashJournal", DAY)
    owed = sum(journal.post_taxed(voucher, account_no, -10_000, "3") for account_no in (3000, 3020))
    journal.post(voucher, 1930, -owed)
    journal.add(voucher)
    assert _amounts(voucher) == {3000: -10_000, 3020: -10_000, 2700: -5_000, 1930: 25_000}


def test_voucher_that_does_not_balance_is_refused(journal: Journal) -> None:
    voucher = journal.voucher("ManualJournal", DAY)
    journal.post(voucher, 1920, 1)
    with pytest.raises(ValueError, match="does not balance"):
        journal.add(voucher)


def test_voucher_must_balance_on_each_posting_date(journal: Journal) -> None:
    voucher = journal.voucher("ManualJournal", DAY)
    journal.post(voucher, 1920, 1)
    journal.post(voucher, 1900, -1, on=date(2026, 2, 4))
    with pytest.raises(ValueError, match="does not balance"):
        journal.add(voucher)


def test_voucher_in_a_locked_period_is_refused(journal: Journal) -> None:
    voucher = journal.voucher("ManualJournal", date(2025, 12, 31))
    journal.post(voucher, 1920, 0)
    with pytest.raises(ValueError, match="locked"):
        journal.add(voucher)


@given(st.integers(-(10**12), 10**12), st.integers(0, 10_000))
def test_share_is_within_half_an_ore_and_symmetric(amount: int, basis_points: int) -> None:
    part = share(amount, basis_points)
    assert abs(part * 10_000 - amount * basis_points) <= 5_000
    assert share(-amount, basis_points) == -part
