"""The simulator's clock: starts where it is told to, runs on in real time, and can be moved on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class Clock:
    """Time as the simulated PowerOffice has it. Never goes back."""

    def __init__(self, start: datetime) -> None:
        self._start = start.astimezone(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._since)

    def move(self, by: timedelta) -> datetime:
        """Move on and give the new time. Raises ValueError for a step back."""
        if by < timedelta():
            raise ValueError("the clock can't be moved back")
        self._start += by
        return self.now()
