"""From a difference to what it comes to: which months, which vouchers, which shape; in a sync the months are mended too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tieout.catalog import Stream, Window
from tieout.connectors.base import LedgerProof
from tieout.ledger.fiscal_year import month_end
from tieout.ledger.trial_balance import TOLERANCE, ZERO
from tieout.sync.books import FIRST_DAY, LAST_DAY
from tieout.sync.events import Event
from tieout.sync.proof import again, localise, origins, settlements, vouchers
from tieout.sync.proof.again import Again
from tieout.sync.proof.checks import (
    COULD_NOT,
    COUNTS,
    DAY,
    DIFFERS,
    LEDGER,
    NUMBERS,
    OPEN_ITEMS,
    ORIGINS,
    TROUBLE,
    VOUCHERS,
    is_aside,
)
from tieout.sync.proof.localise import Guilty
from tieout.sync.proof.shapes import Comparison, Line, cut_off
from tieout.sync.tie_out import Examination
from tieout.sync.work import Work
from tieout.warehouse.base import Difference, SourceStore, TieOut
from tieout.warehouse.incidents import Finding, Incident, IncidentState, Shape

MOST_MONTHS = 24  # months of vouchers that do not sum to zero, or share a number, read again at once
LEFT_BEHIND = (Shape.DOUBLED_VOUCHER, Shape.SURPLUS_POSTING, Shape.SURPLUS_VOUCHER)
PASSING = (Shape.SOURCE_DIFFERS, Shape.UNEXPLAINED, Shape.POSTED_AFTER)  # nothing of ours was wrong


class Investigation:
    """One difference followed to its vouchers. `mends`: what is read again takes the stored rows' place."""

    def __init__(self, work: Work, examination: Examination, *, mends: bool) -> None:
        self._work, self._examination, self._mends = work, examination, mends
        self._ledger_proof = work.connector.proof.ledger
        self._began = work.clock()
        self._requests = work.reader.requests
        self._findings: list[Finding] = []
        self.has_learnt = False  # a convention was met: examine again
        self.met_correction = False  # the source has changed a voucher since it was last read

    def run(self, tied: TieOut) -> Iterator[Event]:
        """Follow every difference. Raises ConnectorError where the whole sync must stop."""
        told = tied.differences
        checks = {found.check for found in told}
        if self._ledger_proof and (checks & {LEDGER, VOUCHERS, NUMBERS, DAY} or self._counts_postings(told)):
            yield from self._follow_postings(self._ledger_proof, told)
            if DAY in checks and self._mends and self._examination.ledger:
                self._examination.ledger.note_days_read_again()
        for stream, check in self._others(checks, told):
            if self._mends and self._work.readable(stream):
                yield from self._follow_stream(stream, check)
        if OPEN_ITEMS in checks and self._mends:
            self.has_learnt |= settlements.accept(self._work)
        if ORIGINS in checks and self._mends and self._ledger_proof:
            left = origins.accept(self._work, self._ledger_proof)
            self.has_learnt |= bool(left)
            self._findings += [_of_origin(f) for f in told if f.check == ORIGINS and f.voucher_no not in left]
        self._findings += [_of_count(found) for found in told if found.check == COUNTS and self._is_plain(found)]

    def incident(self, tied: TieOut, proved_at: datetime | None) -> Incident | None:
        """What to keep of it, now that a tie-out has told what was left. None where nothing of ours was wrong."""
        # What could not be examined again is not proved, whatever was fetched.
        about = {finding.check for finding in self._findings}
        is_open = any(
            not is_aside(check.check)
            and (check.outcome is DIFFERS or (check.outcome is COULD_NOT and check.check in about))
            for check in tied.checks
        )
        if not is_open and not self._mends:
            return None  # only a day that somebody asked for may differ: a sync will mend it, and tell
        found = [replace(f, is_mended=self._mends and f.shape not in PASSING) for f in self._findings]
        if is_open:
            found += [_of_difference(f) for f in tied.differences if f.check not in (LEDGER, DAY, COUNTS, ORIGINS)]
            found += [_of_origin(f) for f in tied.differences if f.check == ORIGINS]
        else:
            found = [finding for finding in found if finding.shape not in PASSING]
        if not found:
            return None
        found += _told_before(self._work.store, found)
        months = [finding.month for finding in found if finding.month]
        at = self._work.now()
        return Incident(
            opened_at=at,
            closed_at=None if is_open else at,
            state=IncidentState.OPEN if is_open else IncidentState.MENDED,
            proved_at=proved_at,
            first_date=min(months, default=None),
            last_date=month_end(max(months)) if months else None,
            requests=self._work.reader.requests - self._requests,
            sync=tied.sync,
            findings=tuple(found),
        )

    def ask_for_gaps(self) -> Generator[Event, None, bool]:
        """Ask for voucher numbers that are missing and were not asked for; whether any came."""
        proof = self._ledger_proof
        if proof is None:
            return False
        came = yield from vouchers.ask_for_gaps(self._work, proof)
        columns = [proof.posting_date, proof.voucher_no, proof.account_no, proof.amount]
        rows = self._work.store.rows_of(proof.postings, columns, proof.voucher_no, came) if came else []
        lines = [Line(key=(n,), on=on, voucher=v, number=no, amount=a) for n, (on, v, no, a) in enumerate(rows)]
        found = Comparison([], lines, opening_no=proof.opening_voucher_no).findings()
        self._findings += [replace(finding, shape=Shape.MISSING_VOUCHER) for finding in found]
        return bool(came)

    def _follow_postings(self, proof: LedgerProof, told: Sequence[Difference]) -> Iterator[Event]:
        guilty = self._guilty(proof)
        spans = [one.window for one in guilty] or list(self._suspects(proof, told))
        if guilty and self._counts_postings(told):
            spans.append(
                Window(max(self._examination.gaps) + timedelta(days=1), LAST_DAY)
            )  # no balance tells of it yet
        for month in self._months_of(proof, told):
            spans += _beside(month, spans)
        asked = Again(self._work, proof, spans)
        yield from asked.ask(replace=self._mends)
        found = Comparison(asked.ours, asked.theirs, opening_no=proof.opening_voucher_no, since=self._began).findings()
        found = self._renamed(proof, cut_off(found, asked.last_stored))
        self._learn_opening(asked)
        self._findings += found + list(_left_over(guilty, found, asked))

    def _renamed(self, proof: LedgerProof, found: Sequence[Finding]) -> list[Finding]:
        """Rows left of a voucher whose new rows came in this very sync: the source has put others in their place."""
        came = set(self._work.store.column(proof.postings, proof.voucher_no, since_sync=self._work.sync))
        self.met_correction |= any(finding.voucher_no in came for finding in found)
        return [
            replace(finding, shape=Shape.CORRECTED_IN_PLACE)
            if finding.shape in LEFT_BEHIND and finding.voucher_no in came
            else finding
            for finding in found
        ]

    def _guilty(self, proof: LedgerProof) -> list[Guilty]:
        ledger = self._examination.ledger
        if ledger is None or not any(ledger.gaps.values()):
            return []
        months = self._work.store.dates(proof.postings, proof.posting_date)
        try:
            return list(localise.Search(ledger, months[0] if months else None).guilty())
        except TROUBLE:
            return []  # it can't be asked now; the difference stays, and the next sync follows it

    def _suspects(self, proof: LedgerProof, told: Sequence[Difference]) -> Iterator[Window]:
        """Where only the number of postings differs, or the balances could not be asked, nothing narrows it down."""
        if self._counts_postings(told) or any(found.check in (LEDGER, DAY) for found in told):
            yield from self._examination.books.windows()

    def _months_of(self, proof: LedgerProof, told: Sequence[Difference]) -> list[Window]:
        """The months of vouchers that do not sum to zero, or share their number."""
        numbers = [found.voucher_no for found in told if found.check in (VOUCHERS, NUMBERS) and found.voucher_no]
        rows = self._work.store.rows_of(proof.postings, [proof.posting_date], proof.voucher_no, numbers)
        months = sorted({on.replace(day=1) for (on,) in rows}, reverse=True)
        return [Window(month, month_end(month)) for month in months[:MOST_MONTHS]]

    def _learn_opening(self, asked: Again) -> None:
        """The source was asked and has no posting of its opening: then only its trial balance has it (contract 11.16)."""
        ledger = self._examination.ledger
        opening = ledger.opening_date if ledger else None
        if ledger is None or opening is None or not ledger.convention.opening_is_posted:
            return
        was_read = any(span.first <= opening <= span.last for span in asked.read)
        if was_read and not any(line.on <= opening for line in (*asked.theirs, *asked.ours)):
            ledger.opening_is_not_posted()
            self.has_learnt = True

    def _others(self, checks: set[str], told: Sequence[Difference]) -> Iterator[tuple[Stream, str]]:
        """Other streams that a difference may come from, with the check that told it."""
        proof, seen = self._work.connector.proof, set[str]()
        pairs = [(proof.ledger.accounts, LEDGER)] if proof.ledger and LEDGER in checks else []
        pairs += [(subledger.entries, subledger.check) for subledger in proof.subledgers if subledger.check in checks]
        pairs += [(name, OPEN_ITEMS) for name in settlements.streams(self._work)] if OPEN_ITEMS in checks else []
        pairs += [(name, ORIGINS) for name in origins.streams(self._work)] if ORIGINS in checks else []
        pairs += [(f.stream, COUNTS) for f in told if f.check == COUNTS and f.stream]
        for name, check in pairs:
            stream = self._work.by_name[name]
            is_postings = proof.ledger is not None and name == proof.ledger.postings
            if name not in seen and not is_postings:
                seen.add(name)
                yield stream, check

    def _follow_stream(self, stream: Stream, check: str) -> Iterator[Event]:
        told = next((one for one in self._work.connector.proof.subledgers if one.entries == stream.name), None)
        columns = (told.posting_date, told.party_no, told.amount) if told else None
        before = self._lines(stream, columns)
        yield from again.whole(self._work, stream)
        if told is None or columns is None:
            return
        found = Comparison(before, self._lines(stream, columns), opening_no=None, since=self._began).findings()
        self._findings += [_of_party(finding, told.check) for finding in found]

    def _lines(self, stream: Stream, columns: tuple[str, str, str] | None) -> list[Line]:
        if columns is None:
            return []
        keys = stream.primary_key
        rows = self._work.store.rows_between(stream.name, [*keys, *columns], columns[0], FIRST_DAY, date.max)
        return [
            Line(key=row[: len(keys)], on=row[-3], voucher=None, number=row[-2], amount=row[-1])
            for row in rows
            if row[-3] is not None
        ]

    def _counts_postings(self, told: Sequence[Difference]) -> bool:
        proof = self._ledger_proof
        return proof is not None and any(f.check == COUNTS and f.stream == proof.postings for f in told)

    def _is_plain(self, found: Difference) -> bool:
        """Whether a count is all there is to say: no findings tell of the same stream by account or party."""
        proof = self._work.connector.proof
        detailed = {subledger.entries for subledger in proof.subledgers} | (
            {proof.ledger.postings} if proof.ledger else set()
        )
        return found.stream not in detailed


