"""When sources sync by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.portal.conftest import make_source
from tests.portal.syncs.factories import make_sync
from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.syncs import rhythm, schedule
from tieout.portal.syncs.models import Reason, SyncState
from tieout.portal.workspaces.models import Workspace

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def test_one_thorough_sync_a_night_after_the_sources_own_moment(source: Source) -> None:
    moment = rhythm.last_night(str(source.pk), NOON)
    make_sync(source, nightly=True, at=moment - timedelta(days=1) + timedelta(minutes=3))
    assert not schedule.is_nightly_due(source, now=moment - timedelta(minutes=1))
    assert schedule.is_nightly_due(source, now=moment)
    make_sync(source, nightly=True, at=moment, state=SyncState.INCOMPLETE)
    assert schedule.is_nightly_due(source, now=moment + timedelta(minutes=20))
    make_sync(source, nightly=True, at=moment + timedelta(minutes=20))
    assert not schedule.is_nightly_due(source, now=moment + timedelta(minutes=40))


def test_a_night_that_was_missed_is_made_up_for_by_day_only_when_the_last_one_is_long_ago(source: Source) -> None:
    assert schedule.is_nightly_due(source, now=NOON)  # none ever was
    make_sync(source, nightly=True, at=NOON - timedelta(hours=29))
    assert not schedule.is_nightly_due(source, now=NOON)
    assert schedule.is_nightly_due(source, now=NOON + timedelta(hours=2))


def test_first_sync_is_thorough_enough_for_its_night(source: Source) -> None:
    make_sync(source, reason=Reason.FIRST, at=NOON - timedelta(hours=1))
    assert not schedule.is_nightly_due(source, now=NOON)


def test_due_sources_are_asked_for_once_per_slot(workspace: Workspace, memory_jobs: MemoryJobs) -> None:
    from tieout.portal.syncs import actions

    due = make_source(workspace, next_sync_at=NOON - timedelta(minutes=3), first_sync_done_at=NOON)
    make_source(workspace, "Later", "910000012", next_sync_at=NOON + timedelta(minutes=3))
    make_source(workspace, "Paused", "910000020", next_sync_at=NOON, paused_at=NOON)
    make_source(workspace, "Withdrawn", "910000039", next_sync_at=NOON, approval_state=ApprovalState.WITHDRAWN)
    make_source(workspace, "Removed", "910000047", next_sync_at=NOON, removed_at=NOON)
    asked = actions.request_due(now=NOON)
    assert [sync.source for sync in asked] == [due]
    assert asked[0].slot == "2026-11-19T11:57Z"
    assert actions.request_due(now=NOON) == []
    due.refresh_from_db()
    assert due.next_sync_at is not None
    assert due.next_sync_at > NOON


def test_a_source_that_was_never_asked_for_gets_its_first_sync_by_the_clock(workspace: Workspace) -> None:
    from tieout.portal.syncs import actions

    make_source(workspace)
    (sync,) = actions.request_due(now=NOON)
    assert sync.reason == Reason.FIRST


def test_clock_calls_what_it_must(memory_jobs: MemoryJobs) -> None:
    schedule.follow(memory_jobs)
    called = {"request_due", "check_candidates", "connect_clients", "tidy", "watch_alerts", "tidy_alerts"}
    assert set(memory_jobs.schedules.values()) == called


@pytest.mark.django_db(transaction=True)
def test_what_waits_without_a_job_gets_one_at_the_next_start(source: Source, memory_jobs: MemoryJobs) -> None:
    lost = make_sync(source, state=SyncState.QUEUED, finished_at=None, slot="lost")
    interrupted = make_sync(source, state=SyncState.RUNNING, finished_at=None, slot="interrupted")
    by_command = make_sync(source, state=SyncState.RUNNING, finished_at=None, slot="command", reason=Reason.COMMAND)
    make_sync(source, slot="done")
    assert schedule.adopt() == 3
    assert [job.arguments["sync_id"] for job in memory_jobs.waiting] == [interrupted.pk, lost.pk]
    by_command.refresh_from_db()
    assert by_command.state == SyncState.INCOMPLETE


@pytest.mark.django_db(transaction=True)
def test_what_has_its_job_is_left_alone(source: Source, memory_jobs: MemoryJobs) -> None:
    from tieout.portal.syncs import actions

    actions.request_sync(source, reason=Reason.PERSON)
    assert schedule.adopt() == 0
    assert len(memory_jobs.waiting) == 1
