"""Tie-outs as pages show them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.portal.syncs.factories import LEDGER, NOW, difference, make_sync, make_tie_out, tell
from tieout.portal.sources.models import Source
from tieout.portal.syncs.templatetags.sync_words import reason_words
from tieout.portal.syncs.tie_outs import TieOut, tie_out_of

VOUCHERS = {"check": "vouchers", "date": "2026-11-19", "compared": 20662, "outcome": "agrees", "reason": None}
COUNTS = {"check": "counts", "date": "2026-11-19", "compared": 22, "outcome": "agrees", "reason": None}


def found(source: Source) -> TieOut:
    tie_out = tie_out_of(source)
    assert tie_out is not None
    return tie_out


def test_no_tie_out_is_none(source: Source) -> None:
    make_sync(source)
    assert tie_out_of(source) is None


def test_the_latest_one_holds(source: Source) -> None:
    make_tie_out(source, differences=(difference(1500, "1.00", "2.00"),), at=NOW - timedelta(hours=1))
    make_tie_out(source)
    assert found(source).verdict == "proved"


def test_a_quiet_check_carries_what_the_whole_one_before_it_proved(source: Source) -> None:
    make_tie_out(source, checks=[LEDGER, VOUCHERS, COUNTS], at=NOW - timedelta(hours=2))
    make_tie_out(source, checks=[LEDGER | {"compared": 215}])
    tie_out = found(source)
    assert {group.check for group in tie_out.groups} == {"ledger", "vouchers", "counts"}
    assert tie_out.accounts_compared == 215
    assert tie_out.carried_from is not None


def test_a_check_that_could_not_be_made_carries_nothing(source: Source) -> None:
    make_tie_out(source, checks=[LEDGER, VOUCHERS, COUNTS], at=NOW - timedelta(hours=2))
    failed = LEDGER | {"outcome": "could_not_check", "compared": 0, "reason": "sync_failed"}
    make_tie_out(source, verdict="could_not_check", checks=[failed])
    assert len(found(source).checks) == 1


def test_balances_are_of_the_day_and_not_of_one_that_lies_ahead(source: Source) -> None:
    ahead = LEDGER | {"date": "2026-12-31", "compared": 3}
    make_tie_out(source, checks=[ahead, LEDGER, COUNTS], at=NOW - timedelta(hours=2))
    assert found(source).balances_on == date(2026, 11, 19)
    assert found(source).accounts_compared == 214
    make_tie_out(source, checks=[LEDGER | {"date": "2026-11-20"}])
    assert found(source).carried_from is not None
    assert found(source).balances_on == date(2026, 11, 20)


def test_dates_of_one_kind_are_not_added_up(source: Source) -> None:
    earlier = LEDGER | {"date": "2026-10-31", "compared": 211}
    make_tie_out(source, checks=[LEDGER, earlier, COUNTS])
    ledger = found(source).ledger
    assert ledger is not None
    assert ledger.compared == 214
    assert ledger.dates == (date(2026, 11, 19), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("outcomes", "gravest"),
    [
        (("agrees", "differs", "could_not_check"), "differs"),
        (("agrees", "could_not_check"), "could_not_check"),
        (("agrees", "not_applicable"), "agrees"),
        (("not_applicable",), "not_applicable"),
    ],
)
def test_a_kind_is_as_good_as_its_gravest_outcome(source: Source, outcomes: tuple[str, ...], gravest: str) -> None:
    make_tie_out(source, checks=[LEDGER | {"outcome": outcome} for outcome in outcomes])
    ledger = found(source).ledger
    assert ledger is not None
    assert ledger.outcome == gravest


def test_differences_name_accounts_parties_vouchers_and_streams(source: Source) -> None:
    sync = make_sync(source, verdict="not_proved")
    rows = [
        difference(1500, "1.00", "2.00"),
        difference(None, "1.00", "2.00", check="customers", party_no=10042),
        difference(None, "1.00", "0.00", check="vouchers", voucher_no=77),
        difference(None, "5.00", "6.00", check="counts", account_name=None, stream="products"),
    ]
    tell(sync, "tie_out", verdict="not_proved", checks=[LEDGER], differences=rows, streams=[])
    named = [(row.number, row.name) for row in found(source).differences]
    assert named == [(1500, "Fixture account"), (10042, "Fixture account"), (77, "Fixture account"), (None, "Products")]
    assert found(source).differences[0].difference == Decimal("-1.00")


def test_reasons_are_words() -> None:
    assert reason_words("busy") == "the source was busy"
    assert reason_words("products:busy") == "Products: the source was busy"
    assert reason_words("something_new") == "something new"


def test_second_comparison_of_a_subledger_is_that_of_its_control_accounts(source: Source) -> None:
    parties = {"check": "customers", "date": "2026-11-19", "compared": 9, "outcome": "agrees", "reason": None}
    make_tie_out(source, checks=[LEDGER, parties, parties | {"compared": 2}, COUNTS])
    tie_out = found(source)
    assert [check.is_control for check in tie_out.checks] == [False, False, True, False]
    assert next(group for group in tie_out.groups if group.check == "customers").compared == 9
