"""The ledger against the source's trial balance: which dates, by which convention, and what differs at any date.

Cursors of the postings, besides the plan's:
    agreed DATE    the last sync at whose end the trial balance of a past date agreed
    years          when all years that are over were last held against the source
    complete       when every check was last made
    day DATE       what came of a day that somebody asked for: agrees, differs, or differs though read again (`SOURCE`)
    convention     how the source forms its trial balance
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tieout.connectors.base import LedgerProof
from tieout.ledger.convention import Accounts, Convention, Moment, closing, met
from tieout.ledger.fiscal_year import last_full_month_end, month_end, month_ends
from tieout.ledger.trial_balance import ZERO, Gap, gaps
from tieout.sync import plan
from tieout.sync.books import Books
from tieout.sync.proof.checks import DAY, LEDGER, TROUBLE, Checks
from tieout.sync.work import Work
from tieout.warehouse.base import AccountBalance, Sums

COMPLETE, CONVENTION = "complete", "convention"
YEARS, AHEAD = "years", "ahead"  # a week's work, each on a night of its own
ASKED_FOR, SOURCE = "day ", "source_differs"
MOST_DAYS = 20  # days that differed when somebody asked and are looked at again each night


class Ledger:
    """One source's ledger at one time. Asks the source for each date once."""

    def __init__(self, work: Work, books: Books, proof: LedgerProof, threads: Executor) -> None:
        self._work, self._store, self._books, self._proof, self._threads = work, work.store, books, proof, threads
        self._asked: dict[date, Future[dict[int, Decimal]]] = {}
        self._sums = Sums(proof.postings, proof.account_no, proof.amount, proof.posting_date)
        self._cursors = self._store.cursors(proof.postings)
        self.convention = Convention.of(self._cursors.get(CONVENTION, Convention().code))
        self.result_accounts = self._result_accounts()
        if not self.convention.opening_is_posted and self.opening_date and self._sums_at(self.opening_date):
            self.convention = replace(self.convention, opening_is_posted=True)
        self.gaps: dict[date, list[Gap]] = {}
        self.weekly: set[str] = set()  # which of it is done this time
        self.balances: tuple[AccountBalance, ...] = ()

    @property
    def opening_date(self) -> date | None:
        """The day that holds the opening balance: the one before the conversion date (contract 6.1.2)."""
        first = self._books.conversion_date
        return first - timedelta(days=1) if first else None

    def ask(self, on: date) -> Future[dict[int, Decimal]]:
        """The source's trial balance; asked ahead, once."""
        if on not in self._asked:
            self._asked[on] = self._threads.submit(self._work.reader.trial_balance, on)
        return self._asked[on]

    def examine(self, checks: Checks, dates: Iterable[date], *, days: Iterable[date] = ()) -> None:
        """Hold each date against the source, newest first; `days` beside the verdict."""
        standing = set(dates)
        ordered = sorted({*standing, *days}, reverse=True)
        if checks.is_ready(self._proof.postings, self._proof.accounts):
            for on in ordered:
                self.ask(on)
            ordered = [on for on in ordered if self._is_told(on)]
            self._meet_convention(ordered)
        agreed_before = dict(self._cursors)
        for on in ordered:
            name = LEDGER if on in standing else DAY
            checks.make(name, lambda on=on, name=name: self._examine(checks, on, name), on=on)  # type: ignore[misc]
        if news := {kind: value for kind, value in self._cursors.items() if agreed_before.get(kind) != value}:
            self._keep(news)

    def _examine(self, checks: Checks, on: date, name: str) -> None:
        checks.require(self._proof.postings, self._proof.accounts)
        moment = self._moment(on)
        ours = closing(moment, self._accounts(), self.convention)
        self.gaps[on] = list(gaps(ours, moment.theirs))
        accounts = {*_filled(ours), *_filled(moment.theirs)}
        checks.compare(name, on, len(accounts), self.gaps[on], number="account_no")
        if on == self._books.today:
            self.balances = tuple(_balances(sorted(accounts), ours, moment.theirs))
        if not self.gaps[on] and on != self._books.today:
            self._cursors[_agreed(on)] = str(self._work.sync)
        self._note_day(on, was_asked=name == DAY)

    def days_in_doubt(self) -> set[date]:
        """Days that differed when somebody asked for them, and were not read again since; the newest of them."""
        found = [kind.removeprefix(ASKED_FOR) for kind, value in self._cursors.items() if value == "differs"]
        return set(sorted(map(date.fromisoformat, found), reverse=True)[:MOST_DAYS])

    def note_days_read_again(self) -> None:
        """The vouchers up to each day in doubt were read again just now: what still differs is the source's own."""
        self._keep({_asked_for(on): SOURCE for on in self.days_in_doubt()})

    def _note_day(self, on: date, *, was_asked: bool) -> None:
        """Keep what came of a day that somebody asked for, now or earlier."""
        kind, apart = _asked_for(on), bool(self.gaps[on])
        before = self._cursors.get(kind)
        if was_asked or before:
            self._cursors[kind] = (SOURCE if before == SOURCE else "differs") if apart else "agrees"

    def _is_told(self, on: date) -> bool:
        """Whether the source's balance of a day ahead is that day's: nobody documents it, it may be today's once more."""
        today = self._books.today
        try:
            return on <= today or self.theirs(on) != self.theirs(today)
        except TROUBLE:
            return True  # the check itself will say so

    def gaps_on(self, on: date) -> dict[int, Decimal]:
        """Stored less vendor by account on any date, where they differ. Raises ConnectorError."""
        if on not in self.gaps:
            moment = self._moment(on)
            self.gaps[on] = list(gaps(closing(moment, self._accounts(), self.convention), moment.theirs))
        return {gap.number: gap.ours - gap.theirs for gap in self.gaps[on]}

    def carried(self, found: Mapping[int, Decimal], since: date, until: date) -> dict[int, Decimal]:
        """What is left at a later date of the differences at an earlier one, if nothing else were wrong."""
        if not self.convention.restarts or self._books.year(since) == self._books.year(until):
            return dict(found)
        left = {no: apart for no, apart in found.items() if no not in self.result_accounts}
        if (to := self.convention.carried_to) is not None:
            left[to] = left.get(to, ZERO) + sum((d for no, d in found.items() if no in self.result_accounts), ZERO)
        return {no: apart for no, apart in left.items() if apart}

    def opening_is_not_posted(self) -> None:
        """The source has no posting of its opening balance: it is taken from its trial balance from now on."""
        self.convention = replace(self.convention, opening_is_posted=False)
        self._keep({CONVENTION: self.convention.code})

    def dates(self, *, complete: bool, every_year: bool) -> set[date]:
        """The dates to hold against the source, today always.

        Complete: every month end of this fiscal year and the one before, and the last month that has postings ahead; once a
        week the opening and years that are over, and on another night each month ahead. Else a date only while it is not
        agreed, or when postings up to it came since.
        """
        today = self._books.today
        months = self._store.dates(self._proof.postings, self._proof.posting_date)
        if not months:
            return {today}
        years = {self._books.year(month).last for month in months}
        opening = self.opening_date
        past = {on for on in (*years, opening, last_full_month_end(today), self._lock(months)) if on and on < today}
        later = self._months_ahead(months)
        if not complete:
            doubtful = {on for on in past if self._is_doubtful(on)}
            doubtful |= {on for on in later[-1:] if self._is_doubtful(on, since=today)}
            return {today} | (past | set(later[-1:]) if every_year else doubtful)
        recent = self._books.year(today).before().first
        self.weekly = {YEARS, AHEAD} if every_year or YEARS not in self._cursors else self._whose_night()
        nightly = {on for on in month_ends(max(recent, months[0]), today) if on < today}
        nightly |= {on for on in past if YEARS in self.weekly or on >= recent or self._is_doubtful(on)}
        return {today} | nightly | set(later if AHEAD in self.weekly else later[-1:])

    def _whose_night(self) -> set[str]:
        """The one part of the week's work that has waited for longest, if any is due."""
        due = [kind for kind in (YEARS, AHEAD) if plan.is_due(kind, self._cursors, self._work.clock(), plan.WEEKLY)]
        return set(sorted(due, key=lambda kind: self._cursors.get(kind, ""))[:1])

    def _months_ahead(self, months: Sequence[date]) -> list[date]:
        """The ends of the months with postings after today, given the first days of those with any."""
        today = self._books.today
        newest: date = self._store.greatest(self._proof.postings, self._proof.posting_date)
        return [month_end(month) for month in months if month_end(month) > today] if newest > today else []

    def note_complete(self) -> None:
        """Every check was made now."""
        self._keep(dict.fromkeys((COMPLETE, *sorted(self.weekly)), plan.instant(self._work.clock())))

    def _lock(self, months: list[date]) -> date | None:
        lock = self._books.lock_date
        return lock if lock and months[0] <= lock else None

    def _is_doubtful(self, on: date, *, since: date = date.min) -> bool:
        """Whether a date never agreed, or postings of a month up to it, and after `since`, came after it did."""
        agreed = self._cursors.get(_agreed(on))
        if agreed is None:
            return True
        touched = self._store.dates(self._proof.postings, self._proof.posting_date, since_sync=int(agreed) + 1)
        return any(since < month <= on for month in touched)

    def _meet_convention(self, dates: list[date]) -> None:
        """Which convention is met, told by several dates: a single one would let a fault pass for a convention."""
        if len(dates) < 2:
            return
        try:
            moments = {on: self._moment(on) for on in dates}
        except TROUBLE:
            return  # the checks themselves will say so
        found = met(moments, self._accounts(), self.convention)
        if found != self.convention:
            self.convention = found
            self._keep({CONVENTION: found.code})

    def theirs(self, on: date) -> dict[int, Decimal]:
        """The source's balances, asked now where they were not asked ahead. Raises ConnectorError."""
        if on not in self._asked:
            self._asked[on] = Future()
            self._asked[on].set_result(self._work.reader.trial_balance(on))
        return self._asked[on].result()

    def _moment(self, on: date) -> Moment:
        theirs, opening = self.theirs(on), self.opening_date
        return Moment(
            opens=opening is None or self._books.year(opening) == self._books.year(on),
            since_ever=self._sums_at(on),
            this_year=self._store.sums(self._sums, until=on, since=self._books.year(on).first),
            theirs=theirs,
        )

    def _sums_at(self, on: date) -> dict[int, Decimal]:
        return self._store.sums(self._sums, until=on)

    def _accounts(self) -> Accounts:
        opening: dict[int, Decimal] = {}
        if not self.convention.opening_is_posted and self.opening_date:
            opening = self.theirs(self.opening_date)
        return Accounts(result=self.result_accounts, opening=opening)

    def _result_accounts(self) -> set[int]:
        found: set[int] = set()
        for kind in self._proof.result_types:
            found.update(
                self._store.column(self._proof.accounts, self._proof.account_no, where={self._proof.account_type: kind})
            )
        return found

    def _keep(self, cursors: Mapping[str, str]) -> None:
        self._store.set_cursors(self._proof.postings, self._work.sync, cursors)
        self._cursors = {**self._cursors, **cursors}


def is_complete_due(work: Work, proof: LedgerProof) -> bool:
    """Whether every check was last made too long ago."""
    return plan.is_due(COMPLETE, work.store.cursors(proof.postings), work.clock())


def _balances(
    accounts: list[int], ours: Mapping[int, Decimal], theirs: Mapping[int, Decimal]
) -> Iterator[AccountBalance]:
    for number in accounts:
        yield AccountBalance(account_no=number, stored=ours.get(number, ZERO), vendor=theirs.get(number, ZERO))


def _filled(balances: Mapping[int, Decimal]) -> set[int]:
    return {number for number, balance in balances.items() if balance}


def _asked_for(on: date) -> str:
    return f"{ASKED_FOR}{on.isoformat()}"


def _agreed(on: date) -> str:
    return f"agreed {on.isoformat()}"
