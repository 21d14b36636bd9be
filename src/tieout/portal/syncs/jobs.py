"""Work for later, behind a thin port: enqueue, cancel, status, schedule, reap. One module implements it (durable.py).

The truth lies elsewhere: a job that is lost with jobs.db is asked for again by `schedule.adopt`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tieout.config import Settings


class Queue(StrEnum):
    """Lanes, so that what is long never stands before what is short.

    PEOPLE: somebody asked and waits. SYNCS: by the clock. LONG: first syncs and everything anew, hours perhaps.
    FILLS: deferred rows, one source at a time.
    """

    PEOPLE = "people"
    SYNCS = "syncs"
    LONG = "long"
    FILLS = "fills"


# How many of a lane run at once. They wait for the limit most of their time.
PARALLEL = {Queue.PEOPLE: 8, Queue.SYNCS: 4, Queue.LONG: 4, Queue.FILLS: 1}


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One call of a task. Of jobs with one `partition` never two run at once; enqueueing a known `id` changes nothing."""

    id: str
    task: str
    partition: str
    queue: Queue = Queue.SYNCS
    arguments: Mapping[str, Any] = field(default_factory=dict)  # JSON values only
    after_seconds: float = 0


class JobEngine(Protocol):
    """What may be asked of an engine for durable jobs. After a kill, jobs that ran start again from their beginning."""

    def enqueue(self, job: Job) -> None: ...

    def cancel(self, job_id: str) -> None:
        """Take a queued job out. One that runs goes on until its own `should_stop` says so."""

    def status(self, job_id: str) -> JobState | None: ...

    def schedule(self, name: str, *, cron: str, task: str) -> None:
        """Call a task by the clock (cron in UTC, six fields begin with seconds)."""

    def unschedule(self, name: str) -> None: ...

    def reap(self) -> int:
        """Take over what a dead process left running; returns how many."""

    def tidy(self, *, keep_days: int) -> int:
        """Forget jobs that finished longer ago; returns how many."""

    def close(self) -> None: ...


Task = Callable[..., None]
TASKS: dict[str, Task] = {}
_engine: JobEngine | None = None


def task(function: Task) -> Task:
    """Make a function callable as a job by its name. It must be safe to run twice."""
    TASKS[function.__name__] = function
    return function


def engine() -> JobEngine | None:
    """The engine of this process, or None where nothing runs in the background (the command line, most tests)."""
    return _engine


def use(other: JobEngine | None) -> None:
    """Put an engine in place, or none."""
    global _engine
    _engine = other


def start(settings: Settings) -> JobEngine:
    """Start the background work of this process: take up what was left, adopt what is queued, follow the schedule."""
    from tieout.portal.syncs import schedule, tasks  # noqa: F401 - registers the tasks
    from tieout.portal.syncs.durable import DurableJobs

    started = DurableJobs(settings.home / "jobs.db")
    use(started)
    started.reap()
    schedule.adopt()
    schedule.follow(started)
    return started


def stop() -> None:
    """Stop the background work. What runs is told to stop and taken up again by the next start."""
    from tieout.portal.syncs import running, warehouses

    running.stop_all()
    if _engine is not None:
        _engine.close()
    use(None)
    warehouses.close_all()
