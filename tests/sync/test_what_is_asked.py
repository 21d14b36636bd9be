"""What a sync asks: every time, when the books moved, at night, in its turn, and in smaller spans where it must."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerSystem, rows_of
from tieout.catalog import Ask
from tieout.connectors.errors import OverwhelmedError
from tieout.sync.events import StreamFinished
from tieout.warehouse.base import Outcome, Verdict


def books_of(ledger: Bench) -> LedgerSystem:
    """The bench's system, as what it is."""
    assert isinstance(ledger.system, LedgerSystem)
    return ledger.system


def test_when_the_last_order_is_invoiced_the_books_are_proved_at_once(ledger: Bench) -> None:
    ledger.sync()
    for key in list(ledger.system.records["orders"]):
        ledger.system.drop("orders", key)
    books_of(ledger).invoice(date(2026, 3, 9), 10, 500)
    ledger.sync()
    assert ledger.query("select count(*) from raw_ledger_toy.orders") == [(0,)]
    assert ledger.tied.verdict is Verdict.PROVED


def test_streams_that_seldom_change_take_turns_one_a_sync_and_are_all_asked_at_night(ledger: Bench) -> None:
    seldom = {"settings", "series", "invoices"}

    def asked() -> set[str]:
        ledger.system.pass_time(hours=1)
        ledger.system.asked.clear()
        ledger.sync()
        return {ask.stream.name for ask in ledger.system.asked} & seldom

    ledger.sync()
    turns = [asked() for _ in range(3)]
    assert [len(turn) for turn in turns] == [1, 1, 1]
    assert set().union(*turns) == seldom
    ledger.system.pass_time(hours=20)
    assert asked() == seldom


def test_who_keeps_the_nights_has_one_a_day_and_none_is_passed_by(ledger: Bench) -> None:
    seldom = {"settings", "series", "invoices"}

    def asked(hours: float) -> set[str]:
        ledger.system.pass_time(hours=hours)
        ledger.system.asked.clear()
        ledger.sync(nightly=False)
        return {ask.stream.name for ask in ledger.system.asked} & seldom

    ledger.sync()
    assert len(asked(21)) == 1
    assert asked(26) == seldom


def test_what_hangs_on_postings_is_asked_only_when_there_are_new_ones(ledger: Bench) -> None:
    ledger.sync()
    for _ in range(3):
        ledger.sync()
    ledger.system.asked.clear()
    ledger.system.pass_time(minutes=10)
    books_of(ledger).invoice(date(2026, 3, 9), 1, 500)
    ledger.sync()
    assert "invoices" in {ask.stream.name for ask in ledger.system.asked}
    assert ledger.tied.verdict is Verdict.PROVED


def test_what_hangs_on_postings_is_asked_although_the_sync_that_met_them_was_cut_off(ledger: Bench) -> None:
    ledger.sync()
    for _ in range(3):
        ledger.sync()
    ledger.system.pass_time(minutes=10)
    books_of(ledger).invoice(date(2026, 3, 9), 10, 500)
    ledger.sync(until=lambda event: isinstance(event, StreamFinished) and event.stream == "entries" and event.new > 0)
    assert ledger.store.count("invoices") < rows_of(ledger.system, "invoices")
    ledger.system.pass_time(minutes=30)
    ledger.sync()
    assert ledger.store.count("invoices") == rows_of(ledger.system, "invoices")


