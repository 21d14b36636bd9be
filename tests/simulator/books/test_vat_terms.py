"""The truth about VAT: what taxed lines come to is what moved on the VAT accounts, in each term of any company."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.books.conftest import NOW
from tieout.simulator.books.chart import VAT_ACCOUNTS
from tieout.simulator.books.invent import invent
from tieout.simulator.books.invented.sizes import SIZES
from tieout.simulator.books.model import Books
from tieout.simulator.books.vat_terms import VatTerm, vat_terms


def moved(books: Books, term: VatTerm) -> dict[int, int]:
    """Movement of the VAT accounts in a term, without its return."""
    sums: Counter[int] = Counter()
    for posting in books.postings.values():
        is_in_term = term.first <= posting.date <= term.last and posting.voucher.type != "VatReturns"
        if posting.account_no in VAT_ACCOUNTS and is_in_term and posting.voucher.no:
            sums[posting.account_no] += posting.amount
    return {no: amount for no, amount in sorted(sums.items()) if amount}


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(SIZES["trades"]), st.integers(0, 10_000), st.integers(0, 70))
def test_codes_come_to_what_moved_on_the_vat_accounts(business: object, seed: int, days: int) -> None:
    company = invent(business, seed=seed, now=NOW)  # type: ignore[arg-type]
    company.advance(NOW + timedelta(days=days))
    for term in vat_terms(company.books):
        assert term.accounts(company.books) == moved(company.books, term)


def test_codes_of_the_largest_company_come_to_it_too(realistic_books: Books) -> None:
    for term in vat_terms(realistic_books):
        assert term.accounts(realistic_books) == moved(realistic_books, term)


def test_terms_are_two_months_and_those_past_their_deadline_are_returned(trade_books: dict[str, Books]) -> None:
    terms = vat_terms(trade_books["importer"])
    assert all((term.last - term.first).days in (58, 59, 60, 61) for term in terms)
    assert {term.first.month % 2 for term in terms} == {1}
    assert all(term.returned for term in terms if term.last <= date(2025, 12, 31))
    assert not terms[-1].returned


def test_rates_are_those_of_the_codes(trade_books: dict[str, Books]) -> None:
    """To the rounding of each line; half of a C1 is cost and so part of its base."""
    books = trade_books["importer"]
    for term in vat_terms(books):
        lines = Counter(posting.vat_code for posting in books.postings.values() if posting.vat_code)
        for code in ("1", "3", "31", "81", "83", "86"):
            exact = term.base[code] * books.vat_codes[code].rate / 10_000
            assert abs(term.vat[code] - exact) <= lines[code]


@pytest.mark.parametrize("key", ["association"])
def test_who_is_not_registered_has_no_vat_at_all(trade_books: dict[str, Books], key: str) -> None:
    books = trade_books[key]
    assert not any(posting.account_no in VAT_ACCOUNTS for posting in books.postings.values())
    assert {posting.vat_code for posting in books.postings.values()} <= {None, "0"}
    assert not any(term.returned or any(term.vat.values()) for term in vat_terms(books))
