"""Filling in deferred streams (a request per invoice): in chunks, one source at a time, with what the limit leaves over."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.syncs import jobs, perform, running
from tieout.portal.syncs.models import OPEN_STATES, Reason, StreamState, Sync, SyncState
from tieout.portal.upkeep.disk import disk_of
from tieout.sync.events import SyncFinished
from tieout.sync.run import Deferred, Options
from tieout.warehouse.base import Outcome

OTHERS_FIRST_SECONDS = 5


def request_fill(source: Source) -> Sync | None:
    """Let a source's deferred streams fill in, if any rows are still to come."""
    if not (is_filling(source) and _may_fill(source)):
        return None
    now = timezone.now()
    with transaction.atomic():
        sync = Sync.objects.filter(source=source, reason=Reason.FILL, state__in=OPEN_STATES).first()
        if sync is None:
            sync = Sync.objects.create(
                source=source, reason=Reason.FILL, slot=f"{Reason.FILL}:{now.isoformat()}", requested_at=now
            )
        transaction.on_commit(lambda: enqueue(sync))
    return sync


def is_filling(source: Source) -> bool:
    """Whether deferred rows are still to come."""
    return any(state.is_filling for state in StreamState.objects.filter(source=source, is_deferred=True))


def fill_chunk(sync: Sync) -> None:
    """Bring one chunk, then give the turn to other sources. A sync of the same source goes before.

    Other companies' syncs need no more than that: the limit gives fills only what nobody else wants.
    """
    source = sync.source
    if perform.is_cancelled(sync) or not _may_fill(source):
        _close(sync, SyncState.CANCELLED)
    elif _is_wanted(source):
        _next_chunk(sync, after_seconds=OTHERS_FIRST_SECONDS)
    else:
        _bring(sync)


def _bring(sync: Sync) -> None:
    left_before = _left(sync.source)
    switch = running.StopSwitch(sync.pk, lambda: perform.is_cancelled(sync) or _is_wanted(sync.source))
    options = Options(deferred=Deferred.ONLY, budget=settings.FILL_CHUNK_REQUESTS)
    finished = None
    for event in perform.run(sync, options=options, should_stop=switch):
        finished = event if isinstance(event, SyncFinished) else finished
    if running.is_ending() or finished is None or perform.is_cancelled(sync) or not is_filling(sync.source):
        return
    gave_way = finished.outcome == Outcome.CANCELLED
    came_on = finished.outcome == Outcome.SUCCEEDED and _left(sync.source) < left_before
    if gave_way or came_on:  # else the next sync by the schedule asks again
        _next_chunk(sync, after_seconds=OTHERS_FIRST_SECONDS if gave_way else 0)


def enqueue(sync: Sync, *, after_seconds: float = 0) -> None:
    """Put the job of a fill's present chunk in the queue; on a disk that is too full it waits as syncs do."""
    engine = jobs.engine()
    if engine is not None and not disk_of(settings.TIEOUT).is_full:
        engine.enqueue(
            jobs.Job(
                id=sync.job_id,
                task="fill",
                partition=str(sync.source_id),
                queue=jobs.Queue.FILLS,
                arguments={"sync_id": sync.pk},
                after_seconds=after_seconds,
            )
        )


def _next_chunk(sync: Sync, *, after_seconds: float) -> None:
    sync.state, sync.finished_at, sync.fault = SyncState.RUNNING, None, ""
    sync.chunk += 1
    sync.save(update_fields=["state", "finished_at", "fault", "chunk"])
    enqueue(sync, after_seconds=after_seconds)


def _close(sync: Sync, state: SyncState) -> None:
    Sync.objects.filter(pk=sync.pk).update(state=state, finished_at=timezone.now())


def _may_fill(source: Source) -> bool:
    fresh = Source.objects.connected().filter(pk=source.pk, paused_at=None, approval_state=ApprovalState.APPROVED)
    return fresh.exists()


def _is_wanted(source: Source) -> bool:
    """Whether a sync of the source waits or runs: one writes at a time."""
    return Sync.objects.filter(source=source, state__in=OPEN_STATES).exclude(reason=Reason.FILL).exists()


def _left(source: Source) -> int:
    states = StreamState.objects.filter(source=source, is_deferred=True)
    return sum(max(0, (state.requests_planned or 0) - state.requests_done) for state in states)
