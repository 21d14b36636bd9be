"""A whole sync, as the command line and the portal see it."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import duckdb

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector, LedgerSystem, rows_of
from tieout.connectors.errors import (
    NeedsOperatorError,
    NotPermittedError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.sync.events import (
    Cause,
    StreamFailed,
    StreamFinished,
    StreamNotAvailable,
    StreamPostponed,
    StreamStarted,
    SyncFinished,
    SyncPlanned,
    SyncStarted,
    TiedOut,
    WindowReadAgain,
)
from tieout.sync.run import Deferred
from tieout.warehouse.base import Outcome, StreamState, SyncKind, Verdict


def books(bench: Bench) -> LedgerSystem:
    assert isinstance(bench.system, LedgerSystem)
    return bench.system


def unpaid(bench: Bench) -> list[int]:
    return [key for key, record in bench.system.records["invoices"].items() if record["Balance"]]


def states(bench: Bench) -> dict[str, StreamState]:
    return {stream.stream: stream.state for stream in bench.store.streams()}


def test_a_first_sync_reads_everything_and_proves_it(ledger: Bench) -> None:
    finished = ledger.sync()
    assert finished.outcome is Outcome.SUCCEEDED
    assert {s.stream: s.rows for s in ledger.store.streams()} == {
        name: rows_of(ledger.system, name) for name in ledger.system.records
    }
    assert ledger.tied.verdict is Verdict.PROVED
    assert set(states(ledger).values()) == {StreamState.CURRENT}


def test_a_sync_begins_with_what_it_costs_and_ends_with_the_verdict(ledger: Bench) -> None:
    ledger.sync()
    assert isinstance(ledger.events[0], SyncStarted)
    assert isinstance(ledger.events[-2], SyncFinished)
    assert isinstance(ledger.events[-1], TiedOut)
    [planned] = ledger.told(SyncPlanned)
    assert planned.requests >= 8
    assert planned.deferred == 24


def test_a_sync_without_news_changes_nothing_and_asks_little(ledger: Bench) -> None:
    ledger.sync()
    before = ledger.tables()
    ledger.system.pass_time(minutes=30)
    finished = ledger.sync()
    assert ledger.tables() == before
    assert finished.requests <= 12
    assert [check.check for check in ledger.tied.checks] == ["ledger"]
    assert ledger.tied.verdict is Verdict.PROVED


def test_what_came_and_changed_since_is_read_and_no_more(bench: Bench) -> None:
    bench.sync()
    bench.system.pass_time(hours=1)
    bench.system.put("members", 3, Name="Renamed", Fee=1)
    bench.system.put("bookings", 99, Day="2026-02-02", Amount=5, Text="late")
    finished = bench.sync()
    assert finished.rows == 2
    assert {e.stream: (e.new, e.changed) for e in bench.told(StreamFinished)} == {"members": (0, 1), "bookings": (1, 0)}


def test_a_late_change_within_five_minutes_before_the_last_sync_is_still_seen(bench: Bench) -> None:
    bench.sync()
    bench.system.records["members"][50] = {"Id": 50, "Name": "Lagging", "Changed": bench.system.now.isoformat()}
    bench.system.pass_time(minutes=2)
    bench.sync()
    assert (50,) in bench.query("select id from raw_toy.members")


def test_payments_and_reversals_reach_invoices_that_carry_no_stamp(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    paid, reversed_ = unpaid(ledger)[:2]
    books(ledger).pay(paid, date(2026, 3, 1), customer=12)
    books(ledger).reverse(reversed_, date(2026, 3, 2), customer=10)
    ledger.sync()
    of = "select balance = 0, is_reversed from raw_ledger_toy.invoices where id ="
    assert ledger.query(f"{of} {paid}") == [(True, False)]
    assert ledger.query(f"{of} {reversed_}") == [(False, True)]
    assert ledger.told(WindowReadAgain) == []
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_reversal_reaches_its_invoice_although_the_sync_that_read_it_was_cut_off(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    reversed_ = unpaid(ledger)[1]
    books(ledger).reverse(reversed_, date(2026, 3, 2), customer=10)
    ledger.sync(until=lambda event: isinstance(event, StreamFinished) and event.stream == "postings")
    assert ledger.query(f"select is_reversed from raw_ledger_toy.invoices where id = {reversed_}") == [(False,)]
    ledger.sync()
    assert ledger.query(f"select is_reversed from raw_ledger_toy.invoices where id = {reversed_}") == [(True,)]


def test_lines_are_asked_once_per_invoice_also_when_it_changes(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    books(ledger).pay(unpaid(ledger)[0], date(2026, 3, 1), customer=12)
    ledger.system.asked.clear()
    ledger.sync()
    assert [ask for ask in ledger.system.asked if ask.stream.name == "lines"] == []


def test_lines_are_filled_newest_first_and_within_a_budget(ledger: Bench) -> None:
    ledger.sync(deferred=Deferred.NONE)
    assert states(ledger)["lines"] is StreamState.FILLING
    assert ledger.store.count("lines") == 0
    ledger.system.asked.clear()
    ledger.sync(deferred=Deferred.ONLY, budget=5)
    invoices = [int(ask.parent or 0) for ask in ledger.system.asked if ask.stream.name == "lines"]
    assert sorted(invoices, reverse=True) == invoices
    assert len(invoices) == 5
    [lines] = [s for s in ledger.store.streams() if s.stream == "lines"]
    assert (lines.filled, lines.to_fill, lines.state) == (5, 24, StreamState.FILLING)
    assert ledger.store.syncs()[0].kind is SyncKind.FILLING
    while ledger.sync(deferred=Deferred.ONLY, budget=7).rows != 0:
        pass
    assert ledger.store.count("lines") == rows_of(ledger.system, "lines")
    assert states(ledger)["lines"] is StreamState.CURRENT


def test_an_order_that_was_invoiced_is_gone_with_its_lines(ledger: Bench) -> None:
    ledger.sync()
    gone = min(ledger.system.records["orders"])
    ledger.system.pass_time(hours=1)
    ledger.system.drop("orders", gone)
    ledger.sync()
    assert gone not in {key for (key,) in ledger.query("select id from raw_ledger_toy.orders")}
    assert ledger.query(f"select * from raw_ledger_toy.order_lines where order_id = {gone}") == []


def test_a_hard_deletion_is_found_by_the_nightly_scan(bench: Bench) -> None:
    bench.sync()
    bench.system.drop("members", 2)
    bench.system.put("members", 90, Name="so that the count agrees", Fee=1)
    bench.system.pass_time(hours=21)
    bench.sync()
    assert (2,) not in bench.query("select id from raw_toy.members")
    assert bench.query("select id from raw_toy.members_versions where _deleted_at is not null") == [(2,)]


def test_what_changes_without_a_stamp_is_seen_when_everything_is_read_again_after_a_week(ledger: Bench) -> None:
    ledger.sync()
    entry = min(ledger.system.records["entries"])
    ledger.system.slip("entries", entry, Customer=99)
    ledger.system.slip("invoices", unpaid(ledger)[0], IsReversed=True)
    ledger.system.pass_time(days=7)
    ledger.sync()
    assert ledger.query(f"select customer_no from raw_ledger_toy.entries where id = {entry}") == [(99,)]
    assert ledger.query("select count(*) from raw_ledger_toy.invoices where is_reversed") == [(1,)]
    ledger.system.pass_time(hours=1)
    ledger.system.asked.clear()
    ledger.sync()
    assert not [ask for ask in ledger.system.asked if ask.window]


def test_a_full_sync_reads_everything_anew_and_ends_with_the_same_tables(ledger: Bench) -> None:
    ledger.sync()
    before = ledger.tables()
    finished = ledger.sync(full=True)
    assert ledger.tables() == before
    assert finished.rows >= sum(len(rows) for rows in before.values())
    assert ledger.query("select count(*) from raw_ledger_toy.postings_versions") == [(0,)]


def test_a_skipped_stream_is_not_asked_and_no_part_of_the_verdict(ledger: Bench) -> None:
    ledger.sync(skip=frozenset({"lines", "orders", "order_lines"}))
    assert {ask.stream.name for ask in ledger.system.asked}.isdisjoint({"lines", "orders", "order_lines"})
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_stream_that_is_not_opened_to_us_says_why_and_the_others_go_on(bench: Bench) -> None:
    bench.system.faults["members"] = [NotPermittedError("no", reason="the company lacks the module Members")]
    finished = bench.sync()
    [told] = bench.told(StreamNotAvailable)
    assert told.reason == "the company lacks the module Members"
    assert finished.outcome is Outcome.SUCCEEDED
    members, bookings = bench.store.streams()
    assert (members.state, members.reason) == (StreamState.NOT_AVAILABLE, "the company lacks the module Members")
    assert bookings.rows == 20


def test_rows_stay_when_a_stream_is_no_longer_opened_to_us(bench: Bench) -> None:
    bench.sync()
    bench.system.faults["members"] = [NotPermittedError("no", reason="gone")] * 3
    bench.system.pass_time(hours=30)
    bench.sync()
    assert bench.store.count("members") == 7


def test_a_busy_source_postpones_the_stream_and_the_next_sync_carries_on(bench: Bench) -> None:
    bench.system.faults["members"] = [TryLaterError("busy")]
    finished = bench.sync()
    assert (finished.outcome, finished.cause) == (Outcome.INCOMPLETE, Cause.TRY_LATER)
    assert [event.stream for event in bench.told(StreamPostponed)] == ["members"]
    assert bench.tied.verdict is Verdict.COULD_NOT_CHECK
    assert bench.sync().outcome is Outcome.SUCCEEDED
    assert bench.store.count("members") == 7


def test_a_source_that_is_down_is_left_alone_after_two_streams(ledger: Bench) -> None:
    ledger.sync()
    for name in ledger.system.records:
        ledger.system.faults[name] = [TryLaterError("down")] * 5
    ledger.system.asked.clear()
    ledger.sync()
    assert len(ledger.told(StreamPostponed)) >= 5
    assert len([event for event in ledger.told(StreamStarted) if event.how == "again"]) == 0


def test_an_unexpected_answer_stops_its_stream_and_touches_nothing(bench: Bench) -> None:
    bench.sync()
    bench.system.faults["members"] = [UnexpectedAnswerError("odd")]
    finished = bench.sync()
    assert (finished.outcome, finished.cause) == (Outcome.INCOMPLETE, Cause.UNEXPECTED)
    assert [event.reason for event in bench.told(StreamFailed)] == ["odd"]
    assert bench.store.count("members") == 7


def test_an_amount_that_does_not_fit_stops_its_stream_and_tells_no_value(bench: Bench) -> None:
    bench.system.put("members", 3, Name="x", Fee=1.00005)
    finished = bench.sync()
    [told] = bench.told(StreamFailed)
    assert finished.outcome is Outcome.INCOMPLETE
    assert "members.fee" in told.reason
    assert "1.00005" not in told.reason
    assert bench.store.count("members") == 0
    assert bench.store.count("bookings") == 20


def test_a_withdrawn_approval_stops_everything_and_keeps_the_data(bench: Bench) -> None:
    bench.sync()
    finished = bench.sync(key="revoked")
    assert (finished.outcome, finished.cause) == (Outcome.FAILED, Cause.COMPANY)
    assert bench.tied.verdict is Verdict.COULD_NOT_CHECK
    assert bench.store.count("members") == 7


def test_keys_of_the_installation_that_are_refused_are_the_operators_to_mend(bench: Bench) -> None:
    bench.system.faults["members"] = [NeedsOperatorError("refused")]
    finished = bench.sync()
    assert (finished.outcome, finished.cause) == (Outcome.FAILED, Cause.OPERATOR)


def test_cancelling_ends_between_pages_and_keeps_what_was_committed(bench: Bench) -> None:
    calls = iter([False] * 6 + [True] * 100)
    finished = bench.sync(should_stop=lambda: next(calls))
    assert finished.outcome is Outcome.CANCELLED
    assert not bench.told(TiedOut)
    assert bench.store.count("members") == 7
    assert bench.store.count("bookings") < 20
    assert bench.sync().outcome is Outcome.SUCCEEDED
    assert bench.store.count("bookings") == 20


def test_nothing_is_left_in_the_spool(bench: Bench) -> None:
    bench.sync()
    assert list(bench.store.spool.rglob("*.gz")) == []


def test_pages_are_kept_as_evidence_where_wanted(bench: Bench) -> None:
    bench.sync(spool_days=1)
    assert len(list(bench.store.spool.rglob("*.gz"))) >= 10


def test_records_that_move_between_pages_are_read_again_and_none_is_lost(bench: Bench) -> None:
    """A deletion while pages are read shifts the rest by one: a first answer then lacks a record."""
    bench.system.shift = ["members"]
    bench.sync()
    assert bench.store.count("members") == len(bench.system.records["members"]) == 6


def test_records_that_never_stand_still_are_left_for_the_next_sync(bench: Bench) -> None:
    bench.system.shift = ["members"] * 2
    finished = bench.sync()
    assert finished.cause is Cause.TRY_LATER
    assert bench.store.count("members") == 0


def test_a_reader_of_the_published_copy_sees_no_error_and_never_half_a_sync(tmp_path: Path) -> None:
    bench = Bench(tmp_path, LedgerConnector(), published=True)
    bench.sync()
    seen: set[tuple[object, ...]] = set()
    errors: list[BaseException] = []
    stop = threading.Event()

    def look() -> None:
        sql = "select (select count(*) from raw_ledger_toy.postings), (select count(*) from raw_ledger_toy.entries)"
        while not stop.is_set():
            try:
                with duckdb.connect(str(tmp_path / "published" / "published.duckdb"), read_only=True) as reader:
                    seen.update(reader.execute(sql).fetchall())
            except BaseException as error:  # noqa: BLE001 - told below
                errors.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    whole = {tuple(rows_of(bench.system, name) for name in ("postings", "entries"))}
    for _ in range(3):
        bench.system.pass_time(hours=1)
        books(bench).invoice(date(2026, 3, 1), 10, 500)
        whole.add(tuple(rows_of(bench.system, name) for name in ("postings", "entries")))
        bench.sync()
    stop.set()
    thread.join()
    assert errors == []
    assert seen <= whole
    assert len(seen) > 1


def test_history_tells_rows_and_requests_per_stream(bench: Bench) -> None:
    finished = bench.sync()
    [sync] = bench.store.syncs()
    assert (sync.outcome, sync.rows, sync.requests) == (Outcome.SUCCEEDED, 27, finished.requests)
    assert {run.stream: (run.rows, run.new) for run in sync.streams} == {"members": (7, 7), "bookings": (20, 20)}


def test_a_first_sync_reads_this_year_and_the_last_of_all_before_older_years_of_anything(ledger: Bench) -> None:
    ledger.sync()
    asked = [ask for ask in ledger.system.asked if not ask.keys_only]
    years = [ask.window for ask in asked if ask.window]
    last_year = date(ledger.system.now.year - 1, 1, 1)
    first_old = next(n for n, ask in enumerate(asked) if ask.window and ask.window.last < last_year)
    assert all(window.last < last_year for window in years[years.index(asked[first_old].window) :])
    names = {ask.stream.name for ask in asked[:first_old]}
    assert {"postings", "entries", "accounts", "series"} <= names
    told = [event.filling for event in ledger.told(StreamFinished) if event.stream == "postings"]
    assert told[:2] == [True, False]


def test_a_stream_that_is_opened_later_is_filled_by_itself(bench: Bench) -> None:
    bench.system.faults["members"] = [NotPermittedError("no", reason="the company lacks the module Members")]
    bench.sync()
    assert (bench.tied.verdict, bench.store.count("members")) == (Verdict.PROVED, 0)
    bench.system.pass_time(hours=30)
    bench.sync()
    assert (bench.tied.verdict, bench.store.count("members")) == (Verdict.PROVED, 7)
    assert bench.store.streams()[0].state is StreamState.CURRENT
