"""The proof page with what the warehouse remembers: months, incidents, words beside each difference."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.syncs.factories import difference, make_tie_out
from tieout.portal.people.models import Person
from tieout.portal.proofs.queries import past_of
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.base import Check, CheckOutcome, TieOut, Verdict
from tieout.warehouse.base import Difference as StoredDifference
from tieout.warehouse.incidents import Finding, Incident, IncidentState, Shape

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 19, 9, 4, tzinfo=UTC)
OCTOBER, TODAY = date(2026, 10, 31), date(2026, 11, 19)


def finding(account: int, vendor: str) -> Finding:
    return Finding(
        shape=Shape.MISSING_VOUCHER,
        stored=Decimal(0),
        vendor=Decimal(vendor),
        month=date(2026, 10, 1),
        posting_date=OCTOBER,
        account_no=account,
        voucher_no=20417,
    )


@pytest.fixture
def wrong(source: Source) -> Source:
    """A source whose warehouse lacks a voucher, and says so."""
    make_tie_out(source, differences=(difference(3000, "0.00", "-11000.00"),))
    found = (finding(3000, "-11000"), finding(1500, "11000"))
    with warehouses.store_of(source) as store:
        store.prepare([])
        store.record_tie_out(
            TieOut(
                at=AT,
                verdict=Verdict.NOT_PROVED,
                checks=tuple(
                    Check(check="ledger", date=on, compared=214, outcome=CheckOutcome.DIFFERS)
                    for on in (OCTOBER, TODAY)
                ),
                differences=tuple(
                    StoredDifference(
                        check="ledger", date=on, stored=Decimal(0), vendor=Decimal(-11000), account_no=3000
                    )
                    for on in (OCTOBER, TODAY)
                ),
                incident=Incident(
                    opened_at=AT,
                    state=IncidentState.OPEN,
                    findings=found,
                    first_date=date(2026, 10, 1),
                    last_date=OCTOBER,
                    requests=4,
                ),
            )
        )
    return source


def page_of(browser: Client, source: Source, **query: str) -> str:
    response = browser.get(reverse("syncs:proof", args=[source.pk]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_difference_says_why_and_the_incident_is_told(reader_browser: Client, wrong: Source) -> None:
    page = page_of(reader_browser, wrong)
    assert ">Missing voucher 20417</td>" in page
    assert "<h3>Missing voucher 20417</h3>" in page
    assert "Not mended" in page
    assert "2 accounts, 1 voucher" in page


def test_an_incident_names_the_stamps_that_may_show_it(reader_browser: Client, wrong: Source) -> None:
    for name, on, made_at in (
        ("October report", OCTOBER, AT),
        ("September report", date(2026, 9, 30), AT),
        ("October before that", OCTOBER, AT - timedelta(days=2)),
    ):
        Stamp.objects.create(
            source=wrong,
            name=name,
            on=on,
            year_start=date(2026, 1, 1),
            made_at=made_at,
            sync=1,
            as_of=made_at,
            figures=[],
        )
    page = page_of(reader_browser, wrong)
    assert "Stamps whose figures may show it:" in page
    assert "October report</a>" in page
    assert "September report" not in page
    assert "October before that" not in page


def test_months_are_a_table_with_words_in_every_cell(reader_browser: Client, wrong: Source) -> None:
    page = page_of(reader_browser, wrong)
    assert "October 2026: 1 account differs, 31 Oct 2026" in page
    assert page.count('<td title="') % 12 == 0


def test_in_norwegian_nothing_stays_english(owner: Person, owner_browser: Client, wrong: Source) -> None:
    owner.language = "nb"
    owner.save()
    page = page_of(owner_browser, wrong)
    assert "oktober 2026: 1 konto avviker" in page.lower()
    assert "What was wrong" not in page


def test_without_a_warehouse_there_is_no_history_and_no_fault(reader_browser: Client, source: Source) -> None:
    make_tie_out(source)
    assert past_of(source).is_known
    assert "Nothing that is stored was ever found to differ" in page_of(reader_browser, source)


def test_another_workspaces_proof_is_not_found(
    owner_browser: Client, other_workspace: Workspace, wrong: Source
) -> None:
    wrong.workspace = other_workspace
    wrong.save()
    assert owner_browser.get(reverse("syncs:proof", args=[wrong.pk])).status_code == 404


def test_a_day_that_differs_is_told_beside_the_verdict_until_it_agrees(
    administrator_browser: Client, wrong: Source
) -> None:
    day, made = date(2026, 6, 17), datetime(2026, 7, 1, 8, tzinfo=UTC)
    off = StoredDifference(check="day", date=day, account_no=1920, stored=Decimal(2), vendor=Decimal(1))
    _told(wrong, TieOut(at=made, verdict=Verdict.PROVED, checks=(_at(day, CheckOutcome.DIFFERS),), differences=(off,)))
    page = page_of(administrator_browser, wrong)
    assert "a day that somebody asked for, 1 account differs" in page
    assert 'name="on" value="2026-06-17"' in page
    _told(wrong, TieOut(at=made, verdict=Verdict.PROVED, checks=(_at(day, CheckOutcome.AGREES),)))
    page = page_of(administrator_browser, wrong)
    assert "a day that somebody asked for" not in page
    assert "Days that were asked for" in page


def test_after_a_withdrawal_the_page_says_who_must_act_and_promises_no_sync(
    reader_browser: Client, source: Source
) -> None:
    make_tie_out(source, verdict="could_not_check")
    Source.objects.filter(pk=source.pk).update(approval_state=ApprovalState.WITHDRAWN)
    page = page_of(reader_browser, source)
    assert "no longer accepts the approval" in page
    assert "The next sync tries again" not in page


def _at(day: date, outcome: CheckOutcome) -> Check:
    return Check(check="day", date=day, compared=2, outcome=outcome)


def _told(source: Source, tied: TieOut) -> None:
    with warehouses.opened(source.workspace) as warehouse:
        warehouse.source(str(source.pk), connector=source.connector).record_tie_out(tied)
