"""When the next request may go, and whose it is: arithmetic only. Whoever uses it brings the clock, so time may be virtual."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

ALLOWED = 10  # the vendor counts so many in any second (contract 4)
LONGEST_PAUSE_SECONDS = 300.0
EVEN = 0.8  # of the even distance between two turns; the rest lets a late one be made up for
IN_A_ROW_SECONDS = 10.0  # a refusal so soon after a pause shows that the pause was too short
FORGIVEN_SECONDS = 60.0  # so long without a refusal, and one of them is forgiven
ROOM_A_STRIKE = 0.02  # of a second more, for each refusal that is not forgiven
LONGEST_WAY_SECONDS = 0.1  # what an answer that took longer than usual may say of the request's way there
MOST_STRIKES = 5
LONGEST_BACK_OFF_SECONDS = 60.0


class Priority(IntEnum):
    """What a request is for. A person goes before all; fills take what is left; the two between share by weight."""

    PERSON = 0  # somebody looks at a page that waits
    FRESH = 1  # a sync that brings what is new
    HEAVY = 2  # a first sync, everything anew, a nightly check
    FILL = 3  # lines of invoices, a request each


# Who goes strictly before whom, and how many turns a company gets beside another's one within a rank.
RANKS = {Priority.PERSON: 0, Priority.FRESH: 1, Priority.HEAVY: 1, Priority.FILL: 2}
WEIGHTS = {Priority.PERSON: 1.0, Priority.FRESH: 4.0, Priority.HEAVY: 1.0, Priority.FILL: 1.0}


@dataclass(frozen=True, slots=True)
class Claim:
    """On whose behalf a turn is asked for. `who` names a data source by its id, "" what belongs to none."""

    who: str = ""
    priority: Priority = Priority.FRESH


SOMEBODY = Claim(priority=Priority.PERSON)


@dataclass(slots=True, eq=False)
class Waiting:
    """One request that waits in the line."""

    claim: Claim
    start: float  # in the line's own time, not the clock's
    gone: bool = False


class Line:
    """Who is next. Within a rank every company gets its share, however many requests another one has waiting.

    Start-time fair queueing: each request of a company starts where its last one ended, in units of turns by weight, and
    nobody starts in the past. Not thread-safe.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[int, float, int, Waiting]] = []
        self._numbers = itertools.count()
        self._now: dict[int, float] = {}  # by rank: the start of the last one served
        self._ends: dict[tuple[int, str], float] = {}

    def enter(self, claim: Claim) -> Waiting:
        """Stand in line."""
        rank = RANKS[claim.priority]
        start = max(self._now.get(rank, 0.0), self._ends.get((rank, claim.who), 0.0))
        self._ends[rank, claim.who] = start + 1 / WEIGHTS[claim.priority]
        waiting = Waiting(claim, start)
        heapq.heappush(self._heap, (rank, start, next(self._numbers), waiting))
        return waiting

    @property
    def first(self) -> Waiting | None:
        """Who is next; it stays in line until it leaves."""
        while self._heap and self._heap[0][3].gone:
            heapq.heappop(self._heap)
        return self._heap[0][3] if self._heap else None

    def leave(self, waiting: Waiting, *, served: bool) -> None:
        """Step out, with a turn or without."""
        waiting.gone = True
        if served:
            rank = RANKS[waiting.claim.priority]
            self._now[rank] = max(self._now.get(rank, 0.0), waiting.start)
        if self.first is None:  # nobody waits: what was owed is settled
            self._now.clear()
            self._ends.clear()


@dataclass(slots=True)
class Turns:
    """The moments at which one key may be used, in seconds of whatever clock.

    There are ten places. A request takes one, and the place is free again a second and some room after the request was
    really written, or later where its answer tells that it was long on its way. So any ten are more than a second apart
    however late a thread woke up, and being late costs a tenth of its delay.
    """

    per_second: float
    free: list[float] = field(default_factory=list)  # of each place: from when on
    last: float = 0.0  # the latest moment that was given
    not_before: float = 0.0  # the end of a pause
    refused_at: float = 0.0  # or forgiven
    strikes: int = 0  # refusals, while they are not forgiven
    in_a_row: int = 0

    def __post_init__(self) -> None:
        self.free = self.free or [0.0] * ALLOWED

    @property
    def seconds(self) -> float:
        """How long a place is taken by one request."""
        return len(self.free) / self.per_second + ROOM_A_STRIKE * self.strikes

    def reserve(self, now: float) -> tuple[int, float]:
        """The next place and its moment, which may lie in the past of neither `now` nor any other request."""
        self._mend_clock(now)
        self._forgive(now)
        place = min(range(len(self.free)), key=self.free.__getitem__)
        moment = max(now, self.free[place], self.not_before, self.last + EVEN / self.per_second)
        self.last, self.free[place] = moment, moment + self.seconds
        return place, moment

    def sent(self, place: int, at: float) -> float:
        """The request that took a place was written at `at`. Gives the moment from when on the place is free."""
        self.free[place] = max(self.free[place], at + self.seconds)
        return self.free[place]

    def arrived(self, place: int, free: float, late: float) -> None:
        """It was `late` seconds longer on its way than the quickest; nothing if its place was given on since."""
        if self.free[place] == free:
            self.free[place] = free + min(late, LONGEST_WAY_SECONDS)

    def refuse(self, now: float, seconds: float) -> None:
        """The other side refused: all wait as long as it says, and twice as long each time that this did not help."""
        if now < self.not_before:  # one of many that were on their way when the first was refused
            self.not_before = max(self.not_before, min(now + seconds, now + LONGEST_PAUSE_SECONDS / 2))
            return
        self.in_a_row = self.in_a_row + 1 if now - self.not_before < IN_A_ROW_SECONDS else 0
        self._forgive(now)
        self.strikes = min(MOST_STRIKES, self.strikes + 1)
        self.refused_at = now
        pause = max(seconds, min(LONGEST_BACK_OFF_SECONDS, seconds * 2**self.in_a_row))
        self.not_before = now + min(pause, LONGEST_PAUSE_SECONDS / 2)

    def _forgive(self, now: float) -> None:
        while self.strikes and now - self.refused_at > FORGIVEN_SECONDS:
            self.strikes -= 1
            self.refused_at += FORGIVEN_SECONDS

    def _mend_clock(self, now: float) -> None:
        """Moments far in the future mean that the machine's clock was set back: they are forgotten."""
        if max(self.last, self.not_before, self.refused_at, *self.free) > now + LONGEST_PAUSE_SECONDS:
            self.free = [now + place / self.per_second for place in range(len(self.free))]
            self.last = self.not_before = self.refused_at = now

    def as_numbers(self) -> list[float]:
        """For storing; `from_numbers` takes it back."""
        return [self.last, self.not_before, self.refused_at, self.strikes, self.in_a_row, *self.free]

    @classmethod
    def from_numbers(cls, per_second: float, numbers: Sequence[float]) -> Turns:
        """What `as_numbers` gave."""
        last, not_before, refused_at, strikes, in_a_row, *free = numbers
        return cls(per_second, free, last, not_before, refused_at, int(strikes), int(in_a_row))
