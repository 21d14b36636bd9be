"""Everybody reads a whole company at the vendor's real limit: 10 requests a second, 150 ms until an answer begins.

Peers read the lists alone: no lines of orders, no rates, nothing proved. Tieout is measured at the same lists, and at its
whole first sync, tie-out included, without invoice lines and with all of them. What the limit leaves of the time is
requests / 10.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bench import environments, measure
from bench.first_sync import LIMIT
from bench.loading import PROGRAMS, ROOT
from bench.measure import Taken
from tests.simulators import SUBSCRIPTION_HEADER, Simulator, running_simulator
from tieout.catalog import Ask, How, Stream
from tieout.connectors.poweroffice.questions import question
from tieout.connectors.poweroffice.streams import STREAMS

LATENCY_MS = 150
PAGE_SIZE = "5000"
PATIENCE_SECONDS = 1_200  # all invoice lines of a realistic company take nine minutes
WITH_LINES = "Tieout, the whole first sync with all invoice lines"
TODAY = date(2026, 3, 16)  # the simulator's


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one contender read the company."""

    contender: str
    taken: Taken | None = None
    requests: int = 0
    refused: int = 0  # answers 429
    failure: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "seconds_at_least": self.requests / LIMIT}


def compare(size: str = "realistic") -> Iterator[Reading]:
    """Each contender with a simulator of its own."""
    peers: dict[str, Callable[[Path, str], list[str]]] = {
        "Tieout, the same lists": lambda folder, address: _ours(folder, address, "lists"),
        "Tieout, the whole first sync": lambda folder, address: _ours(folder, address, "sync"),
        WITH_LINES: lambda folder, address: _ours(folder, address, "lines"),
        "dlt, REST source and Parquet": lambda folder, address: _peer("dlt", "all_dlt.py", folder, address),
        "Airbyte CDK by PyAirbyte": lambda folder, address: _peer("airbyte", "all_airbyte.py", folder, address),
        "singer-sdk and target-duckdb": _singer,
    }
    for name, words in peers.items():
        with running_simulator(size=size, latency_ms=LATENCY_MS) as simulator, _folder() as folder:
            yield _read(name, words, simulator, folder)


def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(dir=ROOT / ".bench")


def _read(name: str, words: Callable[[Path, str], list[str]], simulator: Simulator, at: str) -> Reading:
    folder = Path(at)
    (folder / "streams.json").write_text(json.dumps(_told(simulator)))
    simulator.reset_requests()
    try:
        asked = words(folder, simulator.url)
    except environments.CannotInstallError as error:
        return Reading(contender=name, failure=f"can't be installed: {error}")
    taken = measure.run(asked, environment=_environment(folder), folder=folder, patience=PATIENCE_SECONDS)
    seen = simulator.requests()
    return Reading(contender=name, taken=taken, requests=seen["seen"], refused=seen["throttled"], failure=taken.failure)


def _told(simulator: Simulator) -> dict[str, Any]:
    """What peers must know: a token, the company's key, and every list with its fields."""
    company = simulator.company()
    headers = {
        "Authorization": f"Bearer {simulator.token()}",
        SUBSCRIPTION_HEADER: simulator.keys["subscription_key"],
    }
    streams = [_list(stream) for stream in STREAMS if stream.how is not How.PARENTS and not stream.parent]
    return {"headers": headers, "company": company, "streams": streams}


def _list(stream: Stream) -> dict[str, Any]:
    asked = question(Ask(stream=stream, on=TODAY), TODAY)
    assert asked is not None
    paging = {"OrderBy": ",".join(asked.key), "PageSize": PAGE_SIZE} if asked.paged else {}
    fields = {column.field: column.kind.value for column in stream.columns if column.field}
    return {
        "name": stream.name,
        "path": asked.path,
        "params": {**asked.params, **paging},
        "paged": asked.paged,
        "key": list(asked.key),
        "fields": fields,
    }


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1", "NO_PROXY": "127.0.0.1"}


def _ours(folder: Path, address: str, mode: str) -> list[str]:
    told = str(folder / "streams.json")
    return [sys.executable, "-m", "bench.contenders.all_ours", address, told, str(folder), mode]


def _peer(environment: str, program: str, folder: Path, address: str) -> list[str]:
    python = environments.program(environment)
    return [python, str(PROGRAMS / program), address, str(folder / "streams.json"), str(folder)]


def _singer(folder: Path, address: str) -> list[str]:
    config = folder / "target.json"
    config.write_text(
        json.dumps({"path": str(folder / "w.duckdb"), "default_target_schema": "bench", "primary_key_required": False})
    )
    tap = " ".join(_peer("singer", "all_singer_tap.py", folder, address)[:-1])
    target = environments.program("target_duckdb")
    target += f" {Path(target).with_name('target-duckdb')} --config {config}"
    return ["bash", "-c", f"set -o pipefail; {tap} | {target}"]


if __name__ == "__main__":
    for reading in compare(sys.argv[1] if len(sys.argv) > 1 else "realistic"):
        print(json.dumps(reading.as_json()), flush=True)
