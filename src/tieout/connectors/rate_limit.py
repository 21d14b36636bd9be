"""One limit for all who use one key: threads, processes and companies take their turns from one row of a small database.

Within a process everybody stands in one line (`turns.Line`); its first reserves the next moment in the row (`turns.Turns`).
A process holds one reservation at most, so processes share evenly. The database holds a hash of the key, never the key.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import stamina

from tieout.connectors.breadth import SPARE, Breadth
from tieout.connectors.errors import TryLaterError
from tieout.connectors.turns import LONGEST_PAUSE_SECONDS, SOMEBODY, Claim, Line, Priority, Turns, Waiting
from tieout.connectors.usage import CREATE as CREATE_USED
from tieout.connectors.usage import KEEP_SECONDS, Used, forget_used, note_used, used_since

# The vendor allows 10 in a sliding second; 9.8 leaves 20 ms of room for what happens on the way (decision 0006).
PER_SECOND = 9.8
# Who is next leaves the line so long before its moment, time enough to open a connection, and is not overtaken any more.
LEAD_SECONDS = 0.1
LATE_ON_THE_WAY_SECONDS = 0.005  # less than that lies within the room
LATE_SECONDS = 0.5  # a reservation that lies so far back is given up: its place may be someone else's by now

LATEST, MOST_KINDS = 50, 500

_CREATE = "create table if not exists turns (key text primary key, numbers text not null) without rowid"


class Turn:
    """Leave for one request: `wait` until its moment, write it, say `sent` at once, and `over` whatever became of it."""

    def __init__(self, limiter: RateLimiter, claim: Claim, place: int, moment: float) -> None:
        self.claim, self.place, self.moment = claim, place, moment
        self.sent_at = self.free = 0.0
        self.is_refused = False
        self._limiter = limiter

    def wait(self) -> None:
        """Sleep until the moment has come."""
        time.sleep(max(0.0, self.moment - time.time()))

    def sent(self) -> None:
        """The request is on its way now. Counted, and the ten of the next second are measured from here."""
        self._limiter.note_sent(self)

    def answered(self, kind: str) -> None:
        """Its answer begins. One that took longer than others of its kind may have been counted that much later."""
        self._limiter.note_answered(self, kind)

    def refused(self, seconds: float) -> None:
        """The other side refused it: let nobody take a new turn for a while."""
        self.is_refused = True
        self._limiter.push_back(seconds, self.claim)

    def over(self, *, is_well: bool) -> None:
        """Its answer is here whole, or never will be."""
        self._limiter.note_over(self, is_well=is_well)


class Quickest:
    """The shortest of the latest answers of each kind, in seconds: what the way takes when nothing is in it."""

    def __init__(self) -> None:
        self._kinds: dict[str, deque[float]] = {}

    def of(self, kind: str, took: float) -> float:
        """The shortest, this one included."""
        if len(self._kinds) >= MOST_KINDS:
            self._kinds.clear()
        latest = self._kinds.setdefault(kind, deque(maxlen=LATEST))
        latest.append(took)
        return min(latest)


class RateLimiter:
    """Turns for one key, shared by everybody who opens the same file. Thread-safe."""

    def __init__(self, path: Path, key: str, *, per_second: float = PER_SECOND) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._key = hashlib.sha256(key.encode()).hexdigest()
        self._per_second = per_second
        self._guard = threading.Lock()
        self._line = Line()
        self._calls: dict[Waiting, threading.Event] = {}
        self._reserved: tuple[int, float] | None = None
        self._database = _open(path)
        self._forgotten_at = 0.0
        self._quickest = Quickest()
        self._breadth, self._under_way = Breadth(per_second), 0

    def take(self, claim: Claim = SOMEBODY, *, patience: float = LONGEST_PAUSE_SECONDS) -> Turn:
        """Wait in line for a turn, whose moment is then a tenth of a second away at most.

        Raises TryLaterError where it would come later than in `patience` seconds, at once where that is known at once.
        """
        until = time.time() + patience
        with self._guard:
            if self._turns().not_before > until:
                raise _later()
            waiting, called = self._line.enter(claim), threading.Event()
            self._calls[waiting] = called
        turn: Turn | None = None
        try:
            while turn is None:
                turn = self._try(waiting, called, until)
        finally:
            self._step_out(waiting, served=turn is not None)
        return turn

    def push_back(self, seconds: float, claim: Claim = SOMEBODY) -> None:
        """Let nobody take a new turn for a while: the other side refused a request of `claim`."""
        with self._guard:
            with self._changing() as turns:
                turns.refuse(time.time(), seconds)
            note_used(self._database, self._key, claim, refused=1)
            self._reserved = None
            self._call_first()

    def note_sent(self, turn: Turn) -> None:
        """A request was written."""
        with self._guard:
            is_first, now = not turn.sent_at, time.time()  # through a proxy a connection is asked for as well
            with self._changing() as turns:
                turn.sent_at, turn.free = now, turns.sent(turn.place, now)
                if is_first:
                    note_used(self._database, self._key, turn.claim, requests=1)
            if now - self._forgotten_at > KEEP_SECONDS / 24:
                self._forgotten_at = now
                forget_used(self._database)

    def note_answered(self, turn: Turn, kind: str) -> None:
        """The answer to a request of some kind begins."""
        took = time.time() - turn.sent_at
        with self._guard:
            late = took - self._quickest.of(kind, took)
            if late > LATE_ON_THE_WAY_SECONDS:
                with self._changing() as turns:
                    turns.arrived(turn.place, turn.free, late)

    def note_over(self, turn: Turn, *, is_well: bool) -> None:
        """A request is no longer under way. A refusal says nothing of how much the other side can bear at once."""
        with self._guard:
            if is_well and turn.sent_at:
                self._breadth.answered(time.time() - turn.sent_at + LEAD_SECONDS)
            elif not turn.is_refused:
                self._breadth.failed(self._under_way)
            self._under_way -= 1
            self._call_first()

    def used(self, since: datetime) -> list[Used]:
        """Requests since a moment, by whom and what for; nothing older than a week is kept."""
        with self._guard:
            return used_since(self._database, self._key, since)

    def close(self) -> None:
        with self._guard:
            self._database.close()

    def _try(self, waiting: Waiting, called: threading.Event, until: float) -> Turn | None:
        """A turn if it is ours and near; else None, after having waited for what may change that."""
        with self._guard:
            now = time.time()
            first = self._line.first is waiting and self._has_room(waiting.claim)
            place, moment = self._reservation(now) if first else (0, now)
            if now >= until or moment > until:
                raise _later()
            if first and moment - now <= LEAD_SECONDS:
                self._reserved = None
                self._under_way += 1
                return Turn(self, waiting.claim, place, moment)
            called.clear()
        called.wait(moment - now - LEAD_SECONDS if first else until - now)
        return None

    def _has_room(self, claim: Claim) -> bool:
        spare = SPARE if claim.priority is Priority.PERSON else 0
        return self._under_way < self._breadth.places + spare

    def _reservation(self, now: float) -> tuple[int, float]:
        """The process's own; whoever is first when its moment comes has it."""
        if self._reserved is None or self._reserved[1] < now - LATE_SECONDS:
            with self._changing() as turns:
                self._reserved = turns.reserve(now)
        return self._reserved

    def _step_out(self, waiting: Waiting, *, served: bool) -> None:
        with self._guard:
            self._line.leave(waiting, served=served)
            del self._calls[waiting]
            self._call_first()

    def _call_first(self) -> None:
        if self._line.first is not None:
            self._calls[self._line.first].set()

    @contextmanager
    def _changing(self) -> Iterator[Turns]:
        """The row, ours alone until the block ends."""
        self._database.execute("begin immediate")
        try:
            turns = self._turns()
            yield turns
            self._database.execute(
                "insert into turns values (:key, :numbers) on conflict (key) do update set numbers = :numbers",
                {"key": self._key, "numbers": json.dumps(turns.as_numbers())},
            )
        except BaseException:
            self._database.execute("rollback")
            raise
        self._database.execute("commit")

    def _turns(self) -> Turns:
        row = self._database.execute("select numbers from turns where key = ?", (self._key,)).fetchone()
        return Turns.from_numbers(self._per_second, json.loads(row[0])) if row else Turns(self._per_second)


class NoLimit:
    """Lets everybody through at once, where time is not real."""

    def take(self, claim: Claim = SOMEBODY, *, patience: float = 0) -> NoTurn:
        return NoTurn()


class NoTurn:
    """Leave for one request, now."""

    def wait(self) -> None: ...

    def sent(self) -> None: ...

    def answered(self, kind: str) -> None: ...

    def refused(self, seconds: float) -> None: ...

    def over(self, *, is_well: bool) -> None: ...


def _later() -> TryLaterError:
    return TryLaterError("The accounting system asks us to slow down.")


# SQLite does not wait by itself where several processes turn a new file to write-ahead logging at once.
@stamina.retry(
    on=sqlite3.OperationalError, attempts=100, timeout=30.0, wait_initial=0.01, wait_max=0.2, wait_jitter=0.1
)
def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = normal")
        database.execute(_CREATE)
        database.execute(CREATE_USED)
        database.execute("drop table if exists limits")  # of versions that kept one moment per key
    except sqlite3.OperationalError:
        database.close()
        raise
    return database
