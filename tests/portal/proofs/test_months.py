"""The heat map: the latest comparison in each month, with what was mended and what is locked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tieout.portal.proofs.months import Month, heat_map
from tieout.portal.proofs.templatetags.proof_words import month_words
from tieout.portal.sources.models import Source
from tieout.warehouse.incidents import Finding, Incident, IncidentState, Shape
from tieout.warehouse.months import LedgerAt

NOW = datetime(2026, 11, 19, 9, tzinfo=UTC)


def at(on: date, outcome: str = "agrees", differing: int = 0) -> LedgerAt:
    return LedgerAt(on=on, outcome=outcome, differing=differing, made_at=NOW)


def cells(*compared: LedgerAt, incidents: tuple[Incident, ...] = (), **facts: str) -> dict[str, Month]:
    years = heat_map(Source(facts=facts), compared, incidents, now=NOW)
    return {f"{month.first:%Y-%m}": month for year in years for month in year.months}


def test_the_latest_date_of_a_month_speaks_for_it() -> None:
    found = cells(at(date(2026, 11, 19), "differs", 3), at(date(2026, 11, 2)), at(date(2026, 10, 31)))
    assert (found["2026-11"].outcome, found["2026-10"].outcome) == ("differs", "agrees")
    assert month_words(found["2026-11"]).startswith("November 2026: 3 accounts differ, 19 Nov 2026, checked")


def test_months_before_the_books_and_after_today_are_no_gaps() -> None:
    found = cells(at(date(2026, 10, 31)), books_since="2026-03-01")
    told = {name: found[name].outcome for name in ("2026-02", "2026-03", "2026-12")}
    assert told == {"2026-02": "before", "2026-03": "", "2026-12": "after"}


def test_a_month_is_locked_when_its_last_day_is() -> None:
    found = cells(at(date(2026, 10, 31)), locked_to="2026-10-30")
    assert (found["2026-09"].is_locked, found["2026-10"].is_locked) == (True, False)
    assert cells(at(date(2026, 10, 31)), locked_to="2026-10-31")["2026-10"].is_locked


def test_a_month_that_was_mended_says_so_only_once_it_agrees() -> None:
    finding = Finding(shape=Shape.MISSING_VOUCHER, stored=Decimal(0), vendor=Decimal(1), month=date(2026, 10, 1))
    mended = Incident(opened_at=NOW, state=IncidentState.MENDED, findings=(finding,))
    assert cells(at(date(2026, 10, 31)), incidents=(mended,))["2026-10"].outcome == "mended"
    assert cells(at(date(2026, 10, 31), "differs", 1), incidents=(mended,))["2026-10"].outcome == "differs"


def test_nothing_compared_is_no_map() -> None:
    assert cells() == {}
