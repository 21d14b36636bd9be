"""The program `tieout simulate`: what it says, how it ends, and what survives a restart."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR
from tests.simulator.poweroffice.people import begin, finalize
from tests.simulators import NOW, Simulator, running_simulator
from tieout import config

SIE = config.load().test_data / "data" / "sie" / "Test4.SE"


def simulate(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tieout.cli", "simulate", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_ends_when_told_to(ending: signal.Signals) -> None:
    program = simulate("--port", "0", "--size", "tiny")
    assert program.stdout is not None
    line = program.stdout.readline()
    assert line.startswith("PowerOffice Go (simulated) listens on http://127.0.0.1:")
    began = time.monotonic()
    program.send_signal(ending)
    out, err = program.communicate(timeout=10)
    assert program.returncode == 0
    assert time.monotonic() - began < 5
    assert out == "", "one line on stdout"
    assert "Lita Prøve AS" in err
    assert "client key" in err
    assert "Traceback" not in err


def test_it_ends_at_once_while_answers_are_waited_for() -> None:
    with running_simulator(throttle=False) as simulator:
        simulator.faults({"fault": "timeout", "path": "Customers", "seconds": 60})
        with simulator.api() as api, pytest.raises(httpx2.ReadTimeout):
            api.get("/Customers", timeout=0.3)
        assert simulator.process is not None
        began = time.monotonic()
        simulator.process.terminate()
        simulator.process.wait(timeout=10)
    assert time.monotonic() - began < 5


def test_port_that_is_taken_is_told_with_exit_code_2() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        program = simulate("--port", str(taken.getsockname()[1]), "--size", "tiny")
        out, err = program.communicate(timeout=30)
    assert (program.returncode, out) == (2, "")
    assert "taken" in err
    assert "--port" in err
    assert "Traceback" not in err


def test_file_that_is_no_books_is_told_with_exit_code_2(tmp_path: Path) -> None:
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear all")
    for path in (wrong, tmp_path / "missing.xml"):
        program = simulate("--port", "0", "--books", str(path))
        _, err = program.communicate(timeout=30)
        assert program.returncode == 2
        assert path.name in err
        assert "Traceback" not in err


def test_loaded_file_stands_still_while_the_clock_moves() -> None:
    if not SIE.exists():
        pytest.skip(f"no test data at {SIE} (TIEOUT_TEST_DATA)")
    with running_simulator(books=[SIE], throttle=False, now=None, thread=True) as simulator:
        company = simulator.company()
        before = simulator.truth_counts(company["organisation_number"])
        assert before["AccountTransactions"] > 0
        simulator.advance(days=30)
        assert simulator.truth_counts(company["organisation_number"]) == before
        assert simulator.truth_expected(company["organisation_number"])["closing"]


def picture(simulator: Simulator) -> list[dict[str, Any]]:
    with simulator.api(simulator.company()["client_key"]) as api:
        found: list[dict[str, Any]] = api.get("/AccountTransactions", params={**FAR, "OrderBy": "Id"}).json()
    return found


def test_with_state_clock_books_keys_and_revocations_survive(tmp_path: Path) -> None:
    with running_simulator(size="demo", state=tmp_path, throttle=False) as simulator:
        simulator.options(rotate_keys=True)
        first, second, _ = (company["organisation_number"] for company in simulator.companies())
        browser = begin(simulator).sign_in(simulator.people()[0]).submit("clients", client=[first]).submit("approve")
        assert browser.came_back is not None
        key = finalize(simulator, browser.came_back["token"]).json()["OnboardedClientsInformation"][0]["ClientKey"]
        simulator.revoke(second)
        simulator.advance(days=9)
        simulator.advance(days=4)
        now, before = simulator.now(), picture(simulator)
    with running_simulator(size="demo", state=tmp_path, throttle=False, now=None) as simulator:
        assert simulator.now() > now
        assert simulator.company(first)["client_key"] == key
        assert simulator.token(key)
        with pytest.raises(httpx2.HTTPStatusError):
            simulator.token(simulator.company(second)["client_key"])
        after = {row["Id"]: row for row in picture(simulator)}
    assert [after[row["Id"]] for row in before] == before, "played again, the books come out the same"


def test_state_survives_a_kill(tmp_path: Path) -> None:
    with running_simulator(state=tmp_path, throttle=False) as simulator:
        simulator.advance(days=30)
        now = simulator.now()
        assert simulator.process is not None
        simulator.process.kill()
        simulator.process.wait()
    with running_simulator(state=tmp_path, throttle=False, now=None) as simulator:
        assert simulator.now() >= now


def test_what_happened_while_it_was_off_is_stamped_after_what_was_seen(tmp_path: Path) -> None:
    with running_simulator(state=tmp_path, throttle=False) as simulator:
        seen = simulator.now()
        before = {row["Id"] for row in picture(simulator)}
    file = tmp_path / "simulator.json"
    kept = json.loads(file.read_text())
    kept["now"] = "2026-03-30T12:00:00+00:00"  # as if the machine's clock had gone on for two weeks
    file.write_text(json.dumps(kept))
    with running_simulator(state=tmp_path, throttle=False, now=None) as simulator:
        new = [row for row in picture(simulator) if row["Id"] not in before]
    assert new
    assert min(row["CreatedDateTimeOffset"] for row in new) >= seen.isoformat()


def test_state_of_other_books_is_refused(tmp_path: Path) -> None:
    with running_simulator(seed=1, state=tmp_path, thread=True):
        pass
    program = simulate("--port", "0", "--size", "tiny", "--seed", "2", "--state", str(tmp_path))
    _, err = program.communicate(timeout=30)
    assert program.returncode == 2
    assert "other books" in err


def test_without_state_nothing_survives(tmp_path: Path) -> None:
    for _ in range(2):
        with running_simulator(thread=True, throttle=False) as simulator:
            assert simulator.now().date() == NOW.date()
            simulator.advance(days=30)
