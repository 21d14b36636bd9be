"""On a disk that is too full nothing new begins, everybody is told, and it goes on by itself when there is room."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.config import load
from tieout.portal.sources.models import Source
from tieout.portal.syncs import actions, jobs, tasks
from tieout.portal.syncs.models import Sync
from tieout.portal.upkeep import disk
from tieout.portal.upkeep.errors import UpkeepError


@pytest.fixture
def memory_jobs() -> MemoryJobs:
    engine = MemoryJobs()
    jobs.use(engine)
    yield engine  # type: ignore[misc]
    jobs.use(None)


@pytest.fixture
def full(settings: Settings) -> Settings:
    """Any disk is more than 0 % full."""
    settings.TIEOUT = replace(settings.TIEOUT, disk_percent=0)
    return settings


def make_room(settings: Settings) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, disk_percent=101)


def test_nothing_is_asked_for_by_the_clock_until_there_is_room(
    source: Source, memory_jobs: MemoryJobs, full: Settings
) -> None:
    Source.objects.update(next_sync_at=timezone.now() - timedelta(minutes=1))
    tasks.request_due()
    assert not Sync.objects.exists()
    make_room(full)
    tasks.request_due()
    assert Sync.objects.count() == 1


def test_what_a_person_asks_for_waits_and_begins_once_there_is_room(
    source: Source,
    memory_jobs: MemoryJobs,
    full: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sync = actions.request_sync(source, reason="person")
    assert memory_jobs.waiting == []
    make_room(full)
    assert actions.let_waiting_begin() == 1
    assert [job.id for job in memory_jobs.waiting] == [sync.job_id]
    assert actions.let_waiting_begin() == 0, "once is enough"


def test_every_page_says_so_while_it_lasts(reader_browser: Client, source: Source, full: Settings) -> None:
    assert "full, so new syncs wait" in reader_browser.get("/sources/").content.decode()
    make_room(full)
    assert "full, so new syncs wait" not in reader_browser.get("/sources/").content.decode()


def test_what_the_system_keeps_for_itself_counts_as_used(tmp_path: Path) -> None:
    found = disk.disk_of(load({"TIEOUT_HOME": str(tmp_path / "not" / "there" / "yet")}))
    assert 0 <= found.percent <= 100
    assert found.limit == 90


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UpkeepError, match="too little room"):
        disk.require_room(tmp_path / "copy", 1 << 60)
