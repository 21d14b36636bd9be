"""The port of jobs in memory: what is enqueued waits until the test runs it."""

from __future__ import annotations

from tieout.portal.syncs import tasks  # noqa: F401 - registers the tasks
from tieout.portal.syncs.jobs import TASKS, Job, JobState


class MemoryJobs:
    """`JobEngine` without threads or files."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.states: dict[str, JobState] = {}
        self.schedules: dict[str, str] = {}

    def enqueue(self, job: Job) -> None:
        if job.id not in self.jobs:
            self.jobs[job.id] = job
            self.states[job.id] = JobState.QUEUED

    def cancel(self, job_id: str) -> None:
        if self.states.get(job_id) is JobState.QUEUED:
            self.states[job_id] = JobState.CANCELLED

    def status(self, job_id: str) -> JobState | None:
        return self.states.get(job_id)

    def schedule(self, name: str, *, cron: str, task: str) -> None:
        self.schedules[name] = task

    def unschedule(self, name: str) -> None:
        del self.schedules[name]

    def reap(self) -> int:
        return 0

    def tidy(self, *, keep_days: int) -> int:
        return 0

    def close(self) -> None: ...

    @property
    def waiting(self) -> list[Job]:
        return [job for job in self.jobs.values() if self.states[job.id] is JobState.QUEUED]

    def run_next(self) -> Job:
        """Run the first job that waits."""
        job = self.waiting[0]
        self.states[job.id] = JobState.RUNNING
        TASKS[job.task](**job.arguments)
        self.states[job.id] = JobState.DONE
        return job

    def run_all(self, *, most: int = 50) -> list[Job]:
        """Run what waits, and what that enqueues, until nothing is left."""
        done = []
        while self.waiting:
            assert len(done) < most, "jobs never come to an end"
            done.append(self.run_next())
        return done
