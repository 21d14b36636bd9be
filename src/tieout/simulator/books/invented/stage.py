"""The clock of an invented company: events in order of system time, planned a day at a time.

What happens on a day is drawn from that day's own random stream, from the state that the events before left behind. So
the books are a function of seed and system time, in however many steps the clock is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import TypeAlias

from tieout.simulator.books.company import Company
from tieout.simulator.books.model import Books

Act: TypeAlias = Callable[[], object]


class Stage(Company):
    """Plays events: `at` puts one into the future, `begin` starts the daily planning."""

    def __init__(self, books: Books, *, stream: str) -> None:
        super().__init__(books)
        self.stream = stream
        self.rng = Random(stream)
        self.instant = (
            books.now
        )  # when what happens now was due; stamps are `books.now`, which may be later (`advance`)
        self._planners: Sequence[Callable[[date], None]] = ()
        self._events: list[tuple[datetime, int, Act]] = []
        self._order = count()

    def begin(self, first: date, planners: Sequence[Callable[[date], None]]) -> None:
        """Have each planner called at the start of every day from `first` on, in the given order."""
        self._planners = planners
        self.at(midnight(first), lambda: self._begin_day(first))

    def at(self, when: datetime, act: Act) -> None:
        """Let `act` happen at an instant; one that has passed means now."""
        heappush(self._events, (max(when, self.instant), next(self._order), act))

    def moment(self, day: date, first_hour: int = 7, last_hour: int = 15) -> datetime:
        """A random instant of a day's working hours (UTC), to the microsecond."""
        span = (last_hour - first_hour) * 3_600_000_000
        return midnight(day) + timedelta(hours=first_hour, microseconds=self.rng.randrange(span))

    @contextmanager
    def aside(self, subject: str) -> Iterator[None]:
        """Draw from a stream of the subject's own at this instant, so that everybody else's draws stay what they were."""
        before, self.rng = self.rng, Random(f"{self.stream}/{subject}/{self.instant.isoformat()}")
        try:
            yield
        finally:
            self.rng = before

    @property
    def today(self) -> date:
        """The business day: what is booked gets this date even where its stamps are later."""
        return self.instant.date()

    def is_due(self, until: datetime) -> bool:
        return bool(self._events) and self._events[0][0] <= until

    def _begin_day(self, day: date) -> None:
        self.rng = Random(f"{self.stream}/{day}")
        for plan in self._planners:
            plan(day)
        tomorrow = day + timedelta(days=1)
        self.at(midnight(tomorrow), lambda: self._begin_day(tomorrow))

    def _play(self, until: datetime, awake: datetime) -> None:
        while self._events and self._events[0][0] <= until:
            when, _, act = heappop(self._events)
            self.instant, self.books.now = when, max(when, awake)
            act()
        self.instant = until


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
