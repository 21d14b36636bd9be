"""When what runs must stop: this process ends, somebody cancelled, or (a fill) somebody else waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ASK_EVERY_SECONDS = 0.5

_ending = threading.Event()
_cancelled: set[int] = set()  # syncs that somebody cancelled in this process: they stop without asking the database
_writers: dict[str, threading.Lock] = {}
_guard = threading.Lock()


class StopSwitch:
    """A cheap `should_stop` of one sync: asks `question` at most twice a second, and remembers a yes."""

    def __init__(self, sync_id: int, question: Callable[[], bool]) -> None:
        self._sync_id, self._question = sync_id, question
        self._asked = 0.0
        self._answer = False

    def __call__(self) -> bool:
        if self._answer or _ending.is_set() or self._sync_id in _cancelled:
            return True
        if time.monotonic() - self._asked >= ASK_EVERY_SECONDS:
            self._asked = time.monotonic()
            self._answer = self._question()
        return self._answer


def cancel(sync_id: int) -> None:
    """Stop a sync that runs in this process."""
    _cancelled.add(sync_id)


def is_ending() -> bool:
    """Whether this process is about to end."""
    return _ending.is_set()


def stop_all() -> None:
    """Tell everything that runs to stop; what it did so far is kept."""
    _ending.set()


def begin_again() -> None:
    """Allow work again in a process that stopped it (tests, and the demo's second start)."""
    _ending.clear()
    _cancelled.clear()


@contextmanager
def writing(source_id: object) -> Iterator[None]:
    """Be the only writer of a data source in this process; others wait. Two writers of one source would conflict."""
    with _guard:
        lock = _writers.setdefault(str(source_id), threading.Lock())
    with lock:
        yield
