"""`tieout doctor` and `tieout probe`, as a script runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators import Simulator, running_simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with running_simulator(thread=True, throttle=False, now=None) as running:
        yield running


def tieout(simulator: Simulator, home: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TIEOUT_HOME": str(home), "TIEOUT_POWEROFFICE_URL": simulator.url, **given}
    command = [sys.executable, "-m", "tieout.cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_doctor_tells_what_is_wrong_by_its_exit_code(simulator: Simulator, tmp_path: Path) -> None:
    refused = tieout(simulator, tmp_path, "doctor", "--json", TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY="a-wrong-key")
    told = {finding["subject"]: finding for finding in map(json.loads, refused.stdout.splitlines())}
    assert (refused.returncode, told["Subscription key"]["state"]) == (2, "wrong")
    assert "a-wrong-key" not in refused.stdout + refused.stderr
    plain = tieout(simulator, tmp_path, "doctor", TIEOUT_PUBLIC_URL="http://books.example.com")
    assert (plain.returncode, "refuses to start" in plain.stdout) == (2, True)


def test_a_probe_leaves_a_report(simulator: Simulator, tmp_path: Path) -> None:
    company, key = simulator.company(), tmp_path / "key"
    key.write_text(company["client_key"])
    tieout(simulator, tmp_path / "home", "source", "add", "poweroffice", "--client-key-file", str(key))
    done = tieout(
        simulator, tmp_path / "home", "probe", "--source", company["organisation_number"], "--to", str(tmp_path)
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "probe.json").read_text())
    assert report["requests"] <= 60
    assert done.stdout == (tmp_path / "probe.md").read_text()
