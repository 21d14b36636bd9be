"""From today's balance to the months that are wrong, with few questions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.sync.bench import Bench
from tests.sync.ledger_system import BANK, RECEIVABLES, SALES, LedgerReader, LedgerSystem
from tieout.catalog import Ask, Page
from tieout.connectors.errors import TryLaterError
from tieout.sync.events import WindowReadAgain
from tieout.warehouse.base import Verdict
from tieout.warehouse.incidents import IncidentState, Shape

POSTINGS = "raw_ledger_toy.postings"


def alter(bench: Bench, *statements: str) -> None:
    with bench.warehouse.writing() as connection:
        for sql in statements:
            connection.execute(sql)


def books(bench: Bench) -> LedgerSystem:
    assert isinstance(bench.system, LedgerSystem)
    return bench.system


def ledger_checks(bench: Bench) -> set[date]:
    return {check.date for check in bench.tied.checks if check.check == "ledger"}


def test_a_sync_with_nothing_new_holds_todays_balances_alone_against_the_source(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    ledger.sync()
    assert [(check.check, check.date) for check in ledger.tied.checks] == [("ledger", date(2026, 3, 11))]


def test_a_voucher_lost_two_years_ago_is_found_by_a_quiet_sync_in_its_month_alone(ledger: Bench) -> None:
    ledger.sync()
    [(day,)] = ledger.query(f"select distinct day from {POSTINGS} where voucher_no = 8")
    alter(ledger, f"delete from {POSTINGS} where voucher_no = 8")
    ledger.system.pass_time(hours=1)
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    read = [event for event in ledger.told(WindowReadAgain) if event.new]
    assert [(event.first, event.last.month) for event in read] == [(day.replace(day=1), day.month)]
    incident = ledger.tied.incident
    assert incident is not None
    assert {(f.shape, f.voucher_no, f.posting_date) for f in incident.findings} == {(Shape.MISSING_VOUCHER, 8, day)}
    assert incident.requests < 40


def test_every_month_end_of_two_years_is_checked_once_a_night(ledger: Bench) -> None:
    ledger.sync()
    months = ledger_checks(ledger)
    ledger.system.pass_time(hours=21)
    ledger.sync()
    assert {on for on in ledger_checks(ledger) if on.year >= 2025 and on < date(2026, 3, 1)} == {
        on for on in months if on.year >= 2025 and on < date(2026, 3, 1)
    }
    assert date(2023, 12, 31) not in ledger_checks(ledger)  # years that are over: once a week
    ledger.system.pass_time(days=7)
    ledger.sync()
    assert date(2023, 12, 31) in ledger_checks(ledger)


def test_a_tie_out_alone_names_the_voucher_and_mends_nothing(ledger: Bench) -> None:
    ledger.sync()
    alter(ledger, f"delete from {POSTINGS} where voucher_no = 8")
    tied = ledger.tie_out()
    assert tied.verdict is Verdict.NOT_PROVED
    assert tied.incident is not None
    assert {(f.shape, f.voucher_no, f.is_mended) for f in tied.incident.findings if f.check == "ledger"} == {
        (Shape.MISSING_VOUCHER, 8, False)
    }
    assert ledger.query(f"select count(*) from {POSTINGS} where voucher_no = 8") == [(0,)]
    status = ledger.store.data_status()
    assert status is not None
    assert (status.verdict, status.newest_posting is not None) == ("not_proved", True)
    ledger.system.pass_time(hours=1)
    ledger.sync()
    assert (ledger.tied.verdict, ledger.store.incidents(limit=1)[0].state.value) == (Verdict.PROVED, "mended")


def test_an_open_incident_keeps_what_it_told_before(ledger: Bench) -> None:
    ledger.sync()
    alter(ledger, f"create table kept as from {POSTINGS} where voucher_no = 8")
    alter(ledger, f"delete from {POSTINGS} where voucher_no = 8")
    ledger.tie_out()
    alter(ledger, f"insert into {POSTINGS} from kept")
    alter(ledger, f"delete from {POSTINGS} where voucher_no = 9")
    ledger.tie_out()
    (incident,) = ledger.store.incidents()
    told = {(f.voucher_no, f.is_mended) for f in incident.findings if f.check == "ledger"}
    assert told == {(8, True), (9, False)}
    ledger.sync()
    (incident,) = ledger.store.incidents()
    assert (ledger.tied.verdict, incident.state) == (Verdict.PROVED, IncidentState.MENDED)
    assert {(f.voucher_no, f.is_mended) for f in incident.findings if f.check == "ledger"} == {(8, True), (9, True)}


def test_a_voucher_corrected_since_the_last_sync_is_no_alarm_in_a_tie_out_alone(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    postings = ledger.system.records["postings"]
    for key in [key for key, record in postings.items() if record["Voucher"] == 8]:
        record = postings.pop(key)
        values = {name: value for name, value in record.items() if name not in ("Id", "Changed")}
        ledger.system.put("postings", key + 10_000, **{**values, "Amount": record["Amount"] * 2})
    tied = ledger.tie_out()
    assert {d.check for d in tied.differences} <= {"customers"}  # the subledger was not corrected
    assert tied.incident is not None
    assert {f.shape for f in tied.incident.findings if f.check == "ledger"} == {Shape.CORRECTED_IN_PLACE}
    assert {key for (key,) in ledger.query(f"select id from {POSTINGS}")} == set(postings)


class Nearsighted(LedgerReader):
    """A source whose balance of a day ahead is today's once more."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        return super().trial_balance(min(on, date(2026, 3, 12)))


