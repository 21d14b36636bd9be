"""Jobs that the test runs itself, and a process that is not about to end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal.syncs.memory_jobs import MemoryJobs
from tieout.portal.syncs import jobs, running


@pytest.fixture(autouse=True)
def _process_goes_on() -> Iterator[None]:
    running.begin_again()
    yield
    running.begin_again()


@pytest.fixture
def memory_jobs() -> Iterator[MemoryJobs]:
    engine = MemoryJobs()
    jobs.use(engine)
    yield engine
    jobs.use(None)
