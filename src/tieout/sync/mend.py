"""From a difference to a verdict: read what came meanwhile, then read again what was changed behind our back.

A voucher corrected in place may change rows without a stamp, or replace them by others. The source's totals show it; the
fiscal years that differ are then read again, once, and replaced. A list may also lag behind its own balances: we wait for it,
once. What still differs is Not proved.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tieout.catalog import How, Stream, Window
from tieout.ledger.trial_balance import Gap
from tieout.sync import plan
from tieout.sync.events import Event, StreamFinished, WindowReadAgain
from tieout.sync.plan import Step
from tieout.sync.proof.checks import COULD_NOT, COUNTS, DIFFERS, LEDGER, VOUCHERS, verdict
from tieout.sync.scan import scan
from tieout.sync.tie_out import Examination
from tieout.sync.work import Work
from tieout.warehouse.base import CheckOutcome, TieOut

CATCH_UPS = 3  # books that move faster than we read them can't be checked now


def tie_out_and_mend(work: Work, examination: Examination, *, mend: bool) -> Generator[Event, None, TieOut]:
    """Examine; where something differs, catch up, and (in a sync) mend. Gives the tie-out that holds."""
    tied = yield from _still(work, examination)
    if not mend or not _differing(tied):
        return tied
    if not examination.every_year:
        examination.insist()
        tied = examination.examine()
    touched = work.touched
    yield from _mend(work, examination, tied)
    if work.touched != touched:
        tied = yield from _still(work, examination)
    if not _differing(tied) or not work.wait():
        return tied
    return (yield from _still(work, examination))


def _still(work: Work, examination: Examination) -> Generator[Event, None, TieOut]:
    """Examine until nothing moves: what came during the checks is read and they are made again."""
    tied = examination.examine()
    for _ in range(CATCH_UPS):
        if not _differing(tied):
            return tied
        touched = work.touched
        yield from _catch_up(work, _streams(work, tied))
        if work.touched == touched:
            return tied
        tied = examination.examine()
    return _moving(tied)


def _catch_up(work: Work, streams: list[Stream]) -> Iterator[Event]:
    for stream in streams:
        if not work.readable(stream):
            continue
        steps = (
            [plan.whole(stream, "whole", at=work.clock())]
            if stream.how is How.WHOLE
            else list(plan.changes(stream, work.store))
        )
        yield from work.steps(steps)
        if stream.key_scan and work.readable(stream):
            yield from scan(work, stream)


def _mend(work: Work, examination: Examination, tied: TieOut) -> Iterator[Event]:
    ledger = work.connector.proof.ledger
    for stream in _streams(work, tied):
        if ledger and stream.name == ledger.postings and stream.window_column:
            steps = [plan.window_again(stream, window) for window in _windows(examination, tied, stream)]
        else:
            steps = [plan.whole(stream, "again", at=work.clock())]
        for step in steps:
            yield from _again(work, step)


def _again(work: Work, step: Step) -> Iterator[Event]:
    for event in work.steps([step]):
        yield event
        if isinstance(event, StreamFinished):
            yield WindowReadAgain(
                at=event.at,
                stream=event.stream,
                new=event.new,
                changed=event.changed,
                removed=event.removed,
                first=step.ask.window.first if step.ask.window else None,
                last=step.ask.window.last if step.ask.window else None,
            )


def _windows(examination: Examination, tied: TieOut, postings: Stream) -> list[Window]:
    """The fiscal years that a difference lies in; all of them where only the number of postings differs."""
    books = examination.books
    if not any(examination.gaps.values()):
        counted = any(found.check == COUNTS and found.stream == postings.name for found in tied.differences)
        return books.windows() if counted else []
    guilty = set(guilty_dates(examination.gaps, examination.ledger.result_accounts if examination.ledger else ()))
    return [window for window in books.windows() if any(window.first <= on <= window.last for on in guilty)]


def guilty_dates(found: dict[date, list[Gap]], result_accounts: Collection[int]) -> Iterator[date]:
    """Dates at which a difference is another than the one that balance accounts carry along from the date before."""
    carried: dict[int, Decimal] = {}
    for on in sorted(found):
        now = {gap.number: gap.ours - gap.theirs for gap in found[on]}
        if now != carried:
            yield on
        carried = {number: apart for number, apart in now.items() if number not in result_accounts}


def _streams(work: Work, tied: TieOut) -> list[Stream]:
    """The streams that a difference may come from, postings first."""
    proof, names = work.connector.proof, list[str]()
    checks = {found.check for found in tied.differences}
    if proof.ledger and checks & {LEDGER, VOUCHERS}:
        names += [proof.ledger.postings, proof.ledger.accounts]
    for subledger in proof.subledgers:
        if subledger.check in checks:
            names += [subledger.entries, *([proof.ledger.postings] if proof.ledger else [])]
    names += [found.stream for found in tied.differences if found.check == COUNTS and found.stream]
    return [work.by_name[name] for name in dict.fromkeys(names)]


def _differing(tied: TieOut) -> bool:
    return any(check.outcome is DIFFERS for check in tied.checks)


def _moving(tied: TieOut) -> TieOut:
    """Differences of books that would not stand still are no proof of anything."""

    def of(outcome: CheckOutcome) -> bool:
        return outcome is DIFFERS

    checks = [
        replace(check, outcome=COULD_NOT, reason="moving") if of(check.outcome) else check for check in tied.checks
    ]
    return replace(tied, checks=tuple(checks), differences=(), balances=(), verdict=verdict(checks))
