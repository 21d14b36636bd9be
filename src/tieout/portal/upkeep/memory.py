"""Keeping the process small: what the C library has free goes back to the system. Does nothing where it is not glibc."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

ARENA_MAX = -8  # mallopt's M_ARENA_MAX
ARENAS = 2  # not eight a core: forty threads would each leave holes in one of their own


def keep_small() -> None:
    """Let all threads share a few of the C library's arenas. Call it before they begin."""
    _call("mallopt", ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return free pages of all arenas to the system; some milliseconds."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: Any) -> None:
    function: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    if function is not None:
        function(*arguments)
