"""The tie-out: what is stored, held against the source's own trial balance, balances and counts, to the øre.

*Not proved* if any check differs by 0.01 or more; else *Couldn't check* if one that applies could not be made; else *Proved*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial

from tieout.catalog import Grade, Stream
from tieout.connectors.base import LedgerProof, Proof, SubledgerProof
from tieout.connectors.errors import NotPermittedError, TryLaterError, UnexpectedAnswerError
from tieout.ledger.fiscal_year import last_full_month_end
from tieout.ledger.trial_balance import ZERO, Gap, closing, gaps
from tieout.sync.books import Books
from tieout.sync.events import Cause
from tieout.sync.extract import QUESTIONS_AHEAD
from tieout.sync.plan import FIRST
from tieout.sync.work import Work
from tieout.warehouse.base import (
    EMPTY_SCAN,
    AccountBalance,
    Check,
    CheckOutcome,
    Difference,
    StreamGrade,
    StreamState,
    Sums,
    TieOut,
    Verdict,
)

LEDGER, VOUCHERS, COUNTS = "ledger", "vouchers", "counts"
AGREES, DIFFERS = CheckOutcome.AGREES, CheckOutcome.DIFFERS
COULD_NOT, NOT_APPLICABLE = CheckOutcome.COULD_NOT_CHECK, CheckOutcome.NOT_APPLICABLE
SHOWN = 1000  # so many differences of a check are kept


class UncheckableError(Exception):
    """A check that applies can't be made now. `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Examination:
    """All checks of one source at one time. `thorough` makes every check; else today's trial balance only."""

    def __init__(self, work: Work, books: Books, *, thorough: bool) -> None:
        self._work, self._store, self.books = work, work.store, books
        last = next(iter(self._store.tie_outs(limit=1)), None)
        has_ledger = work.connector.proof.ledger is not None
        self.thorough = thorough or not has_ledger or last is None or last.verdict is not Verdict.PROVED
        self.every_year = False
        self._before = last
        self._to_count = self._streams_to_count()
        self.gaps: dict[date, list[Gap]] = {}  # of the ledger, by date
        self.result_accounts: set[int] = set()

    def examine(self) -> TieOut:
        """Make the checks. Raises NeedsCompanyError, NeedsOperatorError."""
        self._checks: list[Check] = []
        self._differences: list[Difference] = []
        self._counted: dict[str, bool] = {}
        self._balances: tuple[date, tuple[AccountBalance, ...]] = (date.min, ())
        self.gaps = {}
        with ThreadPoolExecutor(QUESTIONS_AHEAD) as self._threads:
            self._make_checks(self._work.connector.proof)
        return self._told()

    def _make_checks(self, proof: Proof) -> None:
        """Questions go out together, as many as the source bears; the answers are held against what is stored in order."""
        self._trial_balances: dict[date, Future[dict[int, Decimal]]] = {}
        self._totals = {stream.name: self._ask_total(stream) for stream in self._countable()} if self.thorough else {}
        self._ledger(proof.ledger)
        if self.thorough:
            if proof.ledger:
                self._vouchers(proof.ledger)
            for subledger in proof.subledgers:
                self._make(subledger.check, partial(self._subledger, subledger))
            self._make(COUNTS, self._counts)

    def _ledger(self, ledger: LedgerProof | None) -> None:
        if ledger is None:
            self._add(LEDGER, self.books.today, 0, NOT_APPLICABLE, "no_trial_balance")
            return
        dates = self._dates(ledger)
        if self._is_ready(ledger.postings):
            for on in dates:
                self._ask_trial_balance(on)
        for on in dates:
            self._make(LEDGER, partial(self._trial_balance_at, ledger, on), on=on)

    def _dates(self, ledger: LedgerProof) -> list[date]:
        """Today; when thorough also the last full month, the lock date, and years that are over and not yet agreed."""
        today = self.books.today
        if not self.thorough:
            return [today]
        months = self._store.dates(ledger.postings, ledger.posting_date)
        dates = {today, last_full_month_end(today), *self._years(ledger, months)}
        lock = self.books.lock_date
        if lock and months and months[0] <= lock <= today:
            dates.add(lock)
        return sorted(dates, reverse=True)

    def _years(self, ledger: LedgerProof, months: list[date]) -> Iterator[date]:
        cursors = self._store.cursors(ledger.postings)
        for year in {self.books.year(month) for month in months}:
            agreed = cursors.get(_agreed(year.last))
            if year.last >= self.books.today:
                continue
            if agreed is None or self.every_year:
                yield year.last
                continue
            touched = self._store.dates(ledger.postings, ledger.posting_date, since_sync=int(agreed) + 1)
            if any(month <= year.last for month in touched):
                yield year.last

    def _trial_balance_at(self, ledger: LedgerProof, on: date) -> None:
        self._require(ledger.postings, ledger.accounts)
        theirs = self._theirs(on)
        sums = Sums(ledger.postings, ledger.account_no, ledger.amount, ledger.posting_date)
        since_ever = self._store.sums(sums, until=on)
        this_year = self._store.sums(sums, until=on, since=self.books.year(on).first)
        self.result_accounts = self._result_accounts(ledger)
        ours = closing(since_ever, this_year, self.result_accounts)
        self.gaps[on] = list(gaps(ours, theirs))
        accounts = {*_filled(ours), *_filled(theirs)}
        self._compare(LEDGER, on, len(accounts), self.gaps[on], number="account_no")
        if on > self._balances[0]:
            self._balances = (on, tuple(_balances(sorted(accounts), ours, theirs)))
        if not self.gaps[on] and on < self.books.today:
            self._store.set_cursors(ledger.postings, self._work.sync, {_agreed(on): str(self._work.sync)})

    def _theirs(self, on: date) -> dict[int, Decimal]:
        return self._ask_trial_balance(on).result()

    def _ask_trial_balance(self, on: date) -> Future[dict[int, Decimal]]:
        if on not in self._trial_balances:
            self._trial_balances[on] = self._threads.submit(self._work.reader.trial_balance, on)
        return self._trial_balances[on]

    def _ask_total(self, stream: Stream) -> Future[int | None]:
        """The source told when the stream was read whole in this sync; that is believed once."""
        told = self._work.totals.pop(stream.name, None)
        if told is None:
            return self._threads.submit(self._work.reader.total, stream)
        answer: Future[int | None] = Future()
        answer.set_result(told)
        return answer

    def _result_accounts(self, ledger: LedgerProof) -> set[int]:
        found: set[int] = set()
        for kind in ledger.result_types:
            found.update(self._store.column(ledger.accounts, ledger.account_no, where={ledger.account_type: kind}))
        return found

    def _vouchers(self, ledger: LedgerProof) -> None:
        def check() -> None:
            self._require(ledger.postings)
            sums = Sums(ledger.postings, ledger.voucher_no, ledger.amount, ledger.posting_date)
            found = self._store.unbalanced(sums)
            found.pop(ledger.opening_voucher_no, None)
            vouchers = self._store.groups(sums)
            self._compare(VOUCHERS, self.books.today, vouchers, list(gaps(found, {})), number="voucher_no")

        self._make(VOUCHERS, check)

    def _subledger(self, proof: SubledgerProof) -> None:
        """Entries per party = the source's balances; all of them = the control accounts' closing balances."""
        today, ledger = self.books.today, self._work.connector.proof.ledger
        controls = self._controls(proof)
        if not controls:
            self._add(proof.check, today, 0, NOT_APPLICABLE, "no_control_account")
            return
        self._require(proof.entries)
        sums = Sums(proof.entries, proof.party_no, proof.amount, proof.posting_date)
        ours, theirs = self._store.sums(sums, until=today), self._work.reader.party_balances(proof.check, today)
        found = list(gaps(ours, theirs))
        self._compare(proof.check, today, len({*_filled(ours), *_filled(theirs)}), found, number="party_no")
        if ledger:
            balance = sum((self._theirs(today).get(account, ZERO) for account in controls), ZERO)
            only = controls[0] if len(controls) == 1 else 0
            apart = list(gaps({only: sum(ours.values(), ZERO)}, {only: balance}))
            self._compare(proof.check, today, len(controls), apart, number="account_no")

    def _controls(self, proof: SubledgerProof) -> list[int]:
        where = {proof.series_type: proof.series_type_value}
        return [int(no) for no in self._store.column(proof.series, proof.series_account_no, where=where)]

    def _counts(self) -> None:
        found: list[tuple[Stream, int, int]] = []
        reason: str | None = None
        for stream in self._worth_counting():
            try:
                self._require(stream.name)
                total = self._totals[stream.name].result()
            except (UncheckableError, NotPermittedError, TryLaterError, UnexpectedAnswerError) as error:
                reason = reason or f"{stream.name}:{_reason(error)}"
                continue
            if total == 0 and EMPTY_SCAN in self._store.cursors(stream.name):
                reason = reason or f"{stream.name}:emptiness_unconfirmed"  # rows go when another sync sees none either
            elif total is not None:
                found.append((stream, self._store.count(stream.name), total))
        apart = [(stream, ours, theirs) for stream, ours, theirs in found if ours != theirs]
        self._counted = {stream.name: ours == theirs for stream, ours, theirs in found}
        for stream, ours, theirs in apart:
            told = Difference(
                check=COUNTS, date=self.books.today, stream=stream.name, stored=Decimal(ours), vendor=Decimal(theirs)
            )
            self._differences.append(told)
        outcome = DIFFERS if apart else COULD_NOT if reason else AGREES
        self._add(COUNTS, self.books.today, len(found), outcome, None if apart else reason)

    def _countable(self) -> list[Stream]:
        return [stream for stream in self._worth_counting() if self._is_ready(stream.name)]

    def _worth_counting(self) -> list[Stream]:
        streams = [s for s in self._work.connector.streams if s.grade is not Grade.NOT_CHECKABLE]
        return [s for s in streams if s.name in self._to_count and not self._is_left_out(s)]

    def _streams_to_count(self) -> set[str]:
        """A sync counts what balances, what it has read whole or changed, and what did not agree before."""
        work = self._work
        names = {stream.name for stream in work.connector.streams}
        if not {StreamState.CURRENT, StreamState.FILLING} & {*work.states.values()}:
            return names  # a tie-out alone
        agreed = {grade.stream for grade in (self._before.streams if self._before else ()) if grade.holds}
        balanced = {stream.name for stream in work.connector.streams if stream.grade is Grade.BALANCED}
        return (names - agreed) | balanced | work.totals.keys() | {n for n in names if work.touched_by[n]}

    def _is_ready(self, stream: str) -> bool:
        try:
            self._require(stream)
        except UncheckableError:
            return False
        return True

    def _is_left_out(self, stream: Stream) -> bool:
        """Streams that somebody skipped, or that the company does not have, are no part of the verdict."""
        return self._work.states.get(stream.name) in (StreamState.SKIPPED, StreamState.NOT_AVAILABLE)

    def _require(self, *streams: str) -> None:
        for name in streams:
            state = self._work.states.get(name)
            if state in (StreamState.SKIPPED, StreamState.NOT_AVAILABLE, StreamState.FAILED, StreamState.POSTPONED):
                raise UncheckableError(state.value)
            if FIRST not in self._store.cursors(name):
                raise UncheckableError("still_filling")

    def _make(self, check: str, make: Callable[[], None], *, on: date | None = None) -> None:
        """Make a check, or tell why it could not be made."""
        try:
            make()
        except (UncheckableError, NotPermittedError, TryLaterError, UnexpectedAnswerError) as error:
            if isinstance(error, TryLaterError):
                self._work.cause = self._work.cause or Cause.TRY_LATER
            if isinstance(error, UnexpectedAnswerError):
                self._work.cause = Cause.UNEXPECTED
            self._add(check, on or self.books.today, 0, COULD_NOT, _reason(error))

    def _compare(self, check: str, on: date, compared: int, found: list[Gap], *, number: str) -> None:
        for gap in found[:SHOWN]:
            told = Difference(
                check=check,
                date=on,
                stored=gap.ours,
                vendor=gap.theirs,
                account_no=gap.number or None if number == "account_no" else None,
                party_no=gap.number if number == "party_no" else None,
                voucher_no=gap.number if number == "voucher_no" else None,
            )
            self._differences.append(told)
        self._add(check, on, compared, DIFFERS if found else AGREES, None)

    def _add(self, check: str, on: date, compared: int, outcome: CheckOutcome, reason: str | None) -> None:
        self._checks.append(Check(check=check, date=on, compared=compared, outcome=outcome, reason=reason))

    def _told(self) -> TieOut:
        return TieOut(
            at=self._work.now(),
            verdict=verdict(self._checks),
            checks=tuple(self._checks),
            differences=tuple(self._differences),
            streams=tuple(self._grades()),
            sync=self._work.sync,
            balances=self._balances[1],
        )

    def _grades(self) -> Iterator[StreamGrade]:
        earlier = {grade.stream: grade for grade in self._before.streams} if self._before else {}
        for stream in self._work.connector.streams:
            checks = self._checks_of(stream)
            holds = _all(checks) if checks else self._counted.get(stream.name)
            if holds is None and stream.name in earlier and not (self.thorough and stream.name in self._to_count):
                yield earlier[stream.name]
                continue
            filling = self._work.states.get(stream.name) is StreamState.FILLING
            yield StreamGrade(stream=stream.name, grade=stream.grade, on=self.books.today, holds=holds, filling=filling)

    def _checks_of(self, stream: Stream) -> list[CheckOutcome]:
        proof = self._work.connector.proof
        names = {LEDGER, VOUCHERS} if proof.ledger and proof.ledger.postings == stream.name else set[str]()
        names |= {subledger.check for subledger in proof.subledgers if subledger.entries == stream.name}
        return [check.outcome for check in self._checks if check.check in names]


