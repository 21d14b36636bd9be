"""The vendor's limit: 10 requests in any second per subscription key, over token and API calls (contract 4)."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

REQUESTS = 10
SECONDS = 1.0


class SlidingLimit:
    """Counts what it let through, in real time: the simulator's clock may jump, the client's does not."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._passed: defaultdict[str, deque[float]] = defaultdict(deque)

    def lets_through(self, key: str) -> bool:
        now, passed = self._monotonic(), self._passed[key]
        while passed and passed[0] <= now - SECONDS:
            passed.popleft()
        if len(passed) >= REQUESTS:
            return False
        passed.append(now)
        return True
