"""Whose job starts first, and whose requests go first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.portal.syncs.factories import NOW, make_sync
from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.connectors.base import Priority
from tieout.portal.sources.models import Source
from tieout.portal.syncs import actions
from tieout.portal.syncs.jobs import Queue
from tieout.portal.syncs.lanes import claim_of, queue_of
from tieout.portal.syncs.models import Reason, SyncState

pytestmark = pytest.mark.django_db(transaction=True)

KINDS: list[tuple[dict[str, Any], Queue, Priority]] = [
    ({"reason": Reason.PERSON}, Queue.PEOPLE, Priority.PERSON),
    ({"reason": Reason.RENEWAL}, Queue.PEOPLE, Priority.PERSON),
    ({"reason": Reason.CHECK}, Queue.PEOPLE, Priority.PERSON),
    ({"reason": Reason.SCHEDULE}, Queue.SYNCS, Priority.FRESH),
    ({"reason": Reason.SCHEDULE, "nightly": True}, Queue.SYNCS, Priority.HEAVY),
    ({"reason": Reason.SCHEDULE, "goes_first": True}, Queue.PEOPLE, Priority.PERSON),
    ({"reason": Reason.PERSON, "full": True}, Queue.PEOPLE, Priority.HEAVY),
    ({"reason": Reason.SCHEDULE, "full": True}, Queue.LONG, Priority.HEAVY),
    ({"reason": Reason.FILL}, Queue.FILLS, Priority.FILL),
]


@pytest.fixture
def old(source: Source) -> Source:
    """A source whose first sync is done."""
    source.first_sync_done_at = NOW - timedelta(days=9)
    source.save()
    return source


@pytest.mark.parametrize(("fields", "queue", "priority"), KINDS)
def test_each_kind_has_its_lane_and_its_claim(
    old: Source, fields: dict[str, Any], queue: Queue, priority: Priority
) -> None:
    sync = make_sync(old, state=SyncState.QUEUED, **fields)
    assert queue_of(sync) is queue
    assert claim_of(sync).priority is priority
    assert claim_of(sync).who == str(old.pk)


def test_what_reads_everything_for_the_first_time_takes_no_turn_from_what_keeps_others_fresh(source: Source) -> None:
    source.first_sync_done_at = None
    source.save()
    first = make_sync(source, state=SyncState.QUEUED, reason=Reason.FIRST)
    asked_for = make_sync(source, state=SyncState.QUEUED, reason=Reason.PERSON, slot="asked for")
    assert (queue_of(first), claim_of(first).priority) == (Queue.LONG, Priority.HEAVY)
    assert (queue_of(asked_for), claim_of(asked_for).priority) == (Queue.PEOPLE, Priority.HEAVY)


def test_behind_a_running_sync_of_its_own_source_nobody_keeps_a_place_of_another_lane_busy(source: Source) -> None:
    make_sync(source, state=SyncState.RUNNING, reason=Reason.FIRST)
    make_sync(source, state=SyncState.RUNNING, reason=Reason.FILL, slot="fill")
    assert queue_of(make_sync(source, state=SyncState.QUEUED, reason=Reason.PERSON, slot="mine")) is Queue.LONG


def test_what_waits_by_the_clock_goes_first_as_soon_as_a_person_asks_for_it(
    old: Source, memory_jobs: MemoryJobs
) -> None:
    by_clock = actions.request_sync(old, reason=Reason.SCHEDULE)
    assert [job.queue for job in memory_jobs.waiting] == [Queue.SYNCS]
    assert actions.request_sync(old, reason=Reason.PERSON) == by_clock
    assert [job.queue for job in memory_jobs.waiting] == [Queue.PEOPLE]
    assert memory_jobs.waiting[0].arguments == {"sync_id": by_clock.pk}
    actions.request_sync(old, reason=Reason.PERSON)
    assert len(memory_jobs.jobs) == 2


def test_a_person_asks_for_what_is_new_and_not_for_the_nights_check(old: Source, memory_jobs: MemoryJobs) -> None:
    assert not actions.request_sync(old, reason=Reason.PERSON).nightly