def test_an_invoice_far_below_the_last_number_is_asked_for_by_its_posting(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(minutes=10)
    low = min(ledger.system.records["invoices"])
    ledger.system.drop("invoices", low)
    for key in [key for key, row in ledger.system.records["postings"].items() if row["Voucher"] == low]:
        ledger.system.drop("postings", key)
    ledger.sync(full=True)
    assert ledger.query(f"select 1 from raw_ledger_toy.invoices where id = {low}") == []
    ledger.system.pass_time(minutes=10)
    books_of(ledger).late_invoice(low, date(2026, 3, 9), customer=10, amount=77)
    ledger.sync()
    assert ledger.query(f"select balance::varchar from raw_ledger_toy.invoices where id = {low}") == [("77.0000",)]


def test_a_year_that_the_source_can_not_manage_is_asked_for_in_smaller_spans(ledger: Bench) -> None:
    most, asked = 6, list[Ask]()

    def give_up(ask: Ask, number: int) -> None:
        if ask.window and number == 1:
            asked.append(ask)
            days = [date.fromisoformat(row["Day"]) for row in ledger.system.records["postings"].values()]
            if sum(ask.window.first <= day <= ask.window.last for day in days) > most:
                raise OverwhelmedError("too much at once")

    ledger.system.on_page = give_up
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.store.count("postings") == rows_of(ledger.system, "postings")
    asked.clear()
    ledger.system.pass_time(hours=1)
    ledger.sync()
    assert asked == []


def gives_up(ledger: Bench, stream: str, most: int) -> None:
    """The source can't manage more than so many rows of a stream at once, however they are asked for."""

    def give_up(ask: Ask, number: int) -> None:
        if ask.stream.name == stream and number == 1 and len(ledger.system.found(ask)) > most:
            raise OverwhelmedError("too much at once")

    ledger.system.on_page = give_up


def test_changes_that_the_source_can_not_manage_are_asked_for_in_spans_too(ledger: Bench) -> None:
    gives_up(ledger, "postings", most=10)
    ledger.sync()
    ledger.system.pass_time(hours=1)
    for key in ledger.system.records["postings"]:
        ledger.system.put("postings", key, **ledger.system.records["postings"][key] | {"Type": "Renamed"})
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.query("select distinct type from raw_ledger_toy.postings") == [("Renamed",)]


def test_a_month_that_is_mended_is_read_in_spans_too(ledger: Bench) -> None:
    gives_up(ledger, "postings", most=10)
    ledger.sync()
    day = date(2026, 3, 2)
    for n in range(12):
        books_of(ledger).voucher(day + timedelta(days=n % 5), (1920, 5), (3000, -5))
    ledger.sync()
    for key in list(ledger.system.records["postings"])[-4:]:
        ledger.system.slip("postings", key, Amount=ledger.system.records["postings"][key]["Amount"] * 2)
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_list_that_can_not_be_asked_by_dates_is_divided_by_its_numbers(ledger: Bench) -> None:
    gives_up(ledger, "entries", most=14)
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.store.count("entries") == rows_of(ledger.system, "entries") > 10
    assert ledger.store.cursors("entries")["first"] == "done"


def test_changes_are_asked_for_from_when_the_first_part_was_asked(ledger: Bench) -> None:
    gives_up(ledger, "entries", most=14)
    give_up, times = ledger.system.on_page, list[datetime]()

    def slowly(ask: Ask, number: int) -> None:
        give_up(ask, number)
        if ask in ledger.system.asked and ask.part:  # read, not counted
            times.append(ledger.system.now)
            ledger.system.pass_time(hours=1)

    ledger.system.on_page = slowly
    ledger.sync()
    assert times[-1] > times[0]
    assert datetime.fromisoformat(ledger.store.cursors("entries")["changed"]) < times[0]


def test_an_entry_that_is_gone_is_met_in_parts_too(ledger: Bench) -> None:
    gives_up(ledger, "entries", most=14)
    ledger.sync()
    books_of(ledger).pay(1, date(2026, 3, 9), 10)
    ledger.sync()
    ledger.system.drop("entries", max(ledger.system.records["entries"]))
    ledger.system.pass_time(days=8)
    ledger.sync()
    assert ledger.store.count("entries") == rows_of(ledger.system, "entries")


def test_a_single_party_that_the_source_can_not_manage_waits_for_the_next_sync(ledger: Bench) -> None:
    gives_up(ledger, "entries", most=1)
    assert ledger.sync().outcome is Outcome.INCOMPLETE
    ledger.system.on_page = lambda ask, number: None
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_day_that_the_source_can_not_manage_waits_for_the_next_sync(ledger: Bench) -> None:
    def give_up(ask: Ask, number: int) -> None:
        if ask.window:
            raise OverwhelmedError("too much at once")

    ledger.system.on_page = give_up
    assert ledger.sync().outcome is Outcome.INCOMPLETE
    ledger.system.on_page = lambda ask, number: None
    assert ledger.sync().outcome is Outcome.SUCCEEDED
    assert ledger.tied.verdict is Verdict.PROVED
