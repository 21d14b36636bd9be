"""Workbenches with the two toys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector
from tests.toy import ToyConnector


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Members and bookings: no proof but counts."""
    return Bench(tmp_path, ToyConnector())


@pytest.fixture
def ledger(tmp_path: Path) -> Bench:
    """Three years of books with a trial balance."""
    return Bench(tmp_path, LedgerConnector())
