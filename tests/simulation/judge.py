"""Worlds in which the tie-out alone is to notice: `python -m tests.simulation.judge [--seeds N] [--from FIRST] [--days D]`.

The engine's scans of keys, its replacing of months and its reading again at night are switched off, so that copies drift
from the books as they would in a product without them. Every drift that a balance or a count can show must be told, to the
øre, and nothing else.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from tests.simulation import checks
from tests.simulation.copied import Copy
from tests.simulation.trouble import Cut
from tests.simulation.truth import KEPT, Table
from tests.simulation.world import NIGHTS, SPAN, DivergedError, World, play
from tieout.catalog import Grade
from tieout.connectors.poweroffice.streams import BY_NAME, PROOF
from tieout.sync.books import read_books
from tieout.sync.events import Event, TiedOut
from tieout.sync.proof.investigation import Investigation
from tieout.sync.run import Options
from tieout.warehouse.base import TieOut, Verdict

assert PROOF.ledger is not None
LEDGER = PROOF.ledger
COUNTED = tuple(stream for stream in KEPT if stream.grade is not Grade.NOT_CHECKABLE and stream.how.value != "parents")
Told = dict[tuple[str, Any], tuple[Decimal, Decimal]]  # by check and account, party or stream: stored and vendor's


@dataclass(slots=True)
class Drift:
    """What became of a world's copy: divergences at rest by how they show, and verdicts on the way."""

    told: Counter[str] = field(default_factory=Counter)
    beyond_proof: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)


class JudgedWorld(World):
    """A world without kills, whose copy is never compared row by row while it lives."""

    drift: Drift

    def _sync(self, *, nightly: bool = False, cut: Cut | None = None) -> None:
        super()._sync(nightly=nightly, cut=None if cut and cut.kill else cut)

    def _judge(self, when: str) -> None:
        """Proved accounts are held against the books in `_synced`; the rest at rest."""

    def _expect(self, when: str, found: Any) -> None:
        if when == "after a proof":
            super()._expect(when, found)

    def rest(self) -> None:
        """Movement stops, and a nightly check must tell all that is apart and can be told."""
        self._office.control.faults()
        for span in NIGHTS:
            self._office.service.clock.move(span)
            self._see()
            tied = self._tied(Options(nightly=True, patience_seconds=0))
        self.drift = Drift(verdicts=self.report.verdicts)
        apart = {
            stream.name: list(checks.differing(stream, self._copy.rows(stream), self._now[stream.name]))
            for stream in KEPT
        }
        expected, told = (
            expectable(
                self._copy,
                self._now,
                self._office.now.date(),
                counted=self._tells_counts(),
                restarts=self._office.service.options.result_restarts,
            ),
            _told(tied, self._office.now.date()),
        )
        wrong = [
            f"{key} is apart by {expected[key]}, told {told.get(key)}"
            for key in expected
            if told.get(key) != expected[key]
        ]
        wrong += [f"{key} was told, {told[key]}, and is not apart" for key in told.keys() - expected.keys()]
        if bool(expected) != (tied.verdict is Verdict.NOT_PROVED):
            wrong.append(f"{tied.verdict} with {len(expected)} that can be told")
        self._copy.close()
        if wrong:
            raise DivergedError(self.report.seed, "with the tie-out as only judge", wrong)
        self.drift.told.update(check for check, _ in expected)
        shown = {key for check, key in expected if check == "counts"}
        self.drift.beyond_proof.update(name for name, found in apart.items() if found and name not in shown)

    def _tells_counts(self) -> bool:
        """A source that tells no totals can't be held to any (contract 11.1): there scans of keys are what finds such drift."""
        return self._office.service.options.pagination_keys != "none"

    def _tied(self, options: Options) -> TieOut:
        self.report.syncs += 1
        events: list[Event] = list(self._copy.sync(options, now=self._office.now))
        tied = next(event.tie_out for event in events if isinstance(event, TiedOut))
        self.report.verdicts[tied.verdict.value] += 1
        return tied