def _beside(window: Window, spans: Sequence[Window]) -> list[Window]:
    """What of a window no span has: a line that is read in two of them would be told twice."""
    left = [window]
    for span in spans:
        left = [part for one in left for part in _without(one, span)]
    return left


def _without(window: Window, span: Window) -> Iterator[Window]:
    if span.last < window.first or window.last < span.first:
        yield window
        return
    if window.first < span.first:
        yield Window(window.first, span.first - timedelta(days=1))
    if span.last < window.last:
        yield Window(span.last + timedelta(days=1), window.last)


def _left_over(guilty: Sequence[Guilty], found: Sequence[Finding], asked: Again) -> Iterator[Finding]:
    """What the vouchers do not come to: then the source's own list does not add up to its balance."""
    for one in guilty:
        sums: defaultdict[int, Decimal] = defaultdict(Decimal)
        for finding in found:
            if finding.posting_date and one.window.first <= finding.posting_date <= one.window.last:
                sums[finding.account_no or 0] += finding.difference
        was_read = one.window in asked.read
        for account in sorted({*one.apart, *sums}):
            left = one.apart.get(account, ZERO) - sums[account]
            if abs(left) >= TOLERANCE:
                listed = sum((line.amount for line in asked.theirs if _is_in(line, account, one.window)), ZERO)
                yield Finding(
                    shape=Shape.SOURCE_DIFFERS if was_read else Shape.UNEXPLAINED,
                    month=max(one.window.first, date(one.window.last.year, one.window.last.month, 1)),
                    account_no=account,
                    stored=listed,
                    vendor=listed - left,
                )


