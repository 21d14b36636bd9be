"""A process with durable jobs, to be killed: engine_process.py JOBS_DB LOG [die-at-step]. Writes a line for each step."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tieout.portal.syncs import jobs
from tieout.portal.syncs.durable import DurableJobs

DATABASE, LOG = Path(sys.argv[1]), Path(sys.argv[2])
DIE_AT = int(sys.argv[3]) if len(sys.argv) > 3 else None
STEPS = 10


def lines() -> list[str]:
    return LOG.read_text().split() if LOG.exists() else []


@jobs.task
def count_up(*, name: str) -> None:
    """Ten steps, each stored before the next begins: like a sync, it asks what is stored where it stands."""
    done = sum(line.startswith(f"{name}:") for line in lines())
    for step in range(done, STEPS):
        with LOG.open("a") as log:
            log.write(f"{name}:{step}\n")
        if step == DIE_AT:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    engine = DurableJobs(DATABASE)
    engine.reap()
    if DIE_AT is not None:
        engine.enqueue(jobs.Job(id="one", task="count_up", partition="A", arguments={"name": "one"}))
    deadline = time.monotonic() + 30
    while engine.status("one") is not jobs.JobState.DONE and time.monotonic() < deadline:
        time.sleep(0.05)
    os._exit(0 if engine.status("one") is jobs.JobState.DONE else 1)
