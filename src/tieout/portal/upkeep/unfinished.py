"""What a stopped process left half done, and can be done again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from tieout.warehouse.base import WarehouseError

log = logging.getLogger(__name__)
Left = TypeVar("Left")


def finish(left: Iterable[Left], act: Callable[[Left], object]) -> int:
    """Do it for each; returns how many. One whose warehouse can't be had waits for the next start, and keeps no other from it."""
    done = 0
    for one in left:
        try:
            act(one)
            done += 1
        except WarehouseError as error:
            log.warning("%s", error)
    return done
