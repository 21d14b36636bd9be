"""How long a firm's 300 clients take: `python -m bench.firm [--companies 300] [--latency-ms 150]`. Killed once in the middle.

The real connector under the vendor's own limit against the simulator; the first syncs are asked for, not run. Companies,
requests by kind and seconds go to stdout as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).parent.parent
NOW = "2026-03-16T06:00:00+00:00"


def child(part: str) -> None:
    """In a process of its own: set the firm up, or connect what waits."""
    from tieout.config import load
    from tieout.portal.home import hold_home, prepare

    settings = load()
    with hold_home(settings):
        prepare(settings)
        _set_up() if part == "set-up" else _connect()


def _set_up() -> None:
    from django.utils import timezone

    from tieout.connectors.base import Secret
    from tieout.portal.partners import actions
    from tieout.portal.people.models import Person
    from tieout.portal.workspaces.actions import create_workspace, give_role
    from tieout.portal.workspaces.models import Role

    workspace = create_workspace("Bench")
    person = Person.objects.create_person("bench@example.com", "a password of a bench", name="Test Owner")
    give_role(workspace, person, Role.OWNER)
    access = actions.set_key(workspace, "poweroffice", Secret(os.environ["FIRMS_KEY"]), by=person)
    actions.list_anew(access)
    actions.want(access, list(access.companies.all()), by=person, now=timezone.now())


def _connect() -> None:
    from tieout.portal.approvals.actions import check_candidates
    from tieout.portal.partners import connecting

    connecting.go_on()
    check_candidates()
    connecting.go_on()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=300)
    parser.add_argument("--latency-ms", type=int, default=150)
    parser.add_argument("--part", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.part:
        child(asked.part)
        return
    with tempfile.TemporaryDirectory(prefix="tieout-firm-") as folder:
        print(json.dumps(_measure(Path(folder), asked.companies, asked.latency_ms), indent=1))


def _measure(folder: Path, companies: int, latency: int) -> dict[str, Any]:
    words = [sys.executable, "-m", "bench.soak_simulator", str(companies + 1), "--port", "0", "--control", "--now", NOW]
    simulator = subprocess.Popen(
        [*words, "--latency-ms", str(latency)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert simulator.stdout is not None
        line = simulator.stdout.readline()
        url = line[line.index("http://") :].strip()
        control = httpx2.Client(base_url=f"{url}/_simulator", timeout=120, trust_env=False)
        firm = control.get("/companies").json()["companies"][0]
        control.post("/options", json={"partner": firm["organisation_number"]}).raise_for_status()
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
        ours |= {"TIEOUT_HOME": str(folder / "home"), "TIEOUT_POWEROFFICE_URL": url, "FIRMS_KEY": firm["client_key"]}
        _run("set-up", ours)
        began = time.monotonic()
        _kill_half_way(control, ours, companies)
        killed_after, connected = time.monotonic() - began, _connected(folder)
        _run("connect", ours)
        told = control.get("/requests").json()
        return {
            "companies": _connected(folder),
            "seconds": round(time.monotonic() - began, 1),
            "killed_after_seconds": round(killed_after, 1),
            "connected_when_killed": connected,
            "requests": told["seen"],
            "refused": told["throttled"],
            "by_path": told["by_path"],
            "first_syncs_asked_for": _count(folder, "select count(*) from syncs_sync where reason = 'first'"),
            "keys_left_over": _count(folder, "select count(*) from approvals_candidate where client_key <> ''"),
        }
    finally:
        simulator.terminate()
        simulator.wait()


def _run(part: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-m", "bench.firm", "--part", part], cwd=ROOT, env=environment, check=True)


def _kill_half_way(control: httpx2.Client, environment: dict[str, str], companies: int) -> None:
    """`kill -9` once half of the companies were added."""
    process = subprocess.Popen([sys.executable, "-m", "bench.firm", "--part", "connect"], cwd=ROOT, env=environment)
    while control.get("/requests").json()["by_path"].get("ClientAdmin/AddIntegrationToClient", 0) < companies // 2:
        assert process.poll() is None, "connecting ended by itself"
        time.sleep(0.2)
    process.kill()
    process.wait()


def _connected(folder: Path) -> int:
    return _count(folder, "select count(*) from sources_source")


def _count(folder: Path, question: str) -> int:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(folder / "home" / "app.db")) as portal:
        (found,) = portal.execute(question).fetchone()
    return int(found)


if __name__ == "__main__":
    main()
