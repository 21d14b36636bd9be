from __future__ import annotations

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def _retries_without_waiting() -> Iterator[None]:
    """All retries happen, at once."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield
