"""What every warehouse promises of incidents and of the status that travels with the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.warehouse.stores import NOW, THINGS, Desk
from tieout.warehouse.base import Check, CheckOutcome, TieOut, Verdict
from tieout.warehouse.incidents import Finding, Incident, IncidentState, Shape

JANUARY = date(2026, 1, 1)
LOST = Finding(
    shape=Shape.MISSING_VOUCHER,
    month=JANUARY,
    posting_date=date(2026, 1, 9),
    account_no=1920,
    voucher_no=7,
    stored=Decimal(0),
    vendor=Decimal("100.5000"),
)


def tie_out(desk: Desk, verdict: Verdict, *, days: int = 0, incident: Incident | None = None) -> TieOut:
    outcome = {
        Verdict.PROVED: CheckOutcome.AGREES,
        Verdict.NOT_PROVED: CheckOutcome.DIFFERS,
        Verdict.COULD_NOT_CHECK: CheckOutcome.COULD_NOT_CHECK,
    }[verdict]
    reason = "busy" if verdict is Verdict.COULD_NOT_CHECK else None
    check = Check(check="ledger", date=date(2026, 3, 10), compared=2, outcome=outcome, reason=reason)
    at = NOW + timedelta(days=days)
    return TieOut(
        at=at,
        verdict=verdict,
        sync=desk.sync,
        checks=(check,),
        incident=incident,
        lock_date=date(2025, 12, 31),
        newest_posting=date(2026, 3, 9),
    )


def incident(state: IncidentState, *findings: Finding, days: int = 0) -> Incident:
    at = NOW + timedelta(days=days)
    closed = at if state is IncidentState.MENDED else None
    return Incident(opened_at=at, closed_at=closed, state=state, findings=findings, requests=5, first_date=JANUARY)


def test_what_was_mended_stays_in_the_history_with_its_vouchers(desk: Desk) -> None:
    told = incident(IncidentState.MENDED, replace(LOST, is_mended=True))
    number = desk.store.record_tie_out(tie_out(desk, Verdict.PROVED, incident=told))
    [kept] = desk.store.incidents()
    assert (kept.tie_out, kept.state, kept.closed_at, kept.requests) == (number, IncidentState.MENDED, NOW, 5)
    assert kept.findings == told.findings
    assert kept.findings[0].difference == Decimal("-100.5")


def test_an_incident_that_stays_open_is_one_and_ends_when_the_books_are_proved(desk: Desk) -> None:
    for days in (0, 1):
        told = incident(IncidentState.OPEN, LOST, days=days)
        desk.store.record_tie_out(tie_out(desk, Verdict.NOT_PROVED, days=days, incident=told))
    [still] = desk.store.incidents()
    assert (still.state, still.opened_at, still.requests, len(still.findings)) == (IncidentState.OPEN, NOW, 10, 1)
    desk.store.record_tie_out(tie_out(desk, Verdict.PROVED, days=2))
    [ended] = desk.store.incidents()
    assert (ended.state, ended.closed_at, len(ended.findings)) == (IncidentState.GONE, NOW + timedelta(days=2), 1)


def test_the_status_tells_since_when_the_verdict_stands_and_why(desk: Desk) -> None:
    desk.store.keep_company(name="Fixture AS", organisation_number="923609016")
    assert desk.store.data_status() is None
    for days, verdict in enumerate((Verdict.PROVED, Verdict.NOT_PROVED, Verdict.NOT_PROVED)):
        desk.store.record_tie_out(tie_out(desk, verdict, days=days))
    status = desk.store.data_status()
    assert status is not None
    assert (status.name, status.verdict, status.reason) == ("Fixture AS", "not_proved", "ledger")
    assert (status.since, status.proved_at) == (NOW + timedelta(days=1), NOW)
    assert status.as_of == status.checked_at == NOW + timedelta(days=2)
    assert (status.lock_date, status.newest_posting) == (date(2025, 12, 31), date(2026, 3, 9))


def test_a_sync_that_did_not_reach_the_source_makes_the_data_no_newer(desk: Desk) -> None:
    desk.store.record_tie_out(tie_out(desk, Verdict.PROVED))
    failed = replace(
        tie_out(desk, Verdict.COULD_NOT_CHECK, days=1), is_after_sync=False, lock_date=None, newest_posting=None
    )
    desk.store.record_tie_out(failed)
    status = desk.store.data_status()
    assert status is not None
    assert (status.as_of, status.checked_at, status.reason) == (NOW, NOW + timedelta(days=1), "busy")
    assert status.newest_posting == date(2026, 3, 9)


def test_status_and_incidents_travel_with_the_published_copy(desk: Desk) -> None:
    told = incident(IncidentState.OPEN, LOST)
    desk.store.record_tie_out(tie_out(desk, Verdict.NOT_PROVED, incident=told))
    folder = desk.store.publish()
    assert folder is not None
    with desk.warehouse.connection() as connection:
        for table in ("data_status", "incidents", "incident_findings"):
            [[rows]] = connection.execute(
                f"select count(*) from read_parquet('{folder}/tieout/{table}/source-1.parquet')"
            ).fetchall()
            assert rows == 1, table


def test_of_rows_with_the_same_key_one_is_kept(desk: Desk) -> None:
    desk.load([{"Id": 1, "Day": "2025-05-05"}, {"Id": 2, "Day": "2026-01-31"}])
    with desk.warehouse.writing() as connection:
        connection.execute("insert into raw_toy.things select * from raw_toy.things where id = 1")
    assert desk.store.remove_doubles(THINGS) == 1
    assert desk.store.count("things") == 2
