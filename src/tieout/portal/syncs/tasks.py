"""What jobs do. Each task finds its own way from the tables, so that it may run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.db import connections
from django.utils import timezone

from tieout.portal import logs, tracing
from tieout.portal.syncs import actions, jobs, warehouses
from tieout.portal.syncs.models import Sync
from tieout.portal.syncs.signals import sync_ended
from tieout.portal.upkeep.disk import disk_of
from tieout.portal.upkeep.memory import give_back

log = logging.getLogger(__name__)


def task(function: Callable[..., None]) -> Callable[..., None]:
    """A task of this portal: gives its database connections back when it ends."""

    @wraps(function)
    def run(**arguments: object) -> None:
        with logs.about(job=function.__name__, **arguments):
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
        try:
            with tracing.of_sync(found):
                for _event in actions.carry_out(found):
                    pass
        finally:
            log.info("A sync has ended: %s, %s.", found.state, found.verdict or "no verdict")
            sync_ended.send(Sync, sync=found)


@task
def fill(*, sync_id: int) -> None:
    """Bring one more chunk of a source's deferred rows, then let others go first."""
    found = Sync.objects.select_related("source").filter(pk=sync_id).first()
    if found is not None and found.is_open:
        with tracing.of_sync(found):
            actions.fill_chunk(found)
        sync_ended.send(Sync, sync=found)


@task
def request_due() -> None:
    """Ask for a sync of every source whose time has come, and close warehouses nobody reads.

    While the disk is too full nothing new begins; what was asked for meanwhile begins when there is room again.
    """
    disk = disk_of(settings.TIEOUT)
    if disk.is_full:
        log.warning("The disk is %s %% full (limit %s %%): new syncs wait.", disk.percent, disk.limit)
    else:
        actions.request_due(now=timezone.now())
        actions.let_waiting_begin()
    warehouses.close_idle()
    give_back()


@task
def check_candidates() -> None:
    """Prove keys that an approval brought and that could not be proved at once."""
    from tieout.portal.approvals.actions import check_candidates as check

    check()


@task
def tidy() -> None:
    """Take away what is older than it is to be kept."""
    from tieout.portal.upkeep.retention import forget_what_is_old

    forget_what_is_old(now=timezone.now())