def expectable(copy: Copy, truth: Mapping[str, Table], today: date, *, counted: bool, restarts: bool) -> Told:
    """What is apart between the copy and the books and shows in a balance at `today` or in a count."""
    found: Told = {}
    for stream in COUNTED:
        ours, theirs = copy.store.count(stream.name), len(truth[stream.name])
        if counted and ours != theirs:
            found["counts", stream.name] = (Decimal(ours), Decimal(theirs))
    postings = BY_NAME[LEDGER.postings].stream
    names = [column.name for column in postings.columns]
    places = [names.index(name) for name in (LEDGER.account_no, LEDGER.posting_date, LEDGER.amount)]
    tables = [copy.rows(postings), truth[LEDGER.postings]]
    copied, real = [_that_count(table, places, copy, truth, today) for table in tables] if restarts else tables
    for account, gap in _apart(copied, real, places, today).items():
        found["ledger", account] = (gap, Decimal(0))
    return found


def _that_count(table: Table, places: list[int], copy: Copy, truth: Mapping[str, Table], today: date) -> Table:
    """Postings that today's balances are made of: those of result accounts since the fiscal year began."""
    names = [column.name for column in BY_NAME[LEDGER.accounts].stream.columns]
    number, kind = names.index(LEDGER.account_no), names.index(LEDGER.account_type)
    results = {row[number] for row in truth[LEDGER.accounts].values() if row[kind] in LEDGER.result_types}
    begins = read_books(PROOF, copy.store, datetime.combine(today, time(12), UTC)).year(today).first
    account, day, _ = places
    return {key: row for key, row in table.items() if row[account] not in results or row[day] >= begins}


def _apart(ours: Table, theirs: Table, places: list[int], today: date) -> dict[Any, Decimal]:
    """By account or party: what is stored up to `today`, less what the books have."""
    number, day, amount = places
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for sign, table in ((1, ours), (-1, theirs)):
        for row in table.values():
            if row[day] <= today:
                sums[row[number]] += sign * row[amount]
    return {key: gap for key, gap in sums.items() if gap}


def _told(tied: TieOut, today: date) -> Told:
    """What the tie-out said of today's balances and of counts."""
    found: Told = {}
    for one in tied.differences:
        if one.check == "counts":
            found["counts", one.stream] = (one.stored, one.vendor)
        if one.check == "ledger" and one.date == today:
            found["ledger", one.account_no] = (one.stored - one.vendor, Decimal(0))
    return found


@contextmanager
def judged_alone() -> Iterator[None]:
    """No scan of keys, no second reading of what did not change by its stamp, and nothing that differs is put right."""

    def looks_only(self: Investigation, *given: Any, mends: bool) -> None:
        begin(self, *given, mends=False)

    def nothing(*_: Any, **__: Any) -> Iterator[Any]:
        return iter(())

    def never(*_: Any, **__: Any) -> bool:
        return False

    begin = Investigation.__init__
    with (
        patch("tieout.sync.syncing.scan_where_due", nothing),
        patch("tieout.sync.mend.scan", nothing),
        patch("tieout.sync.plan._oldest_windows", nothing),
        patch("tieout.sync.plan._is_whole_cheaper", never),
        patch.object(Investigation, "__init__", looks_only),
    ):
        yield


def judge(seed: int, *, span: timedelta = SPAN) -> Drift:
    """Play one seed's world. Raises DivergedError where the tie-out missed a drift, or told one that is none."""
    with judged_alone():
        world = play(seed, span=span, kind=JudgedWorld)
    assert isinstance(world, JudgedWorld)
    return world.drift


def main() -> int:
    """0 where every drift was told."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.judge", description="The tie-out as only judge.")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--from", dest="first", type=int, default=1)
    parser.add_argument("--days", type=float, default=SPAN.days)
    asked = parser.parse_args()
    told, beyond, verdicts, missed = Counter[str](), Counter[str](), Counter[str](), list[int]()
    for seed in range(asked.first, asked.first + asked.seeds):
        try:
            drift = judge(seed, span=timedelta(days=asked.days))
        except Exception:  # noqa: BLE001 - told, and the next world is played
            missed.append(seed)
            sys.stdout.write(f"{traceback.format_exc(limit=-3)}\n")
            continue
        told, beyond, verdicts = told + drift.told, beyond + drift.beyond_proof, verdicts + drift.verdicts
        sys.stdout.write(f"seed {seed}: told {dict(drift.told)}, beyond any proof {dict(drift.beyond_proof)}\n")
        sys.stdout.flush()
    sys.stdout.write(
        f"told {dict(told)}, beyond any proof {dict(beyond)}, verdicts {dict(verdicts)}, missed {missed or 'none'}\n"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
