"""The ledger per department and project, today: told beside the verdict, because it moves no account's balance.

A request per code, so only once a week, one dimension a night (cursors `dimensions …` of the postings), and when somebody
asks, of those codes with the most accounts; the rest is told as not asked.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tieout.connectors.base import BalancesByDimension, DimensionProof, LedgerProof
from tieout.ledger.trial_balance import Gap, closing, gaps
from tieout.sync import plan
from tieout.sync.events import Event
from tieout.sync.extract import QUESTIONS_AHEAD
from tieout.sync.proof.checks import AGREES, COULD_NOT, DIFFERS, SHOWN, TROUBLE, reason_of
from tieout.sync.proof.ledger import Ledger
from tieout.sync.tie_out import Examination
from tieout.sync.work import Work
from tieout.warehouse.base import Check, Difference, Sums, TieOut

KIND = "dimensions"
CATCH_UPS = 3
# Codes of a dimension, a request each: a night of a realistic company must stay within 60 requests.
WEEKLY_MOST, ASKED_MOST = 6, 100
NO_CODE = "-1"  # stands for "without one" where codes are asked for (contract 5), and "," between several
SOME_ONLY = "some_only"
RENAMED = "renamed"  # postings bear a code that no department or project has any more


def told(work: Work, examination: Examination, tied: TieOut, *, asked: bool) -> Generator[Event, None, TieOut]:
    """The tie-out with what its dimensions say, where that is due or `asked` for, and the accounts themselves agree."""
    proof, ledger = work.connector.proof.ledger, examination.ledger
    if proof is None or ledger is None or not (due := _due(work, examination, proof, ledger, asked=asked)):
        return tied
    most = ASKED_MOST if asked else WEEKLY_MOST
    for _ in range(CATCH_UPS):
        found = _all(work, proof, ledger, examination, due, most)
        before = work.touched
        if any(
            check.outcome is DIFFERS for check, _ in found
        ):  # a posting may have come since: what is new is read first
            yield from work.steps(list(plan.changes(work.by_name[proof.postings], work.store)))
        if work.touched == before:
            break
    else:
        found = [(replace(check, outcome=COULD_NOT, reason="moving"), list[Difference]()) for check, _ in found]
    if not any(check.outcome is COULD_NOT for check, _ in found):
        done = {_kind(dimension): plan.instant(work.clock()) for dimension in due}
        work.store.set_cursors(proof.postings, work.sync, done)
    apart = [one for _, differences in found for one in differences]
    return replace(tied, checks=(*tied.checks, *(check for check, _ in found)), differences=(*tied.differences, *apart))


def _due(
    work: Work, examination: Examination, proof: LedgerProof, ledger: Ledger, *, asked: bool
) -> Sequence[DimensionProof]:
    agrees = ledger.gaps.get(examination.books.today) == []
    if not agrees or not isinstance(work.reader, BalancesByDimension):
        return ()
    if asked:
        return () if examination.also else proof.dimensions
    # Not in a night that does other work of the week, nor in a first sync, which does all of that: those are full.
    if not examination.complete or ledger.weekly:
        return ()
    cursors, at = work.store.cursors(proof.postings), work.clock()
    return [one for one in proof.dimensions if plan.is_due(_kind(one), cursors, at, plan.WEEKLY)][:1]


def _kind(dimension: DimensionProof) -> str:
    return f"{KIND} {dimension.check}"


def _all(
    work: Work,
    proof: LedgerProof,
    ledger: Ledger,
    examination: Examination,
    dimensions: Sequence[DimensionProof],
    most: int,
) -> list[tuple[Check, list[Difference]]]:
    return [
        found for dimension in dimensions if (found := _of_dimension(work, proof, ledger, examination, dimension, most))
    ]


def _of_dimension(
    work: Work, proof: LedgerProof, ledger: Ledger, examination: Examination, dimension: DimensionProof, most: int
) -> tuple[Check, list[Difference]] | None:
    """One dimension; None where no posting bears a code of it."""
    today = examination.books.today
    ours = _stored(work, proof, ledger, dimension, today, examination.books.year(today).first)
    codes = sorted((code for code in ours if code != NO_CODE and "," not in code), key=lambda code: -len(ours[code]))
    if not codes:
        return None
    asked = codes[:most]
    try:
        theirs = _asked(work, dimension, asked, today)
    except TROUBLE as error:
        return Check(check=dimension.check, date=today, compared=0, outcome=COULD_NOT, reason=reason_of(error)), []
    apart = [(code, gap) for code in asked for gap in _gaps(ledger, ours[code], theirs[code])]
    told = [_difference(dimension.check, today, code, gap) for code, gap in apart[:SHOWN]]
    reason = SOME_ONLY if len(asked) < len(ours) else None
    if not {code for code, _ in apart} <= _in_use(work, proof, dimension):
        reason = RENAMED
    outcome = DIFFERS if told else AGREES
    return Check(check=dimension.check, date=today, compared=len(asked), outcome=outcome, reason=reason), told


def _in_use(work: Work, proof: LedgerProof, dimension: DimensionProof) -> set[str]:
    """The codes that the source's own register of the dimension has now."""
    registers = [one for one in work.by_name[proof.postings].repeats if one.column == dimension.code]
    return {code for register in registers for code in work.store.column(register.stream, register.code)}


def _stored(
    work: Work, proof: LedgerProof, ledger: Ledger, dimension: DimensionProof, today: date, year_began: date
) -> dict[str, dict[int, Decimal]]:
    """Closing balances per code as stored; of codes that were never used, nothing."""
    sums = Sums(proof.postings, proof.account_no, proof.amount, proof.posting_date)
    ever = work.store.sums_by(sums, dimension.code, until=today)
    if not ledger.convention.restarts:
        return ever
    year = work.store.sums_by(sums, dimension.code, until=today, since=year_began)
    return {code: closing(ever[code], year.get(code, {}), ledger.result_accounts) for code in ever}


def _asked(work: Work, dimension: DimensionProof, codes: list[str], today: date) -> dict[str, dict[int, Decimal]]:
    assert isinstance(work.reader, BalancesByDimension)
    reader = work.reader
    with ThreadPoolExecutor(QUESTIONS_AHEAD) as threads:
        answers = threads.map(lambda code: reader.dimension_balances(dimension.check, code, today), codes)
        return dict(zip(codes, answers, strict=True))


def _gaps(ledger: Ledger, ours: Mapping[int, Decimal], theirs: Mapping[int, Decimal]) -> Iterator[Gap]:
    """An opening that no posting holds has no dimension with us, and earlier results carried on have none of their own."""
    convention, result = ledger.convention, ledger.result_accounts
    for gap in gaps(ours, theirs):
        if gap.number != convention.carried_to and (convention.opening_is_posted or gap.number in result):
            yield gap


def _difference(check: str, on: date, code: str, gap: Gap) -> Difference:
    return Difference(check=check, date=on, dimension=code, account_no=gap.number, stored=gap.ours, vendor=gap.theirs)
