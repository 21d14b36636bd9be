"""The drill: a backup while a sync runs, the server ended in the middle of it, all put back elsewhere, and proved there."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb

from tests.programs import Installation
from tests.simulators import running_simulator

PATIENCE = 90


@contextmanager
def busy(installation: Installation, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A server that syncs; killed at the end unless it has ended."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.portal.upkeep.busy_server", *words],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert any("ready" in line for line in server.stdout)
        yield server
    finally:
        server.kill()
        server.wait()


def syncs(home: Path) -> list[tuple[str, int, str, int]]:
    with closing(sqlite3.connect(home / "app.db")) as portal:
        sql = "select state, requests, verdict, attempt from syncs_sync where reason <> 'fill' order by id"
        return list(portal.execute(sql).fetchall())


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)


def rows(home: Path) -> int:
    with duckdb.connect(str(home / "warehouse" / "fixture.duckdb"), read_only=True) as warehouse:
        found = warehouse.execute("select count(*) from raw_poweroffice.account_transactions").fetchone()
    assert found is not None
    return int(found[0])


def test_what_was_backed_up_in_mid_sync_goes_on_elsewhere_and_is_proved(tmp_path: Path) -> None:
    with running_simulator(size="tiny", throttle=False, thread=True) as simulator:
        company = simulator.company()
        here, there = Installation(tmp_path / "here", simulator.url), Installation(tmp_path / "there", simulator.url)
        with busy(here, company["client_key"]) as server:
            wait_until(lambda: any(requests >= 12 for _, requests, _, _ in syncs(here.home)))
            told = json.loads(here.run("backup", str(tmp_path / "copy"), "--json").stdout)
            assert [state for state, *_ in syncs(here.home)] == ["running"]
            began = time.monotonic()
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=30) == 0
            assert time.monotonic() - began < 30
        assert [(state, attempt) for state, _, _, attempt in syncs(here.home)] == [("queued", 2)]

        assert {"app.db", "jobs.db", "limits.db", "warehouse/fixture.duckdb"} == {one["path"] for one in told["files"]}
        assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
        _, key = (here.home / "secret.key").read_text().split()
        assert not any(key.encode() in path.read_bytes() for path in files(tmp_path / "copy"))

        there.home.mkdir()
        shutil.copy(here.home / "secret.key", there.home)
        there.run("restore", str(tmp_path / "copy"))
        with busy(there):
            wait_until(lambda: [state for state, *_ in syncs(there.home)] == ["succeeded"])
        assert [verdict for _, _, verdict, _ in syncs(there.home)] == ["proved"]
        assert rows(there.home) == simulator.truth_counts(company["organisation_number"])["AccountTransactions"]
        assert (logged(here.home), logged(there.home)) == ({"backup_made"}, {"backup_restored"})
        again = there.run("restore", str(tmp_path / "copy"), code=2)
        assert "not empty" in again.stderr


def logged(home: Path) -> set[str]:
    """What the audit log says of backups."""
    with closing(sqlite3.connect(home / "app.db")) as store:
        found = store.execute("SELECT kind FROM audits_entry WHERE kind LIKE 'backup%'").fetchall()
    return {str(kind) for (kind,) in found}


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
