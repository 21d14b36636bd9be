"""kill -9 in the middle of a first sync: the next one ends with the same tables as an undisturbed one."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector
from tieout.warehouse.base import Outcome, Verdict

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize("event", [7, 31, 52])
def test_killed_at_an_event_the_next_sync_ends_as_if_nothing_had_happened(event: int, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    folder.mkdir()
    program = [sys.executable, "-m", "tests.sync.killed", str(folder), str(event)]
    assert subprocess.run(program, cwd=PROJECT, check=False).returncode == -signal.SIGKILL
    killed = Bench(folder, LedgerConnector(), published=True)
    finished = killed.sync()
    undisturbed = Bench(tmp_path / "undisturbed", LedgerConnector())
    undisturbed.sync()
    assert finished.outcome is Outcome.SUCCEEDED
    assert killed.tables() == undisturbed.tables()
    assert killed.tied.verdict is Verdict.PROVED
    assert [sync.outcome for sync in killed.store.syncs()] == [Outcome.SUCCEEDED, Outcome.INTERRUPTED]
    with duckdb.connect(str(folder / "published" / "published.duckdb"), read_only=True) as reader:
        told = reader.execute("select count(*) from raw_ledger_toy.postings").fetchone()
    assert told == (len(undisturbed.table("postings")),)


def test_what_was_committed_before_the_kill_is_not_asked_again(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "tests.sync.killed", str(tmp_path), "60"]
    subprocess.run(program, cwd=PROJECT, check=False)
    killed = Bench(tmp_path, LedgerConnector(), published=True)
    before = killed.store.count("postings")
    assert before > 0
    killed.sync()
    windows = [ask.window for ask in killed.system.asked if ask.stream.name == "postings" and ask.window]
    assert len(windows) < 5
