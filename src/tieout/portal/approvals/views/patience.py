"""How long a browser waits for the accounting system. What takes longer goes on by itself, and a page follows it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread

from django.conf import settings
from django.db import connections

log = logging.getLogger(__name__)


def wait_for(act: Callable[[], None]) -> None:
    """Do something that must be done once, and wait for it no longer than `settings.APPROVAL_PATIENCE` (seconds).

    None waits to the end, in this very thread. An error that comes in time is raised; a later one is logged.
    """
    if settings.APPROVAL_PATIENCE is None:
        act()
        return
    doing = _Doing(act)
    doing.start()
    doing.join(settings.APPROVAL_PATIENCE)
    if doing.error and not doing.is_alive():
        raise doing.error


class _Doing(Thread):
    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(name="approval", daemon=True)
        self._act = act
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._act()
        except Exception as error:
            log.exception("an approval could not be finished; what is stored is taken up again")
            self.error = error
        finally:
            connections.close_all()
