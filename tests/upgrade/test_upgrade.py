"""From each released version, in mid-sync: the stores are moved on and the sync that was cut off comes to its end."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tieout.portal.upkeep.versions import known_jobs_version
from tieout.warehouse.duckdb.file import steps

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RELEASES = sorted(path.stem for path in HERE.glob("v*.json"))


def run(module: str, *words: str) -> None:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
    done = subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=ours, timeout=120, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("release", RELEASES)
def test_an_installation_of_a_release_goes_on_with_its_sync(tmp_path: Path, release: str) -> None:
    home = tmp_path / "home"
    run("tests.upgrade.older", str(home), release)
    run("tests.portal.syncs.sync_process", str(home))
    with closing(sqlite3.connect(home / "app.db")) as portal:
        assert portal.execute("select state, attempt > 1 from syncs_sync where reason = 'first'").fetchall() == [
            ("succeeded", 1)
        ]
    with duckdb.connect(str(home / "warehouse" / "fixture.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select max(version) from tieout.schema_version").fetchone() == (len(steps()),)
        assert warehouse.execute("select outcome from tieout.syncs where id = 1").fetchone() == ("interrupted",)
        assert warehouse.execute("select count(*) from raw_toy.bookings").fetchone() == (20,)


@pytest.mark.parametrize("release", RELEASES)
def test_no_store_of_a_release_is_newer_than_this_program(release: str) -> None:
    stood = json.loads((HERE / f"{release}.json").read_text())
    assert stood["jobs"] <= known_jobs_version()
    assert stood["warehouse"] <= len(steps())
