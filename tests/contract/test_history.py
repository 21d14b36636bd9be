"""What every warehouse promises of history: syncs, streams, tie-outs and the summary of a source."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from tests.warehouse.stores import NOW, Desk
from tieout.catalog import Grade
from tieout.warehouse.base import (
    Check,
    CheckOutcome,
    Difference,
    Outcome,
    StreamGrade,
    StreamRun,
    StreamState,
    SyncKind,
    TieOut,
    Verdict,
)

TODAY = date(2026, 3, 10)


def tie_out(verdict: Verdict, sync: int) -> TieOut:
    return TieOut(
        at=NOW,
        verdict=verdict,
        sync=sync,
        checks=(Check(check="ledger", date=TODAY, compared=12, outcome=CheckOutcome.DIFFERS),),
        differences=(
            Difference(check="ledger", date=TODAY, account_no=1500, stored=Decimal("1.00"), vendor=Decimal("3.50")),
        ),
        streams=(StreamGrade(stream="things", grade=Grade.COUNTED, on=TODAY, holds=True),),
    )


def test_sync_numbers_grow_across_sources(desk: Desk) -> None:
    other = desk.warehouse.source("source-2", connector="toy")
    assert desk.sync < other.begin_sync(NOW) < desk.next_sync()


def test_a_sync_that_never_ended_is_told_as_interrupted_by_the_next(desk: Desk) -> None:
    desk.next_sync()
    assert [sync.outcome for sync in desk.store.syncs()] == [None, Outcome.INTERRUPTED]


def test_history_tells_what_each_sync_did_per_stream(desk: Desk) -> None:
    for rows in (3, 2):
        run = StreamRun(stream="things", state=StreamState.CURRENT, rows=rows, new=1, requests=1)
        desk.store.note_stream(desk.sync, run, at=NOW)
    desk.store.finish_sync(desk.sync, Outcome.SUCCEEDED, at=NOW, requests=7, throttled=1)
    [sync] = desk.store.syncs()
    assert (sync.rows, sync.requests, sync.throttled, sync.outcome) == (5, 7, 1, Outcome.SUCCEEDED)
    assert sync.streams == (StreamRun(stream="things", state=StreamState.CURRENT, rows=5, new=2, requests=2),)


def test_streams_tell_rows_newest_date_state_and_last_success(desk: Desk) -> None:
    desk.load([{"Id": 1, "Day": "2025-05-05"}, {"Id": 2, "Day": "2026-01-31"}])
    run = StreamRun(stream="things", state=StreamState.CURRENT, rows=2, new=2)
    desk.store.note_stream(desk.sync, run, at=NOW)
    desk.next_sync()
    later = NOW + timedelta(hours=1)
    busy = StreamRun(stream="things", state=StreamState.POSTPONED, reason="busy")
    desk.store.note_stream(desk.sync, busy, at=later)
    things, parts, *_ = desk.store.streams()
    assert (things.rows, things.newest, things.state, things.reason) == (2, date(2026, 1, 31), "postponed", "busy")
    assert (things.last_success_at, things.last_attempt_at) == (NOW, later)
    assert (parts.state, parts.rows, parts.last_attempt_at) == (StreamState.WAITING, 0, None)


def test_tie_outs_come_back_whole_and_newest_first(desk: Desk) -> None:
    told = [tie_out(verdict, desk.sync) for verdict in (Verdict.NOT_PROVED, Verdict.PROVED)]
    numbers = [desk.store.record_tie_out(each) for each in told]
    stored = desk.store.tie_outs()
    assert [each.id for each in stored] == numbers[::-1]
    assert stored[1].checks == told[0].checks
    assert stored[1].differences == told[0].differences
    assert stored[1].differences[0].difference == Decimal("-2.50")
    assert stored[1].streams == told[0].streams


def test_the_summary_remembers_when_books_were_last_proved(desk: Desk) -> None:
    desk.store.record_tie_out(tie_out(Verdict.PROVED, desk.sync))
    desk.store.record_tie_out(tie_out(Verdict.COULD_NOT_CHECK, desk.sync))
    summary = desk.store.summary()
    assert (summary.verdict, summary.proved_at) == (Verdict.COULD_NOT_CHECK, NOW)


def test_filling_lines_in_the_background_is_no_complete_sync(desk: Desk) -> None:
    filling = desk.store.begin_sync(NOW, kind=SyncKind.FILLING)
    desk.store.finish_sync(filling, Outcome.SUCCEEDED, at=NOW)
    assert desk.store.summary().last_complete_at is None
