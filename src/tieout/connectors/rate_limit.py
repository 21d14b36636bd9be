"""One limit for all who use one key: threads, processes and companies take their turns from one row of a small database.

The generic cell rate algorithm: each call reserves the next free slot with one UPDATE, then sleeps until it. Nobody polls,
so nobody starves. The database holds a hash of the key, never the key.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from pathlib import Path

import stamina

from tieout.connectors.errors import TryLaterError

# The vendor allows 10 in a sliding second. 9.8 leaves ten slots 20 ms of room, which requests on their way use up: a refusal
# in 200 to 450 was measured; 9.5 leaves 52 ms (decision 0006).
PER_SECOND = 9.5
# Who wakes later than this sends an eleventh into the second.
LATE_SECONDS = 0.03
LATE_ATTEMPTS = 3  # a machine this busy is better slow than stuck
LONGEST_PAUSE_SECONDS = 300.0

_NOW = "((julianday('now') - 2440587.5) * 86400.0)"
_CREATE = "create table if not exists limits (key text primary key, next real not null) without rowid"
# A row far in the future means that the machine's clock was set back: it is forgotten.
_RESERVE = f"""
insert into limits (key, next) values (:key, {_NOW} + :interval)
on conflict (key) do update
set next = case when next > {_NOW} + :longest then {_NOW} else max(next, {_NOW}) end + :interval
returning next - :interval
"""  # noqa: S608 - only constants of ours
_PUSH = f"""
insert into limits (key, next) values (:key, {_NOW} + :seconds)
on conflict (key) do update set next = max(next, {_NOW} + :seconds)
"""  # noqa: S608 - only constants of ours


class RateLimiter:
    """Turns for one key, shared by everybody who opens the same file. Thread-safe."""

    def __init__(self, path: Path, key: str, *, per_second: float = PER_SECOND) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._key = hashlib.sha256(key.encode()).hexdigest()
        self._interval = 1 / per_second
        self._lock = threading.Lock()
        self._patient = threading.Lock()
        self._database = _open(path)

    def take(self, *, urgent: bool = False, patience: float = LONGEST_PAUSE_SECONDS) -> None:
        """Wait for a turn. Where a person waits it is `urgent`, and overtakes all but the one that each process holds.

        Raises TryLaterError at once where the turn would come later than in `patience` seconds.
        """
        if urgent:
            self._take(patience)
            return
        with self._patient:
            self._take(patience)

    def _take(self, patience: float) -> None:
        """A turn that was slept through is given up, so that late calls don't crowd the next ones."""
        for _ in range(LATE_ATTEMPTS):
            slot = self._reserve()
            if slot - time.time() > patience:
                raise TryLaterError("The accounting system asks us to slow down.")
            time.sleep(max(0.0, slot - time.time()))
            if time.time() - slot < LATE_SECONDS:
                return

    def push_back(self, seconds: float) -> None:
        """Let nobody take a new turn for a while: the other side said so."""
        with self._lock:
            pause = min(seconds, LONGEST_PAUSE_SECONDS / 2)
            self._database.execute(_PUSH, {"key": self._key, "seconds": pause})

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def _reserve(self) -> float:
        """The time of our slot, in seconds since 1970, by this machine's clock."""
        asked = {"key": self._key, "interval": self._interval, "longest": LONGEST_PAUSE_SECONDS}
        with self._lock:
            row = self._database.execute(_RESERVE, asked).fetchone()
        return float(row[0])


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
    except sqlite3.OperationalError:
        database.close()
        raise
    return database
