"""Durable jobs by DBOS on a SQLite file of its own. The only module that knows DBOS.

One process owns the file, under one executor id, so that its next start takes up what a kill left running.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID
from dbos import DBOSPortableJSONSerializer as JsonSerializer

from tieout.portal.syncs.jobs import PARALLEL, TASKS, Job, JobState, Queue

# Ours, not a hash of the code: a hash would orphan running syncs at each upgrade. Raise it when `perform` changes its steps.
VERSION = "1"
EXECUTOR = "tieout"
POLL_SECONDS = 0.5
CLOSE_SECONDS = 20

STATES = {
    "ENQUEUED": JobState.QUEUED,
    "DELAYED": JobState.QUEUED,
    "PENDING": JobState.RUNNING,
    "SUCCESS": JobState.DONE,
    "CANCELLED": JobState.CANCELLED,
}
TICK = "tick"
FINISHED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


@DBOS.workflow(name="perform")
def perform(task: str, arguments: dict[str, Any]) -> None:
    """One job. It has no steps of DBOS: the task asks the warehouse where it stands."""
    TASKS[task](**arguments)


@DBOS.workflow(name=TICK)
def tick(at: datetime, task: str) -> None:
    """One call by the clock."""
    TASKS[task]()


class DurableJobs:
    """`JobEngine` on the SQLite file `path`. Never two on one file: the second would take over the first one's jobs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _write_ahead(path)
        DBOS(config=_config(path))
        DBOS.launch()
        for queue, parallel in PARALLEL.items():
            DBOS.register_queue(
                queue,
                worker_concurrency=parallel,
                partition_concurrency=1,
                polling_interval_sec=POLL_SECONDS,
                on_conflict="always_update",
            )

    def enqueue(self, job: Job) -> None:
        options = SetEnqueueOptions(queue_partition_key=job.partition, delay_seconds=job.after_seconds or None)
        with SetWorkflowID(job.id), options:
            DBOS.enqueue_workflow(job.queue, perform, job.task, dict(job.arguments))

    def cancel(self, job_id: str) -> None:
        # DBOS marks a running one as cancelled while its function goes on, which would let the next one of the
        # partition in beside it. So only what waits is cancelled here.
        if self.status(job_id) is JobState.QUEUED:
            DBOS.cancel_workflow(job_id)

    def status(self, job_id: str) -> JobState | None:
        # Outside of any workflow: from within one DBOS would keep the answer as a step of it, which it can't write down.
        found = Context().run(DBOS.get_workflow_status, job_id)
        return None if found is None else STATES.get(found.status, JobState.FAILED)

    def schedule(self, name: str, *, cron: str, task: str) -> None:
        DBOS.apply_schedules(
            [
                {
                    "schedule_name": name,
                    "workflow_fn": tick,
                    "schedule": cron,
                    "context": task,
                    "automatic_backfill": False,
                }
            ]
        )

    def unschedule(self, name: str) -> None:
        DBOS.delete_schedule(name)

    def reap(self) -> int:
        # Our own executor's jobs DBOS takes up at launch; these were left under another name or version.
        left = [
            status.workflow_id
            for status in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
            if status.executor_id != EXECUTOR or status.app_version != VERSION
        ]
        for workflow_id in left:
            DBOS.resume_workflow(workflow_id, queue_name=Queue.SYNCS)
        return len(left)

    def tidy(self, *, keep_days: int) -> int:
        old = _finished(before=datetime.now(UTC) - timedelta(days=keep_days))
        # Calls by the clock are many and say nothing afterwards: a day is enough.
        ticks = _finished(before=datetime.now(UTC) - timedelta(days=min(1, keep_days)), name=TICK)
        DBOS.delete_workflows(sorted({*old, *ticks}))
        return len({*old, *ticks})

    def close(self) -> None:
        DBOS.destroy(workflow_completion_timeout_sec=CLOSE_SECONDS)


def _finished(*, before: datetime, name: str | None = None) -> list[str]:
    found = DBOS.list_workflows(
        status=FINISHED, completed_before=before.isoformat(), name=name, load_input=False, load_output=False
    )
    return [status.workflow_id for status in found]


def _config(path: Path) -> DBOSConfig:
    return {
        "name": "tieout",
        "system_database_url": f"sqlite:///{path}",
        "executor_id": EXECUTOR,
        "application_version": VERSION,
        "serializer": JsonSerializer(),  # the default is pickle: who can write the file could run code
        "log_level": "ERROR",
        "scheduler_polling_interval_sec": 2.0,
        "max_executor_threads": 32,
    }


def _write_ahead(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma journal_mode = wal")
    path.chmod(0o600)
