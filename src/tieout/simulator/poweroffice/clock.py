"""The simulator's clock: starts where it is told to, runs on in real time, and can be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Time as the simulated PowerOffice has it. Never goes back, whatever `passed` (seconds, from anywhere) does."""

    def __init__(self, start: datetime, passed: Callable[[], float] = time.monotonic) -> None:
        self._start = self._latest = start.astimezone(UTC)
        self._passed, self._since = passed, passed()

    def now(self) -> datetime:
        told = self._start + timedelta(seconds=self._passed() - self._since)
        self._latest = max(self._latest, told)
        return self._latest

    def move(self, by: timedelta) -> datetime:
        """Move on and give the new time. Raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("the clock can't be moved back")
        self._start += by
        return self.now()
