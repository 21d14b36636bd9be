"""kill -9 in the middle of a sync: the next one ends with the same tables as an undisturbed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.sync.bench import Bench
from tests.sync.kill_sweep import PROJECT, sweep
from tests.sync.killed import event_folder
from tests.sync.ledger_system import LedgerConnector


@pytest.mark.parametrize("books", ["first", "later"])
def test_killed_at_any_event_the_next_sync_ends_as_if_nothing_had_happened(books: str, tmp_path: Path) -> None:
    """Every tenth event here; `make seeds` kills at each."""
    swept = sweep(tmp_path, books, every=10, first=7)
    assert swept.found == []
    assert swept.killed >= 5


def test_what_was_committed_before_the_kill_is_not_asked_again(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.sync.killed", str(tmp_path), "first", "60"]
    subprocess.run(program, cwd=PROJECT, check=False)
    killed = Bench(tmp_path / event_folder(60), LedgerConnector(), published=True)
    before = killed.store.count("postings")
    assert before > 0
    killed.sync()
    windows = [ask.window for ask in killed.system.asked if ask.stream.name == "postings" and ask.window]
    assert len(windows) < 5
