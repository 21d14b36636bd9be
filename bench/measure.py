"""What a program takes: seconds, seconds of processor, and memory at its peak, all its children's included."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One run. `failure` says why there are no figures worth comparing."""

    seconds: float
    processor_seconds: float
    peak_mib: int
    failure: str | None = None


def run(words: Sequence[str], *, environment: Mapping[str, str], folder: Path, patience: float = 1_800) -> Taken:
    """Run a program to its end, from its start on: what a person waits for. Its output goes to FOLDER/output.txt."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with (folder / "output.txt").open("w") as output:
        child = subprocess.Popen(words, env=dict(environment), cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        memory = _Memory(child.pid)
        try:
            code: int | None = child.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = None
        seconds = time.perf_counter() - began
        peak = memory.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(
        seconds=round(seconds, 2),
        processor_seconds=round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2),
        peak_mib=peak >> 20,
        failure=None if code == 0 else _why(code, folder / "output.txt"),
    )


def _why(code: int | None, output: Path) -> str:
    said = [line.strip() for line in output.read_text(errors="replace").splitlines() if line.strip()]
    ended = "did not end in time" if code is None else f"exit {code}"
    return f"{ended}: {said[-1][:200] if said else 'no output'}"


class _Memory:
    """Watches a process and its children. What they share counts for each."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak = pid, 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Bytes at the peak."""
        self._stopped.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while not self._stopped.wait(EVERY_SECONDS):
            self._peak = max(self._peak, sum(_resident(pid) for pid in _family(self._pid)))


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:  # gone meanwhile
        return


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
