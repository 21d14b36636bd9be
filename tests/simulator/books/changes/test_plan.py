"""Changes of what was there before: that each kind comes, and does what it says."""

from datetime import timedelta

import pytest

from tests.simulator.books.conftest import NOW
from tests.simulator.books.snapshot import snapshot
from tieout.simulator.books.invent import invent, invent_companies
from tieout.simulator.books.invented.business import TINY
from tieout.simulator.books.invented.company import InPlace
from tieout.simulator.books.model import Books

KINDS = {
    "text edited", "dimension changed", "corrected in place", "corrected by voucher", "reversed", "matched later", "match undone",
    "posted late", "posted ahead", "lock date moved", "order vanished", "written off", "customer renamed", "supplier renamed",
    "customer changed", "project renamed", "project archived", "product changed", "stock counted", "department renamed",
    "department switched", "code changed", "dimension switched", "account renamed", "contact archived", "role switched",
    "contact person changed",
    "list renamed", "settings changed", "customer deleted", "supplier deleted", "project deleted", "product deleted",
    "product group deleted", "department deleted", "location deleted", "dimension deleted",
    "bank account replaced", "bank account changed", "delivery address changed", "delivery address deleted",
    "draft voucher deleted",
}  # fmt: skip


def test_every_kind_of_change_comes_within_sixty_days(realistic_books: Books) -> None:
    """All but a deleted draft, in fact, within ten."""
    seen = {kind for when, kind, _ in realistic_books.planted if when > NOW - timedelta(days=60)}
    assert KINDS - seen == set()


def test_every_kind_of_change_comes_when_the_clock_moves() -> None:
    companies = invent_companies(size="demo", seed=7, now=NOW)
    for company in companies:
        company.advance(NOW + timedelta(days=60))
    seen = {kind for company in companies for when, kind, _ in company.books.planted if when > NOW}
    assert KINDS - seen == set()


def test_changed_records_are_stamped_and_deleted_ones_leave_no_trace() -> None:
    company = invent_companies(size="tiny", seed=7, now=NOW)[0]
    before = snapshot(company.books)
    company.advance(NOW + timedelta(days=10))
    after = snapshot(company.books)
    for shelf in (
        "contacts",
        "projects",
        "products",
        "departments",
        "accounts",
        "postings",
        "contact_persons",
        "custom_dimensions",
    ):
        for number, record in before[shelf].items():
            if number not in after[shelf]:
                continue
            now = after[shelf][number]
            without_stock = {key for key in now if not key.startswith("stock_")}
            if any(now[key] != record[key] for key in without_stock):
                assert now["changed"] > NOW, (shelf, record, now)
    gone = {
        shelf
        for shelf in ("contacts", "projects", "products", "departments")
        if before[shelf].keys() - after[shelf].keys()
    }
    planted = {what for when, kind, what in company.books.planted if kind.endswith("deleted")}
    assert all(str(number) in planted for shelf in gone for number in before[shelf].keys() - after[shelf].keys())


@pytest.mark.parametrize("in_place", InPlace)
def test_years_pass_without_breaking_the_books(in_place: InPlace) -> None:
    """The lock date, year ends and every change have come around many times; nothing was refused on the way."""
    company = invent(TINY, seed=7, now=NOW, in_place=in_place)
    company.advance(NOW + timedelta(days=900))
    books = company.books
    for kind in ("customer", "supplier"):
        control = {series.account_no for series in books.series if series.kind.lower() == kind}
        day = company.today + timedelta(days=400)
        ledger = sum(amount for no, amount in books.trial_balance(day).items() if no in control)
        assert sum(books.party_balances(kind, day).values()) == ledger
    kinds = {kind for _, kind, _ in books.planted}
    assert ("corrected in place" in kinds) == (in_place is not InPlace.TEXTS_ONLY)
    assert KINDS - kinds <= {"corrected in place"}


def test_planted_changes_are_in_order_of_time(all_books: list[Books]) -> None:
    for books in all_books:
        moments = [when for when, _, _ in books.planted]
        assert moments == sorted(moments)
        assert moments[-1] <= books.now
