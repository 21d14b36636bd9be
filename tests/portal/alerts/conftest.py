"""Mail that is set up, and jobs that the test runs itself."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.portal.syncs.conftest import _process_goes_on, memory_jobs

__all__ = ["_process_goes_on", "memory_jobs"]


@pytest.fixture(autouse=True)
def _mail_is_set(settings: Settings) -> None:
    settings.IS_MAIL_SET = True
