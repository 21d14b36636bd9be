"""How often a token may ask: this process serves all, so counting here is enough. Forgotten when it ends."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from uuid import UUID

REQUESTS = 600
SECONDS = 60.0
_asked: defaultdict[UUID, deque[float]] = defaultdict(deque)
_guard = threading.Lock()


def seconds_to_wait(token: UUID, *, now: float | None = None) -> int:
    """0 if the token may ask now, which is counted; else after how many seconds it may."""
    at = time.monotonic() if now is None else now
    with _guard:
        mine = _asked[token]
        while mine and mine[0] <= at - SECONDS:
            mine.popleft()
        if len(mine) >= REQUESTS:
            return int(mine[0] + SECONDS - at) + 1
        mine.append(at)
        return 0


def left(token: UUID, *, now: float | None = None) -> tuple[int, int]:
    """How many requests the token has left, and after how many seconds the oldest that counts is forgotten."""
    at = time.monotonic() if now is None else now
    with _guard:
        mine = _asked[token]
        while mine and mine[0] <= at - SECONDS:
            mine.popleft()
        return REQUESTS - len(mine), int(mine[0] + SECONDS - at) + 1 if mine else int(SECONDS)
