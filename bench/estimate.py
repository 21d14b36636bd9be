"""Whether a first sync ends when the portal says: `python -m bench.estimate [--size realistic] [--latency-ms 150]`.

A simulator that allows 10 requests a second, `tieout serve` with one company of it, and every second what the page would show,
held against what then happened, lines included. An estimate is a range: it is off by as much as the end lies outside of it; so
that a range as wide as one likes is no merit, it is also told how far its middle is from the truth.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from tests.simulators import running_simulator
from tieout.config import load

ROOT = Path(__file__).parent.parent
BEGUN = 0.1  # of the requests: before that nobody promises anything
NEAR = 0.2
ENDED_AFTER = 5.0  # seconds in which nothing runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="realistic", choices=["tiny", "demo", "realistic"])
    parser.add_argument("--latency-ms", type=float, default=150)
    parser.add_argument("--serve", type=Path, help="for itself: the server, with this company")
    asked = parser.parse_args()
    if asked.serve:
        sys.exit(_serve(asked.serve))
    with (
        running_simulator(size=asked.size, latency_ms=asked.latency_ms) as simulator,
        tempfile.TemporaryDirectory() as folder,
    ):
        company = Path(folder) / "company.json"
        company.write_text(json.dumps([simulator.company()]))
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
        ours |= {
            "TIEOUT_HOME": f"{folder}/home",
            "TIEOUT_POWEROFFICE_URL": simulator.url,
            "TIEOUT_EMAIL_URL": "console:",
        }
        words = [sys.executable, "-m", "bench.estimate", "--serve", str(company)]
        subprocess.run(words, cwd=ROOT, env=ours, check=True, stdout=subprocess.DEVNULL)
        seen = [json.loads(line) for line in (Path(folder) / "seen.jsonl").read_text().splitlines()]
    print(json.dumps({"size": asked.size, "latency_ms": asked.latency_ms, **judged(seen)}, indent=2))


def judged(seen: list[dict[str, Any]]) -> dict[str, Any]:
    """How far the ranges were off, as shares of what was really left. `seen`: `at` and `left` (from, to) in seconds, `done`."""
    end, requests = seen[-1]["at"], max(one["done"] for one in seen)
    told = [one for one in seen if one["left"] and one["done"] >= BEGUN * requests and end - one["at"] >= ENDED_AFTER]
    off = sorted(_off(one["left"], end - one["at"]) for one in told)
    middle = sorted(abs(sum(one["left"]) / 2 / (end - one["at"]) - 1) for one in told)
    return {
        "seconds": round(end),
        "requests": requests,
        "estimates": len(off),
        "off": _spread(off),
        "middle_off": _spread(middle),
    }


def _spread(off: list[float]) -> dict[str, float]:
    """Of sorted shares: how many are within a fifth, the one in the middle, the largest."""
    if not off:
        return {}
    near = sum(one <= NEAR for one in off) / len(off)
    return {"share_within_a_fifth": round(near, 3), "median": round(off[len(off) // 2], 3), "most": round(off[-1], 3)}


def _off(left: tuple[float, float], really: float) -> float:
    soonest, latest = left
    return max(0.0, soonest - really, really - latest) / really


def _serve(company: Path) -> int:
    from bench.soak_server import _connect
    from tieout.portal.serve import serve

    settings = load()

    def ready() -> None:
        _connect(company)
        Thread(target=_look, args=(company.with_name("seen.jsonl"),), daemon=True).start()

    return serve(settings, port=0, on_ready=ready)


def _look(into: Path) -> None:
    """Note each second what the page would show, until nothing runs any more; then end the server."""
    from tieout.connectors import registry
    from tieout.portal.sources.models import Source
    from tieout.portal.syncs.models import Sync
    from tieout.portal.syncs.progress import progress_of

    source = Source.objects.get()
    allowed = registry.connectors(load())[source.connector].requests_per_second
    began = idle_since = time.monotonic()
    with into.open("w") as file:
        while time.monotonic() - idle_since < ENDED_AFTER or not Sync.objects.filter(source=source).exists():
            time.sleep(1)
            progress = progress_of(source, allowed=allowed, now=datetime.now(UTC))
            if progress is None:
                continue
            idle_since = time.monotonic()
            shown = {"done": progress.done, "planned": progress.planned, "left": progress.left}
            file.write(json.dumps({"at": idle_since - began, **shown}) + "\n")
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
