"""Vouchers: each sums to zero on each posting date, and one sequence of numbers has no gaps and no number twice."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from decimal import Decimal

from tieout.connectors.base import LedgerProof
from tieout.ledger.trial_balance import Gap
from tieout.sync import plan
from tieout.sync.events import Event
from tieout.sync.proof.checks import AGREES, DIFFERS, NUMBERS, VOUCHERS, Checks
from tieout.sync.work import Work
from tieout.warehouse.base import Difference, Sums

GAPS = "gaps"  # cursor of the postings: numbers that the source was asked for and does not have
OPENING_REMARK = "opening_not_zero"
ASKED_AT_ONCE = 300  # a hundred a request


def sum_to_zero(work: Work, ledger: LedgerProof, checks: Checks) -> None:
    """Every voucher sums to zero, on each posting date. The opening need not (contract 11.16), which is remarked."""
    checks.require(ledger.postings)
    sums = Sums(ledger.postings, ledger.voucher_no, ledger.amount, ledger.posting_date)
    found: dict[int, Decimal] = {}
    for number, _, amount in work.store.unbalanced_by_date(sums):
        if number is not None:
            found[number] = max(found.get(number, amount), amount, key=abs)
    opening = found.pop(ledger.opening_voucher_no, None) if ledger.opening_voucher_no is not None else None
    told = [Gap(number, amount, Decimal(0)) for number, amount in sorted(found.items())]
    remark = OPENING_REMARK if opening else None
    checks.compare(VOUCHERS, checks.today, work.store.groups(sums), told, number="voucher_no", remark=remark)


def numbered_once(work: Work, ledger: LedgerProof, checks: Checks) -> None:
    """No voucher number stands on two vouchers; of numbers that are missing it is told whether the source was asked."""
    checks.require(ledger.postings)
    twice = work.store.shared(ledger.postings, ledger.voucher_no, ledger.voucher_id)
    twice = {number: count for number, count in twice.items() if number != ledger.opening_voucher_no}
    for number, count in sorted(twice.items()):
        told = Difference(check=NUMBERS, date=checks.today, voucher_no=number, stored=Decimal(count), vendor=Decimal(1))
        checks.differences.append(told)
    sums = Sums(ledger.postings, ledger.voucher_no, ledger.amount, ledger.posting_date)
    outcome = DIFFERS if twice else AGREES
    checks.add(NUMBERS, checks.today, work.store.groups(sums), outcome, _of_gaps(work, ledger))


def _of_gaps(work: Work, ledger: LedgerProof) -> str | None:
    missing = work.store.missing_numbers(ledger.postings, ledger.voucher_no)
    asked = _numbers(work.store.cursors(ledger.postings).get(GAPS, ""))
    return None if not missing else "gaps_confirmed" if asked.issuperset(missing) else "gaps_not_asked"


def ask_for_gaps(work: Work, ledger: LedgerProof) -> Generator[Event, None, list[int]]:
    """Ask the source for numbers that are missing and were not asked for yet; gives those that it does have."""
    stream = work.by_name[ledger.postings]
    if not stream.revised_by or not work.readable(stream):
        return []  # a source that can't be asked by number
    known = _numbers(work.store.cursors(stream.name).get(GAPS, ""))
    missing = work.store.missing_numbers(stream.name, ledger.voucher_no)
    asked = [number for number in missing if number not in known][:ASKED_AT_ONCE]
    if not asked:
        return []
    yield from work.steps(list(plan.revised(stream, asked)))
    left = set(work.store.missing_numbers(stream.name, ledger.voucher_no))
    if work.readable(stream):
        confirmed = (known | set(asked)) & left
        work.store.set_cursors(stream.name, work.sync, {GAPS: _ranges(confirmed)})
    return [number for number in asked if number not in left]


def _ranges(numbers: Iterable[int]) -> str:
    """Numbers as "3-5 9"."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def _numbers(ranges: str) -> set[int]:
    found: set[int] = set()
    for span in ranges.split():
        first, _, last = span.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found
