"""When this process's clock last came round: a server that answers pages may have jobs that stand still."""

from __future__ import annotations

import time

LATE_AFTER_SECONDS = 300  # it comes round each minute

_began = time.monotonic()
_last: list[float] = []


def beat() -> None:
    """The clock has come round."""
    _last[:] = [time.monotonic()]


def seconds_since() -> float:
    """How long ago that was; since the start of the process where it never did."""
    return time.monotonic() - (_last[0] if _last else _began)


def is_late() -> bool:
    """Whether what runs by the clock must have stopped."""
    return seconds_since() > LATE_AFTER_SECONDS
