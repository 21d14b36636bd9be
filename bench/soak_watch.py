"""What a server holds while it works: memory, open files, sockets, threads, and the bytes of its stores."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

EVERY_SECONDS = 1.0
SHOWN = 400
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Sample:
    """One look. `at` is seconds since the first; `life` counts the processes, from 1; stores in MiB."""

    at: float
    life: int
    memory_mib: int
    files: int
    sockets: int
    threads: int
    stores_mib: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Watch:
    """Looks at one process after another, until it is stopped."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.marks: list[dict[str, Any]] = []
        self._began = time.monotonic()
        self._life, self._pid, self._home = 0, 0, Path()
        self._stopped = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def follow(self, pid: int, home: Path) -> None:
        """Look at another process from now on."""
        self._life, self._pid, self._home = self._life + 1, pid, home

    def mark(self, what: str) -> None:
        """Something happened now."""
        self.marks.append({"at": round(time.monotonic() - self._began, 1), "what": what})

    def stop(self) -> None:
        self._stopped.set()

    def last_life(self) -> list[Sample]:
        """Samples of the last process alone: only within one life can a leak be seen."""
        return [sample for sample in self.samples if sample.life == self._life]

    def thinned(self) -> list[Sample]:
        return self.samples[:: max(1, len(self.samples) // SHOWN)]

    def _watch(self) -> None:
        while not self._stopped.wait(EVERY_SECONDS):
            try:
                self.samples.append(self._look())
            except OSError:  # between two lives
                continue

    def _look(self) -> Sample:
        proc = Path(f"/proc/{self._pid}")
        handles = [_target(path) for path in (proc / "fd").iterdir()]
        stores = (*self._home.glob("*.db*"), *self._home.glob("warehouse/*"))
        return Sample(
            at=round(time.monotonic() - self._began, 1),
            life=self._life,
            memory_mib=int((proc / "statm").read_text().split()[1]) * _PAGE >> 20,
            files=len(handles),
            sockets=sum(target.startswith("socket:") for target in handles),
            threads=len(list((proc / "task").iterdir())),
            stores_mib=round(sum(_size(path) for path in stores) / (1 << 20), 1),
        )


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
