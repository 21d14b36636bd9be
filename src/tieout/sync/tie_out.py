"""The tie-out: what is stored, held against the source's own trial balance, balances and counts, to the øre.

*Not proved* if any check differs by 0.01 or more; else *Couldn't check* if one that applies could not be made; else *Proved*.
The checks themselves are in `proof/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from tieout.catalog import Stream
from tieout.connectors.base import LedgerProof, Proof
from tieout.ledger.trial_balance import Gap
from tieout.sync.books import Books
from tieout.sync.extract import QUESTIONS_AHEAD
from tieout.sync.proof import origins, settlements, vouchers
from tieout.sync.proof.checks import (
    AGREES,
    COULD_NOT,
    COUNTS,
    DIFFERS,
    LEDGER,
    NOT_APPLICABLE,
    NUMBERS,
    OPEN_ITEMS,
    ORIGINS,
    VOUCHERS,
    Checks,
    verdict,
)
from tieout.sync.proof.counts import Counts, worth_counting
from tieout.sync.proof.ledger import Ledger, is_complete_due
from tieout.sync.proof.subledgers import Subledger, employees
from tieout.sync.work import Work
from tieout.warehouse.base import Check, CheckOutcome, StreamGrade, StreamState, TieOut, Verdict

EMPLOYEES = "employees"


class Examination:
    """All checks of one source at one time.

    `thorough`: something moved, so that what may have moved is checked; else today's trial balance only. `complete`: every
    check there is, once a night. `every_year`: no past year is believed because it agreed before.
    """

    def __init__(self, work: Work, books: Books, *, thorough: bool, complete: bool = False) -> None:
        self.work, self._store, self.books = work, work.store, books
        self._before = next(iter(self._store.tie_outs(limit=1)), None)
        ledger = work.connector.proof.ledger
        was_proved = self._before is not None and self._before.verdict is Verdict.PROVED
        self.complete = complete or self._before is None or ledger is None or is_complete_due(work, ledger)
        self.thorough = thorough or self.complete or not was_proved
        self.every_year = False
        self.also: set[date] = set()  # dates that somebody asked for
        self._doubted: set[date] = set()  # that differed when somebody asked; looked at to the end, mended or not
        self.ledger: Ledger | None = None
        self._counts: Counts | None = None

    @property
    def gaps(self) -> dict[date, list[Gap]]:
        """Of the ledger, by date, as far as dates were held against the source."""
        return self.ledger.gaps if self.ledger else {}

    def insist(self) -> None:
        """From now on believe nothing that agreed before."""
        self.thorough = self.every_year = True

    def examine(self) -> TieOut:
        """Make the checks. Raises NeedsCompanyError, NeedsOperatorError."""
        proof, today = self.work.connector.proof, self.books.today
        self.checks = checks = Checks(self.work, today)
        self.ledger, self._counts = None, None
        with ThreadPoolExecutor(QUESTIONS_AHEAD) as threads:
            ledger = Ledger(self.work, self.books, proof.ledger, threads) if proof.ledger else None
            if self.thorough:
                self._ask_ahead(proof, threads)
            if ledger is None:
                checks.add(LEDGER, today, 0, NOT_APPLICABLE, "no_trial_balance")
            else:
                self._doubted |= ledger.days_in_doubt() if self.complete else set()
                ledger.examine(checks, self._dates(ledger), days=self.also | self._doubted)
            self.ledger = ledger
            if self.thorough:
                self._examine_the_rest(proof)
        return self._told()

    @property
    def _is_wide(self) -> bool:
        return self.complete or self.every_year

    def _dates(self, ledger: Ledger) -> set[date]:
        if not self.thorough:
            return {self.books.today}
        return ledger.dates(complete=self.complete, every_year=self.every_year)

    def _ask_ahead(self, proof: Proof, threads: ThreadPoolExecutor) -> None:
        self._subledgers = [Subledger(self.work, one, self.checks, threads) for one in proof.subledgers]
        agreed = {grade.stream for grade in (self._before.streams if self._before else ()) if grade.holds}
        names = worth_counting(self.work, agreed, complete=self._is_wide)
        self._counts = Counts(self.work, self.checks, names, threads)

    def _examine_the_rest(self, proof: Proof) -> None:
        checks, ledger = self.checks, proof.ledger
        if ledger and self.ledger:
            checks.make(VOUCHERS, lambda: vouchers.sum_to_zero(self.work, ledger, checks))
            checks.make(NUMBERS, lambda: vouchers.numbered_once(self.work, ledger, checks))
        for told, subledger in zip(proof.subledgers, self._subledgers, strict=True):
            checks.make(told.check, lambda one=subledger: one.examine(self.ledger))  # type: ignore[misc]
        if ledger and self.ledger and ledger.employees:
            of = self.ledger
            checks.make(EMPLOYEES, lambda: employees(self.work, ledger, checks, of))
        if any(subledger.settlement for subledger in proof.subledgers):
            checks.make(OPEN_ITEMS, lambda: settlements.examine(self.work, checks))
            if ledger:
                checks.make(ORIGINS, lambda: origins.examine(self.work, ledger, checks))
        if self._counts:
            checks.make(COUNTS, self._counts.examine)

    def _told(self) -> TieOut:
        made = self.checks.made
        tied = TieOut(
            at=self.work.now(),
            verdict=verdict(made),
            checks=tuple(made),
            differences=tuple(self.checks.differences),
            streams=tuple(self._grades()),
            sync=self.work.sync,
            balances=self.ledger.balances if self.ledger else (),
            lock_date=self.books.lock_date,
            newest_posting=self._newest(),
            convention=self.ledger.convention.code if self.ledger else None,
        )
        if self.complete and self.ledger and tied.verdict is not Verdict.COULD_NOT_CHECK:
            self.ledger.note_complete()
        return tied

    def _newest(self) -> date | None:
        ledger: LedgerProof | None = self.work.connector.proof.ledger
        newest: date | None = self._store.greatest(ledger.postings, ledger.posting_date) if ledger else None
        return newest

    def _grades(self) -> Iterator[StreamGrade]:
        earlier = {grade.stream: grade for grade in self._before.streams} if self._before else {}
        counted = self._counts.agreed if self._counts else {}
        for stream in self.work.connector.streams:
            checks = self._checks_of(stream)
            holds = _all(checks) if checks else counted.get(stream.name)
            if holds is None and stream.name in earlier and not self._is_asked(stream):
                yield earlier[stream.name]
                continue
            filling = self.work.states.get(stream.name) is StreamState.FILLING
            yield StreamGrade(stream=stream.name, grade=stream.grade, on=self.books.today, holds=holds, filling=filling)

    def _is_asked(self, stream: Stream) -> bool:
        """Whether this examination meant to check a stream, so that what it was before says nothing."""
        return self._counts is not None and self._counts.meant(stream.name)

    def _checks_of(self, stream: Stream) -> list[CheckOutcome]:
        proof = self.work.connector.proof
        names = {LEDGER, VOUCHERS} if proof.ledger and proof.ledger.postings == stream.name else set[str]()
        names |= {subledger.check for subledger in proof.subledgers if subledger.entries == stream.name}
        return [check.outcome for check in self.checks.made if check.check in names]


def could_not_check(work: Work, books: Books) -> TieOut:
    """The tie-out of a sync that failed before it came to it."""
    check = Check(check=LEDGER, date=books.today, compared=0, outcome=COULD_NOT, reason="sync_failed")
    return TieOut(at=work.now(), verdict=Verdict.COULD_NOT_CHECK, checks=(check,), sync=work.sync, is_after_sync=False)


def _all(outcomes: list[CheckOutcome]) -> bool | None:
    if DIFFERS in outcomes:
        return False
    return True if set(outcomes) == {AGREES} else None
