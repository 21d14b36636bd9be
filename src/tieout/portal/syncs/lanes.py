"""Who goes first: the queue that a sync's job waits in, and its claim on the limit that companies share."""

from __future__ import annotations

from tieout.connectors.base import Claim, Priority
from tieout.portal.syncs.jobs import Queue
from tieout.portal.syncs.models import Reason, Sync, SyncState

BY_PEOPLE = (Reason.PERSON, Reason.RENEWAL, Reason.CHECK)


def queue_of(sync: Sync) -> Queue:
    """A sync waits among its like; behind one of the same source that runs it waits there, and keeps no place busy."""
    ahead = Sync.objects.filter(source=sync.source_id, state=SyncState.RUNNING).exclude(pk=sync.pk)
    runs = ahead.exclude(reason__in=(Reason.FILL, Reason.COMMAND)).first()
    return _lane(runs or sync)


def claim_of(sync: Sync) -> Claim:
    """What a sync asks turns for."""
    return Claim(str(sync.source_id), _priority(sync))


def is_heavy(sync: Sync) -> bool:
    """Whether a sync reads much: all there is, or a night's check."""
    return sync.full or sync.nightly or sync.source.first_sync_done_at is None


def _lane(sync: Sync) -> Queue:
    if sync.reason == Reason.FILL:
        return Queue.FILLS
    if sync.goes_first or sync.reason in BY_PEOPLE:
        return Queue.PEOPLE
    return Queue.LONG if sync.full or sync.reason == Reason.FIRST else Queue.SYNCS


def _priority(sync: Sync) -> Priority:
    if sync.reason == Reason.FILL:
        return Priority.FILL
    if is_heavy(sync):
        return Priority.HEAVY
    return Priority.PERSON if sync.goes_first or sync.reason in BY_PEOPLE else Priority.FRESH
