"""Rows stored against the source's own counts, stream by stream."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from decimal import Decimal

from tieout.catalog import Grade, Rhythm, Stream
from tieout.sync.proof.checks import (
    AGREES,
    CLOSED,
    COULD_NOT,
    COUNTS,
    DIFFERS,
    TROUBLE,
    Checks,
    UncheckableError,
    reason_of,
)
from tieout.sync.work import Work
from tieout.warehouse.base import EMPTY_SCAN, Difference, StreamState


class Counts:
    """The counts of some streams; asked ahead, unless a whole reading in this sync has told them and they agree.

    `agreed` tells of each stream that could be counted whether it agrees.
    """

    def __init__(self, work: Work, checks: Checks, names: set[str], threads: Executor) -> None:
        self._work, self._checks = work, checks
        self.agreed: dict[str, bool] = {}
        self._names = names
        checkable = [s for s in work.connector.streams if s.grade is not Grade.NOT_CHECKABLE and s.name in names]
        self._streams = [stream for stream in checkable if not self._is_left_out(stream)]
        ready = [stream for stream in self._streams if checks.is_ready(stream.name)]
        self._asked = {stream.name: self._ask(stream, threads) for stream in ready}

    def meant(self, stream: str) -> bool:
        """Whether a stream is among those to be counted."""
        return stream in self._names

    def _ask(self, stream: Stream, threads: Executor) -> Future[int | None]:
        """Where this sync has read a stream whole the source told then; that is believed once."""
        told = self._work.totals.pop(stream.name, None)
        if told is None:
            return threads.submit(self._work.total, stream)
        answer: Future[int | None] = Future()
        answer.set_result(told)
        return answer

    def examine(self) -> None:
        """Hold every count against the source's."""
        reasons: list[str] = []
        for stream in self._streams:
            try:
                self._checks.require(stream.name)
                reason = self._count(stream)
            except (UncheckableError, *TROUBLE) as error:
                reason = reason_of(error)
            if reason:
                reasons.append(f"{stream.name}:{reason}")
        apart = not all(self.agreed.values())
        outcome = DIFFERS if apart else COULD_NOT if reasons else AGREES
        reason = reasons[0] if reasons and not apart else None
        self._checks.add(COUNTS, self._checks.today, len(self.agreed), outcome, reason)

    def _count(self, stream: Stream) -> str | None:
        total = self._asked[stream.name].result()
        if total == 0 and EMPTY_SCAN in self._work.store.cursors(stream.name):
            return "emptiness_unconfirmed"  # rows go when another sync sees none either
        if total is None:
            return None
        ours = self._work.store.count(stream.name)
        self.agreed[stream.name] = ours == total
        if ours != total:
            told = Difference(
                check=COUNTS,
                date=self._checks.today,
                stream=stream.name,
                stored=Decimal(ours),
                vendor=Decimal(total),
            )
            self._checks.differences.append(told)
        return None

    def _is_left_out(self, stream: Stream) -> bool:
        """Streams that somebody skipped, or that the company does not have, are no part of the verdict."""
        return self._work.states.get(stream.name) in CLOSED


def worth_counting(work: Work, agreed: set[str], *, complete: bool) -> set[str]:
    """A sync counts what balances, what it has read whole or changed, and what did not agree before.

    At night it counts all but settings that it did not read: those are counted when they are.
    """
    names = {stream.name for stream in work.connector.streams}
    if not {StreamState.CURRENT, StreamState.FILLING} & {*work.states.values()}:
        return names  # a tie-out alone
    if complete:
        agreed = agreed & {stream.name for stream in work.connector.streams if stream.rhythm is Rhythm.WEEKLY}
    balanced = {stream.name for stream in work.connector.streams if stream.grade is Grade.BALANCED}
    return (names - agreed) | balanced | work.totals.keys() | {name for name in names if work.touched_by[name]}