def test_a_posting_that_lies_ahead_is_held_against_the_end_of_its_month(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 5, 1), (RECEIVABLES, 70), (SALES, -70))
    ledger.system.pass_time(days=3)  # so that it is not read again as a recent change
    ledger.sync()
    assert date(2026, 5, 31) in ledger_checks(ledger)
    alter(ledger, f"update {POSTINGS} set account_no = {BANK} where day = '2026-05-01' and account_no = {RECEIVABLES}")
    ledger.system.pass_time(hours=21)
    ledger.sync()
    incident = ledger.tied.incident
    assert incident is not None
    assert {(f.shape, f.month, f.account_no) for f in incident.findings} == {
        (Shape.WRONG_ACCOUNT, date(2026, 5, 1), account) for account in (BANK, RECEIVABLES)
    }
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.query(f"select account_no from {POSTINGS} where day = '2026-05-01' and amount = 70") == [
        (RECEIVABLES,)
    ]


def test_a_posting_ahead_that_is_stored_twice_is_told_once(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 5, 1), (RECEIVABLES, 70), (SALES, -70))
    books(ledger).voucher(date(2026, 7, 1), (RECEIVABLES, 90), (SALES, -90))
    ledger.system.pass_time(days=3)
    ledger.sync()
    alter(ledger, f"insert into {POSTINGS} select * from {POSTINGS} where day = '2026-05-01' and amount = 70")
    ledger.system.pass_time(hours=21)
    ledger.sync()
    incident = ledger.tied.incident
    assert incident is not None
    assert [(f.month, f.account_no, f.difference) for f in incident.findings if f.check == "ledger"] == [
        (date(2026, 5, 1), RECEIVABLES, Decimal(70))
    ]
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_posting_ahead_in_this_very_month_whose_voucher_no_longer_adds_up_is_told_once(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 3, 25), (RECEIVABLES, 70), (SALES, -70))
    books(ledger).voucher(date(2026, 3, 27), (RECEIVABLES, 90), (SALES, -90))
    ledger.system.pass_time(days=3)
    ledger.sync()
    alter(ledger, f"update {POSTINGS} set amount = 75 where day = '2026-03-25' and amount = 70")
    ledger.system.pass_time(hours=21)
    ledger.sync()
    incident = ledger.tied.incident
    assert incident is not None
    assert [(f.month, f.account_no, f.difference) for f in incident.findings if f.check == "ledger"] == [
        (date(2026, 3, 1), RECEIVABLES, Decimal(5))
    ]
    assert ledger.tied.verdict is Verdict.PROVED


class Silent(LedgerReader):
    """A source that has nothing to say of postings by date, the first time that it is asked."""

    silences = 1

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        if ask.stream.name == "postings" and ask.window and Silent.silences:
            Silent.silences -= 1
            return iter(())
        return super().pages(ask, spool)


def test_one_empty_answer_takes_no_month_away(ledger: Bench) -> None:
    ledger.system.pass_time(days=3)
    ledger.sync()
    rows = ledger.store.count("postings")
    alter(ledger, f"update {POSTINGS} set amount = amount + 5 where id = (select max(id) from {POSTINGS})")
    ledger.connector.open = lambda key, company="": Silent(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    ledger.system.pass_time(hours=21)
    ledger.sync()
    assert Silent.silences == 0
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.store.count("postings") == rows
    assert ledger.query(f"select count(*) from {POSTINGS}_versions where _deleted_at is not null") == [(0,)]


class Breaking(LedgerReader):
    """A source whose balances can be had once more, and no more after that."""

    left = 999

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        if not Breaking.left:
            raise TryLaterError("busy")
        Breaking.left -= 1
        return super().trial_balance(on)

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        if ask.stream.name == "postings" and ask.window:
            Breaking.left = 0  # once the month is read again
        return super().pages(ask, spool)


def test_what_was_fetched_again_and_could_not_be_examined_again_is_not_called_mended(ledger: Bench) -> None:
    ledger.system.pass_time(days=3)
    ledger.sync()
    alter(ledger, f"update {POSTINGS} set amount = amount + 5 where id = (select max(id) from {POSTINGS})")
    ledger.connector.open = lambda key, company="": Breaking(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    ledger.system.pass_time(hours=21)
    ledger.sync()
    assert Breaking.left == 0
    assert ledger.tied.verdict is Verdict.COULD_NOT_CHECK
    assert ledger.tied.incident is not None
    assert ledger.tied.incident.state is IncidentState.OPEN
    ledger.connector.open = lambda key, company="": LedgerReader(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    ledger.system.pass_time(hours=21)
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.store.incidents(limit=1)[0].state is not IncidentState.OPEN


def test_a_source_that_does_not_look_ahead_makes_no_alarm(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 5, 1), (RECEIVABLES, 70), (SALES, -70))
    ledger.connector.open = lambda key, company="": Nearsighted(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    assert max(ledger_checks(ledger)) <= date(2026, 3, 12)
