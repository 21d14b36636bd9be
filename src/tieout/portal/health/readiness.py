"""Whether this process can do its work now: stores open, jobs run, room on the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from tieout.portal.health import beats
from tieout.portal.syncs import jobs
from tieout.portal.upkeep.disk import disk_of

log = logging.getLogger(__name__)


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1 from people_person limit 1")
    return True


def _warehouse() -> bool:
    folder = settings.TIEOUT.home / "warehouse"
    return not folder.exists() or all(path.is_file() for path in folder.glob("*.duckdb"))


def _jobs() -> bool:
    return jobs.engine() is not None and not beats.is_late()


def _disk() -> bool:
    return not disk_of(settings.TIEOUT).is_full


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "warehouse": _warehouse, "jobs": _jobs, "disk": _disk}


def readiness() -> dict[str, bool]:
    """Each check by name. One that breaks is a no; why is in the log."""
    return {name: _asked(name, check) for name, check in CHECKS.items()}


def _asked(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        log.exception("the check %s of readiness broke", name)
        return False