def verdict(checks: list[Check]) -> Verdict:
    """One difference outweighs all; a check that could not be made is no proof; what does not apply counts for nothing."""
    outcomes = {check.outcome for check in checks}
    if DIFFERS in outcomes:
        return Verdict.NOT_PROVED
    return Verdict.PROVED if AGREES in outcomes and COULD_NOT not in outcomes else Verdict.COULD_NOT_CHECK


def could_not_check(work: Work, books: Books) -> TieOut:
    """The tie-out of a sync that failed before it came to it."""
    check = Check(check=LEDGER, date=books.today, compared=0, outcome=COULD_NOT, reason="sync_failed")
    return TieOut(at=work.now(), verdict=Verdict.COULD_NOT_CHECK, checks=(check,), sync=work.sync)


def _all(outcomes: list[CheckOutcome]) -> bool | None:
    if DIFFERS in outcomes:
        return False
    return True if set(outcomes) == {AGREES} else None


def _balances(
    accounts: list[int], ours: Mapping[int, Decimal], theirs: Mapping[int, Decimal]
) -> Iterator[AccountBalance]:
    for number in accounts:
        yield AccountBalance(account_no=number, stored=ours.get(number, ZERO), vendor=theirs.get(number, ZERO))


def _filled(balances: Mapping[int, Decimal]) -> set[int]:
    return {number for number, balance in balances.items() if balance}


def _agreed(on: date) -> str:
    return f"agreed {on.isoformat()}"


def _reason(error: Exception) -> str:
    match error:
        case UncheckableError():
            return error.reason
        case NotPermittedError():
            return "not_available"
        case TryLaterError():
            return "busy"
        case _:
            return "unexpected_answer"
