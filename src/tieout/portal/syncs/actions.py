"""What may happen to syncs: asked for, cancelled, carried out, filled in, taken up again, deleted with their data."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.syncs import filling, jobs, lanes, running, schedule, shared, summary, warehouses
from tieout.portal.syncs.filling import fill_chunk, request_fill
from tieout.portal.syncs.models import OPEN_STATES, Reason, StreamState, Sync, SyncState, slot_of
from tieout.portal.syncs.perform import options_of, perform, perform_tie_out, run, run_check
from tieout.portal.upkeep.disk import disk_of
from tieout.sync.events import Event as Told

__all__ = [
    "cancel_sync",
    "carry_out",
    "delete_data",
    "fill_chunk",
    "let_waiting_begin",
    "perform",
    "perform_tie_out",
    "request_check",
    "request_due",
    "request_sync",
    "start_again",
]

BESIDE = (Reason.FILL, Reason.CHECK)  # a sync waits for these, and is never taken for one


def request_sync(
    source: Source,
    *,
    reason: str,
    by: Person | None = None,
    slot: str = "",
    full: bool = False,
    skip: Collection[str] = (),
) -> Sync:
    """Ask for a sync. While one waits that reads as much, that one is meant; a slot of the schedule is one sync for ever."""
    now = timezone.now()
    with transaction.atomic():
        queued = Sync.objects.filter(source=source, state=SyncState.QUEUED).exclude(reason__in=BESIDE)
        waiting = next((one for one in queued if one.full >= full and set(one.skip) <= set(skip)), None)
        if waiting is not None:
            if reason == Reason.PERSON:
                _let_first(waiting)
            return waiting
        return _requested(
            source,
            reason=reason,
            by=by,
            slot=slot or f"{reason}:{now.isoformat()}",
            full=full,
            skip=skip,
            # A person wants what is new, now; nights have their own.
            nightly=reason != Reason.PERSON and schedule.is_nightly_due(source, now=now),
        )


def request_check(source: Source, *, by: Person | None = None, on: date | None = None) -> Sync:
    """Ask for a tie-out alone, of the ledger at the end of the day `on` too. While one like it is open, that one is meant."""
    with transaction.atomic():
        going_on = Sync.objects.filter(source=source, state__in=OPEN_STATES, reason=Reason.CHECK, on=on).first()
        slot = f"{Reason.CHECK}:{timezone.now().isoformat()}"
        return going_on or _requested(source, reason=Reason.CHECK, by=by, slot=slot, on=on)


def _requested(
    source: Source,
    *,
    reason: str,
    by: Person | None,
    slot: str,
    full: bool = False,
    skip: Collection[str] = (),
    nightly: bool = False,
    on: date | None = None,
) -> Sync:
    sync, made = Sync.objects.get_or_create(
        source=source,
        slot=slot,
        defaults={
            "reason": reason,
            "requested_by": by,
            "requested_at": timezone.now(),
            "full": full,
            "skip": sorted(skip),
            "nightly": nightly,
            "on": on,
        },
    )
    if made:
        summary.tell_activity(source)
        transaction.on_commit(lambda: enqueue(sync))
    return sync


def _let_first(waiting: Sync) -> None:
    """A person asks for what waits already: its job moves to the queue where people's jobs start at once."""
    engine = jobs.engine()
    moves = engine is not None and engine.status(waiting.job_id) is jobs.JobState.QUEUED
    if engine is None or not moves or lanes.queue_of(waiting) is jobs.Queue.PEOPLE:
        return
    engine.cancel(waiting.job_id)
    waiting.goes_first = True
    waiting.attempt += 1  # the job's name: one that was cancelled never runs again
    waiting.save(update_fields=["goes_first", "attempt"])
    transaction.on_commit(lambda: enqueue(waiting))


def enqueue(sync: Sync) -> None:
    """Put a sync's job in the queue. Without an engine (the command line) it waits for the server's next start.

    Where the disk is too full it waits until there is room (`let_waiting_begin`).
    """
    engine = jobs.engine()
    if engine is None or disk_of(settings.TIEOUT).is_full:
        return
    if sync.reason == Reason.FILL:
        filling.enqueue(sync)
        return
    engine.enqueue(
        jobs.Job(
            id=sync.job_id,
            task="sync",
            partition=str(sync.source_id),
            queue=lanes.queue_of(sync),
            arguments={"sync_id": sync.pk},
        )
    )


