"""What jobs do. Each task finds its own way from the tables, so that it may run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.db import connections
from django.utils import timezone

from tieout.portal.syncs import actions, jobs, warehouses
from tieout.portal.syncs.models import Sync

log = logging.getLogger(__name__)
KEEP_JOBS_DAYS = 14


def task(function: Callable[..., None]) -> Callable[..., None]:
    """A task of this portal: gives its database connections back when it ends."""

    @wraps(function)
    def run(**arguments: object) -> None:
        try:
            function(**arguments)
        except Exception:
            log.exception("The job %s failed.", function.__name__)
            raise
        finally:
            connections.close_all()

    return jobs.task(run)


@task
def sync(*, sync_id: int) -> None:
    """Run one requested sync to its end."""
    found = Sync.objects.select_related("source").filter(pk=sync_id).first()
    if found is not None and found.is_open:  # else cancelled or removed meanwhile
        for _event in actions.carry_out(found):
            pass


@task
def fill(*, sync_id: int) -> None:
    """Bring one more chunk of a source's deferred rows, then let others go first."""
    found = Sync.objects.select_related("source").filter(pk=sync_id).first()
    if found is not None and found.is_open:
        actions.fill_chunk(found)


@task
def request_due() -> None:
    """Ask for a sync of every source whose time has come, and close warehouses nobody reads."""
    actions.request_due(now=timezone.now())
    warehouses.close_idle()


@task
def check_candidates() -> None:
    """Prove keys that an approval brought and that could not be proved at once."""
    from tieout.portal.approvals.actions import check_candidates as check

    check()


@task
def tidy() -> None:
    """Forget finished jobs and the fine print of old syncs."""
    engine = jobs.engine()
    if engine is not None:
        engine.tidy(keep_days=KEEP_JOBS_DAYS)
    actions.forget_old_events(now=timezone.now())
