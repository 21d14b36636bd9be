"""`tieout doctor` and `tieout probe`: what scripts get of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.programs import Installation
from tests.simulators import running_simulator
from tieout.cli import first_contact
from tieout.cli.exit_codes import ExitCode, Failure
from tieout.config import load
from tieout.connectors.first_contact import Answered, Probed


def test_the_doctor_tells_what_is_wrong_by_its_exit_code_and_no_key(tmp_path: Path) -> None:
    with running_simulator(thread=True, throttle=False, now=None) as simulator:
        wrong = {"TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY": "a-wrong-key"}
        done = Installation(tmp_path, simulator.url, wrong).run("doctor", "--json", code=None)
    told = {finding["subject"]: finding for finding in map(json.loads, done.stdout.splitlines())}
    assert (done.returncode, told["Subscription key"]["state"]) == (2, "wrong")
    assert "a-wrong-key" not in done.stdout + done.stderr


def test_settings_that_the_portal_does_not_start_with_are_told_all_the_same(tmp_path: Path) -> None:
    settings = load({"TIEOUT_HOME": str(tmp_path), "TIEOUT_PUBLIC_URL": "http://books.example.com"})
    (address, _) = first_contact._findings(settings)
    assert "refuses to start" in address.found
    assert first_contact.CODES[address.state] is ExitCode.WRONG_USE


def test_a_probe_leaves_a_report_in_both_forms(tmp_path: Path) -> None:
    answer = Answered(number=2, name="past_the_end", question="a page past the end", found="204")
    told = Probed(title="Fixture", at=datetime(2026, 3, 16, tzinfo=UTC), requests=7, answers=(answer,))
    first_contact._write(told, tmp_path)
    assert json.loads((tmp_path / "probe.json").read_text())["answers"][0]["found"] == "204"
    assert "| 2 | `past_the_end` | a page past the end | 204 |" in (tmp_path / "probe.md").read_text()
    with pytest.raises(Failure, match="can't be written"):
        first_contact._write(told, tmp_path / "nowhere")
