"""Three verdicts, to the øre: what each check sees, what it can't see, and what it must not be fooled by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.sync.bench import Bench
from tests.sync.ledger_system import BANK, RECEIVABLES, SALES, LedgerReader, LedgerSystem
from tieout.catalog import Ask, Rhythm
from tieout.connectors.errors import NotPermittedError, TryLaterError
from tieout.ledger.fiscal_year import month_end
from tieout.sync.events import Cause, TiedOut, WindowReadAgain
from tieout.warehouse.base import Check, CheckOutcome, Verdict

OUTCOMES = CheckOutcome
CHECKS = ("ledger", "vouchers", "numbers", "customers", "counts")


def books(bench: Bench) -> LedgerSystem:
    assert isinstance(bench.system, LedgerSystem)
    return bench.system


def outcomes(bench: Bench) -> dict[str, set[CheckOutcome]]:
    found: dict[str, set[CheckOutcome]] = {}
    for check in bench.tied.checks:
        found.setdefault(check.check, set()).add(check.outcome)
    return found


def alter(bench: Bench, sql: str) -> None:
    with bench.warehouse.writing() as connection:
        connection.execute(sql)


def test_after_a_first_sync_every_check_agrees(ledger: Bench) -> None:
    ledger.sync()
    assert outcomes(ledger) == {name: {OUTCOMES.AGREES} for name in CHECKS}
    dates = {check.date for check in ledger.tied.checks if check.check == "ledger"}
    months = {month_end(date(2025, month, 1)) for month in range(1, 13)} | {date(2026, 1, 31), date(2026, 2, 28)}
    ahead = date(2026, 3, 31)  # there are postings that lie ahead
    assert dates == {date(2026, 3, 11), *months, ahead, date(2024, 12, 31), date(2023, 12, 31)}


def test_a_posting_altered_by_hand_is_not_proved_and_named(ledger: Bench) -> None:
    ledger.sync()
    alter(
        ledger,
        f"update raw_ledger_toy.postings set amount = amount + 0.01 where account_no = {BANK} and day = '2023-12-31'",
    )
    tied = ledger.tie_out()
    assert tied.verdict is Verdict.NOT_PROVED
    today = [d for d in tied.differences if d.check == "ledger" and d.date == date(2026, 3, 11)]
    assert [(d.account_no, d.difference) for d in today] == [(BANK, Decimal("0.01"))]


def test_the_ledger_is_compared_at_any_day_that_is_asked_for(ledger: Bench) -> None:
    ledger.sync()
    day = date(2025, 6, 17)
    assert day not in {check.date for check in ledger.tie_out().checks}
    (check,) = [check for check in ledger.tie_out(day).checks if check.date == day]
    assert (check.check, check.outcome) == ("day", OUTCOMES.AGREES)


def test_a_day_that_differs_is_told_by_itself_mended_at_night_and_leaves_the_verdict(ledger: Bench) -> None:
    ledger.sync()
    posted = [(row["Day"], row["Voucher"]) for row in ledger.system.records["postings"].values()]
    first, voucher = next(one for one in posted if one[0].startswith("2025-06"))
    alter(ledger, f"update raw_ledger_toy.postings set day = '2025-06-30' where voucher_no = {voucher}")
    day = date.fromisoformat(first)
    tied = ledger.tie_out(day)  # within a month no month end tells of it
    assert {(d.check, d.date) for d in tied.differences} == {("day", day)}
    assert (tied.verdict, tied.incident) == (Verdict.PROVED, None)
    assert {d.date for d in ledger.tie_out().differences} == {day}  # every whole check looks at it again
    alter(ledger, "delete from tieout.cursors where kind = 'complete'")
    ledger.sync(nightly=False)  # reads no window again by itself: the day is followed to its vouchers
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.tied.incident is not None
    assert {check.outcome for check in ledger.tied.checks if check.date == day} == {OUTCOMES.AGREES}
    assert ledger.tie_out(day).differences == ()


def test_a_difference_below_an_ore_is_none(ledger: Bench) -> None:
    ledger.sync()
    alter(
        ledger,
        f"update raw_ledger_toy.postings set amount = amount + 0.0099 where account_no = {BANK} and day = '2023-12-31'",
    )
    assert "ledger" not in {difference.check for difference in ledger.tie_out().differences}


def test_a_voucher_that_does_not_sum_to_zero_is_named(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 3, 3), (BANK, 10), (SALES, -9.99))
    ledger.sync()
    assert ledger.tied.verdict is Verdict.NOT_PROVED
    assert [(d.voucher_no, d.difference) for d in ledger.tied.differences if d.check == "vouchers"] == [
        (max(r["Voucher"] for r in ledger.system.records["postings"].values()), Decimal("0.01"))
    ]


def test_the_opening_voucher_need_not_sum_to_zero(ledger: Bench) -> None:
    ledger.sync()
    assert outcomes(ledger)["vouchers"] == {OUTCOMES.AGREES}


def test_a_subledger_that_lacks_an_entry_is_named_by_party_and_control_account(ledger: Bench) -> None:
    ledger.sync()
    alter(ledger, "delete from raw_ledger_toy.entries where id = (select min(id) from raw_ledger_toy.entries)")
    tied = ledger.tie_out()
    assert tied.verdict is Verdict.NOT_PROVED
    found = [d for d in tied.differences if d.check == "customers"]
    assert {bool(d.party_no) for d in found} == {True, False}
    assert [d.account_no for d in found if not d.party_no] == [RECEIVABLES]


def test_without_control_accounts_subledgers_do_not_apply(ledger: Bench) -> None:
    ledger.system.records["series"].clear()
    ledger.sync()
    assert outcomes(ledger)["customers"] == {OUTCOMES.NOT_APPLICABLE}
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_ledger_that_the_company_does_not_open_to_us_is_no_part_of_the_proof_unless_we_have_rows_of_it(
    ledger: Bench,
) -> None:
    refused = NotPermittedError("no", reason="the company lacks the module")
    ledger.system.faults["entries"] = [refused]
    ledger.sync()
    assert outcomes(ledger)["customers"] == {OUTCOMES.NOT_APPLICABLE}
    assert ledger.tied.verdict is Verdict.PROVED
    ledger.sync(full=True)
    assert outcomes(ledger)["customers"] == {OUTCOMES.AGREES}
    ledger.system.faults["entries"] = [refused] * 3
    ledger.system.pass_time(hours=30)
    ledger.sync()
    assert outcomes(ledger)["customers"] == {OUTCOMES.COULD_NOT_CHECK}
    assert ledger.tied.verdict is Verdict.COULD_NOT_CHECK


def test_without_a_trial_balance_counts_carry_the_verdict(bench: Bench) -> None:
    bench.sync()
    assert outcomes(bench) == {"ledger": {OUTCOMES.NOT_APPLICABLE}, "counts": {OUTCOMES.AGREES}}
    assert bench.tied.verdict is Verdict.PROVED


def test_a_row_too_many_is_told_by_the_counts(bench: Bench) -> None:
    bench.sync()
    alter(bench, "insert into raw_toy.bookings (id, _source_id, _sync_id) values (777, 'source-1', 1)")
    tied = bench.tie_out()
    assert [(d.stream, d.stored, d.vendor) for d in tied.differences] == [("bookings", Decimal(21), Decimal(20))]


@pytest.mark.parametrize(
    ("error", "reason"),
    [(NotPermittedError("no", reason="module"), "not_available"), (TryLaterError("busy"), "busy")],
)
def test_a_trial_balance_that_is_not_to_be_had_is_no_proof(
    ledger: Bench, monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    ledger.sync()

    def refuse(reader: LedgerReader, on: date) -> Any:
        raise error

    ledger.connector.open = lambda key, company="": Refusing(ledger.system, key.reveal(), refuse)  # type: ignore[assignment, method-assign]
    tied = ledger.tie_out()
    assert tied.verdict is Verdict.COULD_NOT_CHECK
    assert {check.reason for check in tied.checks if check.check == "ledger"} == {reason}


class Refusing(LedgerReader):
    """A reader whose source refuses its trial balance."""

    def __init__(self, system: Any, key: str, refuse: Any) -> None:
        super().__init__(system, key)
        self._refuse = refuse

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        found: dict[int, Decimal] = self._refuse(self, on)
        return found


class Moving(LedgerReader):
    """A source in which somebody posts while it is being checked."""

    times = 1

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        if Moving.times > 0:
            Moving.times -= 1
            self._system.now = self._system.now.replace(minute=(self._system.now.minute + 1) % 60)
            books_ = self._system
            assert isinstance(books_, LedgerSystem)
            books_.voucher(date(2026, 3, 10), (BANK, 55), (SALES, -55))
        return super().trial_balance(on)


def test_postings_that_arrive_during_the_check_make_no_false_alarm(ledger: Bench) -> None:
    ledger.sync()
    Moving.times = 1
    ledger.connector.open = lambda key, company="": Moving(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    assert ledger.told(WindowReadAgain) == []
    assert ledger.store.count("postings") == len(ledger.system.records["postings"])


def test_books_that_never_stand_still_are_not_called_wrong(ledger: Bench) -> None:
    ledger.sync()
    Moving.times = 1000
    ledger.connector.open = lambda key, company="": Moving(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    tied = ledger.tie_out()
    assert tied.verdict is Verdict.COULD_NOT_CHECK
    assert "moving" in {check.reason for check in tied.checks}


def test_a_list_that_lags_behind_its_balances_is_waited_for(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    ledger.connector.open = lambda key, company="": Lagging(ledger.system, key.reveal())  # type: ignore[assignment, method-assign]
    books(ledger).voucher(date(2026, 3, 10), (BANK, 55), (SALES, -55))
    Lagging.until_balances_were_asked = 3
    ledger.sync(patience_seconds=0.01)
    assert ledger.tied.verdict is Verdict.PROVED


class Lagging(LedgerReader):
    """A source whose list of postings shows new ones only after its balances have been asked a few times."""

    until_balances_were_asked = 0

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        Lagging.until_balances_were_asked -= on == date(2026, 3, 11)
        return super().trial_balance(on)

    def _found(self, ask: Ask) -> list[dict[str, Any]]:
        found = super()._found(ask)
        if ask.stream.name == "postings" and Lagging.until_balances_were_asked > 0:
            return [record for record in found if record["Amount"] not in (55, -55)]
        return found


def test_an_amount_corrected_in_place_without_a_stamp_is_read_again(ledger: Bench) -> None:
    ledger.sync()
    [bank, sales] = [
        next(
            key
            for key, r in ledger.system.records["postings"].items()
            if r["Account"] == account and r["Day"] >= "2025"
        )
        for account in (RECEIVABLES, SALES)
    ]
    ledger.system.slip("postings", bank, Amount=500)
    other = ledger.system.records["postings"][sales]["Amount"]
    ledger.system.slip("postings", sales, Amount=other)
    ledger.sync()
    assert ledger.told(WindowReadAgain)
    assert ledger.query(f"select amount from raw_ledger_toy.postings where id = {bank}") == [(Decimal(500),)]


def test_rows_replaced_by_others_under_new_ids_are_mended_and_the_old_ones_go(ledger: Bench) -> None:
    ledger.sync()
    ledger.system.pass_time(hours=1)
    old = [key for key, r in ledger.system.records["postings"].items() if r["Voucher"] == 1]
    for key in old:
        record = ledger.system.records["postings"].pop(key)
        ledger.system.put("postings", key + 10_000, **{n: v for n, v in record.items() if n not in ("Id", "Changed")})
    ledger.sync()
    assert ledger.tied.verdict is Verdict.PROVED
    ids = {key for (key,) in ledger.query("select id from raw_ledger_toy.postings")}
    assert ids == set(ledger.system.records["postings"])
    [again] = [event for event in ledger.told(WindowReadAgain) if event.stream == "postings" and event.removed]
    assert (again.first, again.removed) == (date(2024, 2, 1), 2)


def test_a_past_year_is_checked_again_only_when_a_posting_in_it_came(ledger: Bench) -> None:
    ledger.sync()

    def years() -> set[int]:
        return {check.date.year for check in ledger.tied.checks if check.check == "ledger" and check.date.month == 12}

    ledger.system.pass_time(hours=1)
    books(ledger).voucher(date(2026, 3, 5), (BANK, 5), (SALES, -5))
    ledger.sync()
    assert years() == set()
    ledger.system.pass_time(hours=1)
    books(ledger).voucher(date(2025, 6, 5), (BANK, 5), (SALES, -5))
    ledger.sync()
    assert years() == {2025}
    assert ledger.tied.verdict is Verdict.PROVED


def test_a_tie_out_that_is_asked_for_looks_at_every_year_again(ledger: Bench) -> None:
    ledger.sync()
    where = f"account_no = {SALES} and day = (select max(day) from raw_ledger_toy.postings where year(day) = 2024)"
    alter(ledger, f"update raw_ledger_toy.postings set amount = amount + 5 where {where}")
    tied = ledger.tie_out()
    assert (date(2024, 12, 31), SALES) in {(d.date, d.account_no) for d in tied.differences if d.check == "ledger"}


def test_what_was_not_proved_is_checked_whole_again_even_when_nothing_came(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 3, 3), (BANK, 10), (SALES, -9))
    ledger.sync()
    ledger.system.pass_time(hours=1)
    ledger.sync()
    assert ledger.tied.verdict is Verdict.NOT_PROVED


def test_streams_are_graded_and_those_still_filling_are_named(ledger: Bench) -> None:
    from tieout.sync.run import Deferred

    ledger.sync(deferred=Deferred.NONE)
    grades = {grade.stream: (grade.grade.value, grade.holds, grade.filling) for grade in ledger.tied.streams}
    assert grades["postings"] == ("balanced", True, False)
    assert grades["entries"] == ("balanced", True, False)
    assert grades["invoices"] == ("counted", True, False)
    assert grades["lines"] == ("not_checkable", None, True)


def test_the_verdict_is_stored_and_queryable(ledger: Bench) -> None:
    books(ledger).voucher(date(2026, 3, 3), (BANK, 10), (SALES, -9))
    ledger.sync()
    assert ledger.query("select verdict from tieout.tie_outs") == [("not_proved",)]
    assert ledger.query('select "check", difference from tieout.tie_out_differences where voucher_no is not null') == [
        ("vouchers", Decimal("1.0000"))
    ]


def test_the_event_has_the_shape_that_scripts_rely_on(ledger: Bench) -> None:
    ledger.sync()
    alter(
        ledger,
        f"update raw_ledger_toy.postings set amount = amount - 5 where account_no = {BANK} and day = '2023-12-31'",
    )
    ledger.tie_out()
    told = ledger.told(TiedOut)[0].as_json()
    assert (told["event"], told["verdict"], told["cause"]) == ("tie_out", "not_proved", None)
    first = told["differences"][0]
    assert {"check", "date", "account_no", "stored", "vendor", "difference"} <= set(first)
    assert (first["account_no"], first["difference"]) == (BANK, "-5.00")
    assert {"check", "date", "compared", "outcome", "reason"} == set(told["checks"][0])


def test_a_sync_that_failed_gives_no_proof_and_says_who_must_act(ledger: Bench) -> None:
    ledger.sync()
    ledger.sync(key="revoked")
    assert ledger.told(TiedOut)[0].cause is Cause.COMPANY
    assert ledger.tied.checks == (
        Check(
            check="ledger", date=date(2026, 3, 11), compared=0, outcome=OUTCOMES.COULD_NOT_CHECK, reason="sync_failed"
        ),
    )


def test_a_setting_that_no_night_counts_keeps_what_its_last_count_said(
    ledger: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly = [replace(one, rhythm=Rhythm.WEEKLY) if one.name == "series" else one for one in ledger.connector.streams]
    monkeypatch.setattr(type(ledger.connector), "streams", tuple(weekly))
    ledger.sync()
    for _ in range(2):
        ledger.system.pass_time(hours=21)
        ledger.system.asked.clear()
        ledger.sync()
        assert "series" not in {ask.stream.name for ask in ledger.system.asked}
        assert {grade.stream: grade.holds for grade in ledger.tied.streams}["series"] is True