def _told_before(store: SourceStore, found: Sequence[Finding]) -> list[Finding]:
    """What the incident that is still open told earlier and is found no more."""
    newest = next(iter(store.incidents(limit=1)), None)
    if newest is None or newest.state is not IncidentState.OPEN:
        return []
    places = {_place(finding) for finding in found}
    left = (finding for finding in newest.findings if finding.shape not in PASSING and _place(finding) not in places)
    return [replace(finding, is_mended=True) for finding in left]


def _place(finding: Finding) -> tuple[object, ...]:
    """Where a finding lies, whatever it comes to."""
    posting = (finding.posting_date or finding.month, finding.account_no, finding.voucher_no)
    return (finding.check, *posting, finding.party_no, finding.stream)


def _is_in(line: Line, account: int, window: Window) -> bool:
    return line.number == account and window.first <= line.on <= window.last


def _of_party(finding: Finding, check: str) -> Finding:
    return replace(finding, check=check, party_no=finding.account_no, account_no=None, other_account_no=None)


def _of_count(found: Difference) -> Finding:
    shape = Shape.ROWS_MISSING if found.stored < found.vendor else Shape.ROWS_SURPLUS
    return Finding(check=COUNTS, shape=shape, stream=found.stream, stored=found.stored, vendor=found.vendor)


def _of_origin(found: Difference) -> Finding:
    """What an open item led to was not stored."""
    return Finding(
        check=ORIGINS,
        shape=Shape.ROWS_MISSING,
        stream=found.stream,
        voucher_no=found.voucher_no,
        stored=found.stored,
        vendor=found.vendor,
    )


def _of_difference(found: Difference) -> Finding:
    """A difference that reading again did not mend: the source itself has it."""
    return Finding(
        check=found.check,
        shape=Shape.SOURCE_DIFFERS,
        account_no=found.account_no,
        party_no=found.party_no,
        voucher_no=found.voucher_no,
        stored=found.stored,
        vendor=found.vendor,
    )