def carry_out(sync: Sync) -> Iterator[Told]:
    """Run a sync that was asked for, then let its deferred streams fill in."""
    if sync.reason == Reason.CHECK:
        yield from run_check(sync)
        return
    yield from run(sync, options=options_of(sync))
    if sync.state in (SyncState.SUCCEEDED, SyncState.INCOMPLETE):
        request_fill(sync.source)


def cancel_sync(source: Source, by: Person | None) -> int:
    """Cancel what waits and stop what runs, filling in too; rows that have arrived stay. Returns how many it met."""
    now = timezone.now()
    met = 0
    for sync in Sync.objects.filter(source=source, state__in=OPEN_STATES):
        met += 1
        sync.cancel_requested_at, sync.cancelled_by = now, by
        sync.save(update_fields=["cancel_requested_at", "cancelled_by"])
        running.cancel(sync.pk)
        _take_out(sync, now)
    summary.tell_activity(source)
    return met


def _take_out(sync: Sync, now: datetime) -> None:
    """A sync that only waits ends at once; its job, if it starts all the same, finds it closed."""
    closed = Sync.objects.filter(pk=sync.pk, state=SyncState.QUEUED).update(state=SyncState.CANCELLED, finished_at=now)
    engine = jobs.engine()
    if closed and engine is not None:
        engine.cancel(sync.job_id)


def let_waiting_begin() -> int:
    """Put syncs in the queue that were asked for while the disk was full; returns how many."""
    engine = jobs.engine()
    if engine is None:
        return 0
    waiting = Sync.objects.filter(state__in=OPEN_STATES).exclude(reason=Reason.COMMAND)
    left = [sync for sync in waiting.select_related("source") if engine.status(sync.job_id) is None]
    for sync in left:
        enqueue(sync)
    return len(left)


def start_again(sync: Sync) -> None:
    """Take care of a sync whose job is gone. One of the command line has nobody to go on with it: it is closed."""
    if sync.reason == Reason.COMMAND:
        sync.state, sync.finished_at = SyncState.INCOMPLETE, timezone.now()
        sync.save(update_fields=["state", "finished_at"])
        summary.tell_activity(sync.source)
        return
    sync.attempt += 1
    sync.save(update_fields=["attempt"])
    enqueue(sync)


def request_due(*, now: datetime) -> list[Sync]:
    """Ask for a sync of every source whose time has come or was never set. Paused and withdrawn ones rest."""
    # Every workspace's: the clock serves all of them.
    rested = Source.objects.connected().filter(paused_at=None, approval_state=ApprovalState.APPROVED, activity="")
    due = rested.filter(Q(next_sync_at__lte=now) | Q(next_sync_at=None)).select_related("workspace")
    return [_request_by_clock(source, now=now) for source in due]


def _request_by_clock(source: Source, *, now: datetime) -> Sync:
    reason = Reason.SCHEDULE if source.first_sync_done_at else Reason.FIRST
    sync = request_sync(source, reason=reason, slot=slot_of(source.next_sync_at or now))
    source.next_sync_at = schedule.next_slot(source, after=now)
    source.save(update_fields=["next_sync_at"])
    return sync


def delete_data(source: Source) -> None:
    """Delete a source's data for good: rows, versions, history, spool, published copies, and the file rewritten.

    Stops what runs first and waits for it. Raises BusyError.
    """
    cancel_sync(source, None)
    with running.writing(source.pk):
        shared.withdraw(source.workspace)
        with warehouses.opened(source.workspace) as warehouse:
            warehouse.delete_source(str(source.pk))
        warehouses.drop_spool(source)
        with transaction.atomic():
            forget_syncs(source)
    overwrite_deleted()
    shared.share(source.workspace)


def forget_syncs(source: Source) -> None:
    """Delete what is known of a data source's syncs; in the caller's transaction."""
    Sync.objects.filter(source=source).delete()
    StreamState.objects.filter(source=source).delete()


def overwrite_deleted() -> None:
    """Empty SQLite's log, which still has what was deleted; in the file itself it is overwritten already."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("pragma wal_checkpoint(truncate)")
