"""An installation's day in virtual time: the real line, turns and rhythm; companies, jobs and the vendor are modelled.

Nothing sleeps. What is measured: how old each company's books are, how long people wait, what the key is used for.
"""

from __future__ import annotations

import heapq
import itertools
import random
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bench.costs import Day
from tieout.connectors.rate_limit import PER_SECOND
from tieout.connectors.turns import Claim, Line, Priority, Turns, Waiting
from tieout.portal.syncs.jobs import PARALLEL, Queue
from tieout.portal.syncs.rhythm import BOOKS_ZONE, is_night, last_night, next_slot
from tieout.simulator.poweroffice.gateway.limit import SlidingLimit

MIDNIGHT = datetime(2026, 11, 18, 23, tzinfo=UTC)  # in Oslo; a Thursday begins
HOUR = timedelta(hours=1)
FRESH_SECONDS = 65 * 60
CHUNK = 300  # requests of a fill before another source's turn
POLL_SECONDS = 0.5  # until a queue's job is seen


class Clock:
    """Calls what is due, in order. Seconds since 1970."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._numbers = itertools.count()
        self._due: list[tuple[float, int, Callable[[], None]]] = []

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._numbers), call))

    def run(self, until: float) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, call = heapq.heappop(self._due)
            call()
        self.now = until

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


class Key:
    """One subscription key: our line and turns before the vendor's own counting."""

    def __init__(self, clock: Clock, chance: random.Random) -> None:
        self._clock, self._chance = clock, chance
        self._line, self._turns = Line(), Turns(PER_SECOND)
        self._then: dict[Waiting, Callable[[], None]] = {}
        self._is_reserved = False
        self._vendor = SlidingLimit(monotonic=lambda: self._arrived)
        self._arrived = 0.0
        self.used: Counter[Priority] = Counter()
        self.by_hour: Counter[int] = Counter()
        self.refused = 0

    def ask(self, claim: Claim, then: Callable[[], None]) -> None:
        """Call `then` when a request of this claim goes out."""
        self._then[self._line.enter(claim)] = then
        self._reserve()

    def _reserve(self) -> None:
        if not self._is_reserved and self._line.first is not None:
            self._is_reserved = True
            place, moment = self._turns.reserve(self._clock.now)
            self._clock.after(moment - self._clock.now, lambda: self._give(place))

    def _give(self, place: int) -> None:
        """Whoever is first at the moment goes; a thread wakes up late, and the way is not always equally long."""
        self._is_reserved = False
        first = self._line.first
        if first is None:
            return
        self._line.leave(first, served=True)
        sent = self._clock.now + self._chance.expovariate(1 / 0.002)
        self._turns.sent(place, sent)
        self._arrived = max(self._arrived, sent + self._chance.uniform(0, 0.008))
        self.used[first.claim.priority] += 1
        self.by_hour[int(self._clock.now // 3600)] += 1
        if not self._vendor.lets_through("key"):
            self.refused += 1
            self._turns.refuse(self._clock.now, 1.0)
        self._then.pop(first)()
        self._reserve()


@dataclass(slots=True, eq=False)
class Company:
    """One data source as the schedule sees it. Times in seconds; `as_of` is None before the first sync is done."""

    name: str
    next_at: float
    as_of: float | None = None
    completed: float = 0.0
    checked: float = 0.0  # the last night's check
    is_active: bool = False
    lines: int = 0


@dataclass(slots=True)
class Told:
    """What the day amounted to. Lists are of seconds."""

    fresh: float = 0.0
    seen: float = 0.0
    ages: list[float] = field(default_factory=list)  # when a newer sync came
    starts: list[float] = field(default_factory=list)  # from a person's click to the first request
    ends: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)  # how long first syncs took, without lines
    syncs: Counter[str] = field(default_factory=Counter)


class VirtualDay:
    """Runs a day; then `told` and `key` hold what happened."""

    def __init__(self, day: Day) -> None:
        self.day, self.costs = day, day.costs
        self.chance = random.Random(day.seed)
        self.clock = Clock(MIDNIGHT.timestamp())
        self.key = Key(self.clock, self.chance)
        self.told = Told()
        self.waiting: dict[Queue, deque[Callable[[], None]]] = {queue: deque() for queue in Queue}
        self.free = dict(PARALLEL)
        self.companies = [self._company(number) for number in range(day.companies)]

    def run(self) -> VirtualDay:
        began = self.clock.now
        self._tick()
        self._bring_people()
        end = began + self.day.hours * 3600
        self.clock.run(end)
        for company in self.companies:
            self._note_freshness(company, end)
        return self

    def _company(self, number: int) -> Company:
        """One whose books were read in its last slot, and checked last night."""
        name = str(uuid.UUID(int=number))
        asked = next_slot(name, HOUR, after=MIDNIGHT - HOUR).timestamp()
        return Company(
            name=name,
            next_at=asked + 3600,
            as_of=asked,
            completed=asked,
            checked=last_night(name, MIDNIGHT).timestamp(),
        )

    def _bring_people(self) -> None:
        """In working hours people press *Sync now*, and companies are approved."""
        for company in self.companies:
            for _ in range(_times(self.chance, self.day.asked_by_people)):
                self._at_work(lambda company=company: self._ask(company, Queue.PEOPLE))  # type: ignore[misc]
        for number in range(self.day.new_companies):
            self._at_work(lambda number=number: self._approve(number))  # type: ignore[misc]

    def _at_work(self, call: Callable[[], None]) -> None:
        self.clock.after(self.chance.uniform(8, 16) / 24 * self.day.hours * 3600, call)

    def _approve(self, number: int) -> None:
        company = Company(name=f"new {number}", next_at=self.clock.now + 3600)
        self.companies.append(company)
        self._ask(company, Queue.LONG)

    def _tick(self) -> None:
        """Each minute, what is due by the clock."""
        for company in self.companies:
            if company.next_at <= self.clock.now and not company.is_active:
                self._ask(company, Queue.SYNCS if company.as_of is not None else Queue.LONG)
        self.clock.after(60, self._tick)

    def _ask(self, company: Company, queue: Queue) -> None:
        if company.is_active:
            return
        company.is_active = True
        asked = self.clock.now
        self._enqueue(queue, lambda: self._sync(company, queue, asked))

    def _enqueue(self, queue: Queue, job: Callable[[], None]) -> None:
        self.waiting[queue].append(job)
        self.clock.after(self.chance.uniform(0, POLL_SECONDS), lambda: self._start(queue))

    def _start(self, queue: Queue) -> None:
        while self.free[queue] and self.waiting[queue]:
            self.free[queue] -= 1
            self.waiting[queue].popleft()()

    def _sync(self, company: Company, queue: Queue, asked: float) -> None:
        began, kind, requests = self.clock.now, *self._kind(company, queue)
        by_person = queue is Queue.PEOPLE
        priority = Priority.PERSON if by_person else Priority.FRESH
        claim = Claim(company.name, Priority.HEAVY if kind in ("first", "nightly") else priority)
        self.told.syncs[kind] += 1
        if by_person:
            self.told.starts.append(began - asked)

        def done() -> None:
            self.clock.after(self.costs.own_seconds, lambda: self._finish(company, queue, kind, began))
            if by_person:
                self.told.ends.append(self.clock.now + self.costs.own_seconds - asked)

        _Requests(self, claim, requests, done)

    def _kind(self, company: Company, queue: Queue) -> tuple[str, int]:
        if company.as_of is None:
            return "first", self.costs.first
        since = last_night(company.name, self.clock.moment).timestamp()
        if queue is not Queue.PEOPLE and company.checked < since and is_night(self.clock.moment):
            company.checked = self.clock.now
            return "nightly", self.costs.nightly
        hour = self.clock.moment.astimezone(BOOKS_ZONE).hour
        is_busy = self.chance.random() < (self.costs.busy_by_day if 8 <= hour < 17 else self.costs.busy_by_night)
        return ("busy", self.costs.busy) if is_busy else ("quiet", self.costs.quiet)

    def _finish(self, company: Company, queue: Queue, kind: str, began: float) -> None:
        self.free[queue] += 1
        self._start(queue)
        self._note_freshness(company, self.clock.now)
        if kind == "first":
            self.told.firsts.append(self.clock.now - began)
            company.checked = began
        company.as_of, company.completed, company.is_active = began, self.clock.now, False
        company.next_at = next_slot(company.name, HOUR, after=self.clock.moment).timestamp()
        lines = {"first": self.costs.lines, "busy": self.costs.lines_of_busy}.get(kind, 0)
        if lines and company.lines == 0:
            self._enqueue(Queue.FILLS, lambda: self._fill(company))
        company.lines += lines

    def _fill(self, company: Company) -> None:
        chunk = min(CHUNK, company.lines)

        def done() -> None:
            company.lines -= chunk
            if company.lines:
                self._enqueue(Queue.FILLS, lambda: self._fill(company))
            self.free[Queue.FILLS] += 1
            self._start(Queue.FILLS)

        _Requests(self, Claim(company.name, Priority.FILL), chunk, done)

    def _note_freshness(self, company: Company, now: float) -> None:
        """For how long of the time since the last sync came its books were fresh enough."""
        if company.as_of is not None:
            lasted = now - company.completed
            self.told.seen += lasted
            self.told.fresh += min(lasted, max(0.0, company.as_of + FRESH_SECONDS - company.completed))
            self.told.ages.append(now - company.as_of)


class _Requests:
    """The requests of one job, so many at once; the first two alone (a token, a greeting)."""

    def __init__(self, day: VirtualDay, claim: Claim, number: int, done: Callable[[], None]) -> None:
        self._day, self._claim, self._left, self._done = day, claim, number, done
        self._alone = 2 if claim.priority is not Priority.FILL else 0
        self._under_way = 0
        self._ask()

    def _ask(self) -> None:
        most = 1 if self._alone else self._day.costs.ahead
        while self._left and self._under_way < most:
            self._left -= 1
            self._under_way += 1
            self._day.key.ask(self._claim, lambda: self._day.clock.after(self._day.costs.latency, self._answered))

    def _answered(self) -> None:
        self._under_way -= 1
        self._alone = max(0, self._alone - 1)
        if self._left:
            self._ask()
        elif not self._under_way:
            self._done()


def _times(chance: random.Random, mean: float) -> int:
    """How often something happens in a day that happens `mean` times on average."""
    return int(mean) + (chance.random() < mean % 1)
