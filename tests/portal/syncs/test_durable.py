"""The job engine keeps its promises: once per id, one at a time per partition, nothing lost to kill -9."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tieout.portal.syncs import jobs
from tieout.portal.syncs.durable import DurableJobs
from tieout.portal.syncs.jobs import Job, JobState, Queue

PROCESS = Path(__file__).with_name("engine_process.py")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DurableJobs]:
    started = DurableJobs(tmp_path_factory.mktemp("jobs") / "jobs.db")
    yield started
    started.close()


@pytest.fixture
def task(request: pytest.FixtureRequest) -> Iterator[Callable[[Callable[..., None]], str]]:
    """Register a function as a task under a name of its own."""
    names = []

    def register(function: Callable[..., None]) -> str:
        names.append(f"{request.node.name}_{len(names)}")
        jobs.TASKS[names[-1]] = function
        return names[-1]

    yield register
    for name in names:
        del jobs.TASKS[name]


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_the_same_id_runs_once(engine: DurableJobs, task: Callable[..., str]) -> None:
    ran: list[int] = []
    name = task(lambda: ran.append(1))
    for _ in range(3):
        engine.enqueue(Job(id="once", task=name, partition="A"))
    wait_for(lambda: engine.status("once") is JobState.DONE)
    engine.enqueue(Job(id="once", task=name, partition="A"))
    assert engine.status("once") is JobState.DONE
    assert ran == [1]


def test_two_jobs_of_one_source_never_run_at_once_and_other_sources_do(
    engine: DurableJobs, task: Callable[..., str]
) -> None:
    inside: list[str] = []
    overlaps: list[str] = []
    met = threading.Barrier(2, timeout=15)

    def work(*, source: str, meet: bool) -> None:
        if source in inside:
            overlaps.append(source)
        inside.append(source)
        if meet:
            met.wait()  # only passes when the two sources run at the same time
        inside.remove(source)

    name = task(work)
    for number in range(3):
        for source in ("A", "B"):
            arguments = {"source": source, "meet": number == 0}
            engine.enqueue(Job(id=f"two-{source}{number}", task=name, partition=source, arguments=arguments))
    wait_for(lambda: all(engine.status(f"two-{source}2") is JobState.DONE for source in "AB"))
    assert overlaps == []
    assert not met.broken


def test_a_queued_job_can_be_cancelled_and_a_running_one_goes_on(engine: DurableJobs, task: Callable[..., str]) -> None:
    release, ran = threading.Event(), []

    def work(*, name: str) -> None:
        ran.append(name)
        release.wait(15)

    name = task(work)
    for job in ("running", "waiting"):
        engine.enqueue(Job(id=job, task=name, partition="C", arguments={"name": job}))
    wait_for(lambda: ran == ["running"])
    engine.cancel("waiting")
    engine.cancel("running")
    assert engine.status("waiting") is JobState.CANCELLED
    assert engine.status("running") is JobState.RUNNING
    release.set()
    wait_for(lambda: engine.status("running") is JobState.DONE)
    assert ran == ["running"]


def test_filling_in_does_not_take_the_place_of_syncs(engine: DurableJobs, task: Callable[..., str]) -> None:
    release, synced = threading.Event(), threading.Event()
    fills = task(lambda: not release.wait(15) or None)
    syncs = task(synced.set)
    for number in range(8):
        engine.enqueue(Job(id=f"fill{number}", task=fills, partition=f"F{number}", queue=Queue.FILLS))
    engine.enqueue(Job(id="sync beside fills", task=syncs, partition="S"))
    assert synced.wait(15)
    release.set()
    wait_for(lambda: engine.status("fill7") is JobState.DONE)


def test_a_job_that_fails_is_told_so_and_the_next_one_runs(engine: DurableJobs, task: Callable[..., str]) -> None:
    ran = threading.Event()

    def fail() -> None:
        raise ValueError("fixture")

    engine.enqueue(Job(id="failing", task=task(fail), partition="D"))
    engine.enqueue(Job(id="after it", task=task(ran.set), partition="D"))
    assert ran.wait(15)
    wait_for(lambda: engine.status("failing") is JobState.FAILED)


def test_the_clock_calls_a_task(engine: DurableJobs, task: Callable[..., str]) -> None:
    ticked = threading.Event()
    engine.schedule("every second", cron="* * * * * *", task=task(ticked.set))
    assert ticked.wait(15)
    engine.unschedule("every second")


def test_finished_jobs_are_forgotten_after_their_days_and_not_before(
    engine: DurableJobs, task: Callable[..., str]
) -> None:
    engine.enqueue(Job(id="old", task=task(lambda: None), partition="E"))
    wait_for(lambda: engine.status("old") is JobState.DONE)
    engine.tidy(keep_days=14)
    assert engine.status("old") is JobState.DONE
    engine.tidy(keep_days=0)
    assert engine.status("old") is None


@pytest.mark.parametrize("die_at", [4])
def test_a_job_killed_at_any_step_is_taken_up_by_the_next_start(tmp_path: Path, die_at: int) -> None:
    database, log = tmp_path / "jobs.db", tmp_path / "log"
    command = [sys.executable, str(PROCESS), str(database), str(log)]
    assert subprocess.run([*command, str(die_at)], timeout=60, check=False).returncode == -signal.SIGKILL
    assert log.read_text().split() == [f"one:{step}" for step in range(die_at + 1)]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0
    assert log.read_text().split() == [f"one:{step}" for step in range(10)]


def test_jobs_are_stored_as_json_in_a_file_of_their_own_in_wal(engine: DurableJobs, task: Callable[..., str]) -> None:
    engine.enqueue(Job(id="stored", task=task(lambda **_: None), partition="G", arguments={"sync_id": 7}))
    wait_for(lambda: engine.status("stored") is JobState.DONE)
    with sqlite3.connect(engine.path) as database:
        assert database.execute("pragma journal_mode").fetchone() == ("wal",)
        everything = "\n".join(database.iterdump())
    assert '"sync_id":7' in everything.replace(" ", "")
    assert "pickle" not in everything


def test_a_task_may_ask_how_jobs_stand(engine: DurableJobs, task: Callable[..., str]) -> None:
    seen: list[JobState | None] = []
    name = task(lambda: seen.extend([engine.status("asking"), engine.status("nobody")]))
    engine.enqueue(Job(id="asking", task=name, partition="A"))
    wait_for(lambda: engine.status("asking") is JobState.DONE)
    assert seen == [JobState.RUNNING, None]
