"""From a difference to a verdict: read what came meanwhile, then find and read again what was changed behind our back.

A voucher corrected in place may change rows without a stamp, or replace them by others; a row may be lost on our side. The
source's totals show it; the months that differ are then read again, once, and replaced (`proof/investigation.py`). A list
may also lag behind its own balances: we wait for it, once. What still differs is Not proved.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from tieout.catalog import How, Stream
from tieout.sync import plan
from tieout.sync.events import Event
from tieout.sync.proof import dimensions, origins, settlements
from tieout.sync.proof.checks import (
    COULD_NOT,
    COUNTS,
    DAY,
    DIFFERS,
    LEDGER,
    NUMBERS,
    OPEN_ITEMS,
    ORIGINS,
    VOUCHERS,
    verdict,
)
from tieout.sync.proof.investigation import Investigation
from tieout.sync.scan import scan
from tieout.sync.tie_out import Examination
from tieout.sync.work import Work
from tieout.warehouse.base import TieOut

CATCH_UPS = 3  # books that move faster than we read them can't be checked now


def tie_out_and_mend(work: Work, examination: Examination, *, mend: bool) -> Generator[Event, None, TieOut]:
    """Examine; where something differs catch up, follow it to its vouchers, and (in a sync) mend. The tie-out that holds."""
    proved_at = work.store.summary().proved_at
    if not mend:
        examination.complete = True
    tied = yield from _still(work, examination)
    investigation = Investigation(work, examination, mends=mend)
    if _differing(tied):
        tied = yield from _follow(work, examination, investigation, tied, mend=mend)
        if investigation.met_correction and not mend and _differing(tied):
            # What came since the last sync was read, and what it replaced was not removed: that is for us to finish.
            investigation = Investigation(work, examination, mends=True)
            tied = yield from _follow(work, examination, investigation, tied, mend=False)
    if mend and examination.complete and (yield from investigation.ask_for_gaps()):
        tied = yield from _still(work, examination)
    tied = replace(tied, incident=investigation.incident(tied, proved_at))
    return (yield from dimensions.told(work, examination, tied, asked=not mend))


def _follow(
    work: Work, examination: Examination, investigation: Investigation, tied: TieOut, *, mend: bool
) -> Generator[Event, None, TieOut]:
    """Follow differences to their vouchers, and check again what was mended."""
    if not examination.every_year:
        examination.insist()
        tied = examination.examine()
    touched = work.touched
    yield from investigation.run(tied)
    if work.touched != touched or investigation.has_learnt:
        tied = yield from _still(work, examination)
    if mend and _differing(tied) and work.wait():
        tied = yield from _still(work, examination)
    return tied


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


def _streams(work: Work, tied: TieOut) -> list[Stream]:
    """The streams that a difference may come from, postings first."""
    proof, names = work.connector.proof, list[str]()
    checks = {found.check for found in tied.differences}
    if proof.ledger and checks & {LEDGER, VOUCHERS, NUMBERS, DAY}:
        names += [proof.ledger.postings, proof.ledger.accounts]
    for subledger in proof.subledgers:
        if subledger.check in checks:
            names += [subledger.entries, *([proof.ledger.postings] if proof.ledger else [])]
    names += settlements.streams(work) if OPEN_ITEMS in checks else []
    names += origins.streams(work) if ORIGINS in checks else []
    names += [found.stream for found in tied.differences if found.check == COUNTS and found.stream]
    return [work.by_name[name] for name in dict.fromkeys(names)]


def _differing(tied: TieOut) -> bool:
    return any(check.outcome is DIFFERS for check in tied.checks)


def _moving(tied: TieOut) -> TieOut:
    """Differences of books that would not stand still are no proof of anything."""
    checks = [
        replace(check, outcome=COULD_NOT, reason="moving") if check.outcome is DIFFERS else check
        for check in tied.checks
    ]
    return replace(tied, checks=tuple(checks), differences=(), balances=(), verdict=verdict(checks))
