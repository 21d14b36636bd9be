from datetime import UTC, date, datetime
from random import Random

import pytest

from tieout.simulator.books.matching import match, unmatch
from tieout.simulator.books.model import Books, Entry, Profile, Voucher
from tieout.simulator.books.numbers import uuid

NOW = datetime(2026, 2, 3, 8, tzinfo=UTC)


@pytest.fixture
def books() -> Books:
    profile = Profile(
        name="Prøve AS", organisation_number="300000000", client_id=uuid(Random(1)), conversion_date=date(2026, 1, 1)
    )
    return Books(profile=profile, now=NOW)


def _entry(books: Books, amount: int, day: int) -> Entry:
    made = NOW.replace(month=1)
    voucher = Voucher(id=uuid(Random(amount)), no=1, type="OutgoingInvoice", date=date(2026, 1, day), created=made)
    return Entry(
        id=books.new_id(),
        created=made,
        changed=made,
        kind="customer",
        contact_id=1,
        voucher=voucher,
        date=voucher.date,
        amount=amount,
    )


def test_payment_settles_an_invoice_from_the_later_date_on(books: Books) -> None:
    invoice, payment = _entry(books, 1_000, 5), _entry(books, -1_000, 20)
    match(books, invoice, payment)
    assert (invoice.balance(date(2026, 1, 19)), invoice.balance(date(2026, 1, 20))) == (1_000, 0)
    assert payment.balance() == 0
    assert invoice.match_id == payment.match_id is not None


def test_partial_payment_leaves_the_rest_open_under_one_match_id(books: Books) -> None:
    invoice, first, second = _entry(books, 1_000, 5), _entry(books, -300, 20), _entry(books, -800, 25)
    assert match(books, invoice, first) == match(books, invoice, second)
    assert (invoice.balance(), first.balance(), second.balance()) == (0, 0, -100)


def test_match_moves_stamps(books: Books) -> None:
    invoice, payment = _entry(books, 1_000, 5), _entry(books, -1_000, 20)
    match(books, invoice, payment)
    assert invoice.changed == payment.changed == NOW
    assert invoice.created < NOW


def test_match_that_is_undone_leaves_both_open(books: Books) -> None:
    invoice, payment = _entry(books, 1_000, 5), _entry(books, -1_000, 20)
    unmatch(books, match(books, invoice, payment))
    assert (invoice.balance(), payment.balance(), invoice.match_id) == (1_000, -1_000, None)


def test_two_groups_become_one_when_they_meet(books: Books) -> None:
    first, paid_first = _entry(books, 1_000, 5), _entry(books, -1_500, 6)
    second, paid_second = _entry(books, 2_000, 7), _entry(books, -500, 8)
    kept = match(books, first, paid_first)
    gone = match(books, second, paid_second)
    assert match(books, second, paid_first) in (kept, gone)
    assert len({entry.match_id for entry in (first, paid_first, second, paid_second)}) == 1
    assert len(books.matches) == 1
    assert second.balance() == 1_000


def test_nothing_to_settle_is_refused(books: Books) -> None:
    with pytest.raises(ValueError, match="nothing to settle"):
        match(books, _entry(books, 1_000, 5), _entry(books, 500, 6))
