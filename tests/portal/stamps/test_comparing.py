"""Stamp + changes = now, to the øre, whatever becomes of the books."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.portal.vouchers.books import ACCOUNTS, NOON, MovingBooks
from tieout.portal.stamps.actions import stamp
from tieout.portal.stamps.comparing import Comparison, compared
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.upkeep.retention import forget_what_is_old
from tieout.portal.workspaces.actions import create_workspace
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.changes import Change

pytestmark = pytest.mark.django_db(transaction=True)
REPORTED = date(2026, 2, 28)
FIRST = date(2025, 11, 1)


@pytest.fixture
def books(workspace: Workspace) -> MovingBooks:
    """Three vouchers, one of them of the year before; synced."""
    made = MovingBooks(workspace)
    made.post(1, date(2025, 12, 10), (1500, "1000"), (3000, "-1000"))
    made.post(2, date(2026, 1, 20), (6000, "250.50"), (2400, "-250.50"))
    made.post(3, date(2026, 2, 20), (1920, "400"), (1500, "-400"))
    made.sync()
    return made


def assert_it_adds_up(found: Comparison, books: MovingBooks) -> None:
    assert found.is_traced
    assert not [row for row in found.rows if row.untraced]
    by_account: dict[int, Decimal] = defaultdict(Decimal)
    for one in found.vouchers:
        for account, moved in one.amounts:
            by_account[account] += moved
    assert sum(by_account.values()) == sum(row.changes for row in found.rows)
    now = dict(books.all(f"select account_no, closing from marts.trial_balance(date '{REPORTED}')"))
    assert {row.account_no: row.now for row in found.rows if row.account_no is not None and row.now} == {
        number: closing for number, closing in now.items() if closing
    }


def test_a_stamp_keeps_what_the_mart_says(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    says = books.all(f"select account_no, closing from marts.trial_balance(date '{REPORTED}') order by 1")
    assert [(number, Decimal(amount)) for number, _, _, amount in made.figures if number is not None] == says
    assert made.figures[-1] == [None, "", True, "-1000.0000"]
    assert sum(Decimal(amount) for *_, amount in made.figures) == 0


def test_a_stamp_is_never_changed(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    made.name = "Another"
    with pytest.raises(ValueError, match="never changed"):
        made.save()


def test_every_kind_of_change_is_told_with_its_voucher_and_amounts(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    books.post(4, date(2026, 2, 1), (6000, "10"), (1920, "-10"))
    books.change(1, Amount=0.0)
    books.change(2, IsReversed=True)
    books.post(5, date(2026, 2, 3), (2400, "250.50"), (6000, "-250.50"), ReversedVoucherNo=2)
    books.remove(3)
    books.post(6, date(2026, 3, 1), (6000, "99"), (1920, "-99"))
    books.sync()
    found = compared(made)
    assert_it_adds_up(found, books)
    told = {one.voucher_no: one for one in found.vouchers}
    assert {number: one.kinds for number, one in told.items()} == {
        1: (Change.CHANGED,),
        2: (Change.REVERSED,),
        3: (Change.GONE,),
        4: (Change.ARRIVED,),
        5: (Change.REVERSAL,),
    }
    assert told[1].amounts == ((1500, Decimal(-1000)), (3000, Decimal(1000)))
    assert told[1].columns == ("amount",)
    assert told[5].related == (2,)
    assert {row.account_no: row.changes for row in found.moved}[None] == 1000


def test_what_is_changed_and_changed_back_is_no_change(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    books.change(2, Description="Something else")
    books.sync()
    assert compared(made).vouchers_in_all == 1
    books.change(2, Description="Voucher 2")
    books.sync()
    assert compared(made).vouchers_in_all == 0


def test_a_voucher_moved_out_of_the_period_takes_its_amounts_along(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    books.change(3, PostingDate="2026-03-02")
    books.sync()
    found = compared(made)
    assert_it_adds_up(found, books)
    assert found.vouchers[0].amounts == ((1500, Decimal(400)), (1920, Decimal(-400)))


def test_an_account_that_changes_its_type_moves_no_stamped_figure(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    try:
        ACCOUNTS[1500] = "Income"
        books.chart()
        assert not compared(made).moved
    finally:
        ACCOUNTS[1500] = "Asset"


def test_without_the_rows_of_then_amounts_hold_and_no_voucher_is_blamed(books: MovingBooks) -> None:
    made = stamp(books.source, name="Report", on=REPORTED)
    books.change(1, Amount=0.0)
    books.sync()
    books.all("delete from raw_poweroffice.account_transactions_versions returning 1")
    found = compared(made)
    assert not found.is_traced
    assert not found.vouchers
    assert [(row.account_no, row.untraced) for row in found.moved] == [(1500, Decimal(-1000)), (None, Decimal(1000))]


def test_history_that_a_stamp_needs_stays_however_old_it_is(books: MovingBooks) -> None:
    books.change(1, Description="Text of before the stamp")
    books.sync()
    made = stamp(books.source, name="Report", on=REPORTED)
    books.change(3, Amount=0.0)
    books.sync()
    told = forget_what_is_old(now=NOON + timedelta(days=40 * 366))
    assert told["versions"] == 2  # the texts of before, and not what stamp plus changes rests on
    assert compared(made).vouchers_in_all == 1
    assert_it_adds_up(compared(made), books)


act = some.one_of(
    some.tuples(
        some.just("post"),
        some.integers(0, 200),
        some.sampled_from(sorted(ACCOUNTS)),
        some.sampled_from(sorted(ACCOUNTS)),
    ),
    some.tuples(some.just("amount"), some.integers(0, 9), some.integers(-9_999, 9_999)),
    some.tuples(some.just("date"), some.integers(0, 9), some.integers(0, 200)),
    some.tuples(some.just("remove"), some.integers(0, 9)),
    some.tuples(some.just("reverse"), some.integers(0, 9)),
    some.tuples(some.just("text"), some.integers(0, 9)),
)


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(syncs=some.lists(some.lists(act, max_size=6), min_size=1, max_size=3))
def test_stamp_and_changes_are_now_whatever_happens(syncs: list[list[tuple[Any, ...]]]) -> None:
    with transaction.atomic():
        number = Workspace.objects.count()
        workspace = create_workspace(f"Fixture {number}")
    try:
        books = MovingBooks(workspace)
        for n in range(1, 8):
            books.post(n, FIRST + timedelta(days=29 * n), (6000, f"{n}.25"), (2400, f"-{n}.25"))
        books.sync()
        made = stamp(books.source, name="Report", on=REPORTED)
        for acts in syncs:
            for one in acts:
                carry_out(books, *one)
            books.sync()
            assert_it_adds_up(compared(Stamp.objects.get(pk=made.pk)), books)
    finally:
        warehouses.close_all()


def carry_out(books: MovingBooks, what: str, number: int, *more: int) -> None:
    if what == "post":
        debit, credit = more
        books.post(100 + len(books.lines), FIRST + timedelta(days=number), (debit, "12.34"), (credit, "-12.34"))
    elif what == "remove":
        books.remove(number)
    elif what == "date":
        books.change(number, PostingDate=(FIRST + timedelta(days=more[0])).isoformat())
    elif what == "reverse":
        books.change(number, IsReversed=True)
    elif what == "text":
        books.change(number, Description="Another text")
    else:
        for at, line in enumerate(line for line in books.lines.values() if line["VoucherNo"] == number):
            line["Amount"] = (more[0] if at == 0 else -more[0]) / 100
