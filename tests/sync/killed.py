"""A program that syncs the ledger toy and dies: `python -m tests.sync.killed FOLDER BOOKS EVENT...`.

For each event a child is forked that syncs a copy of FOLDER/before into FOLDER/<event> and kills itself at that event.
It ends when an event is beyond the sync's last one. Forking costs less than starting Python for each.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector
from tests.sync.movement import BOOKS


def main() -> None:
    folder, books, *events = sys.argv[1:]
    for event in events:
        if not _is_killed(Path(folder), books, int(event)):
            return


def _is_killed(folder: Path, books: str, event: int) -> bool:
    own = folder / event_folder(event)
    shutil.copytree(folder / "before", own, symlinks=True) if (folder / "before").exists() else own.mkdir()
    child = os.fork()
    if child == 0:
        _sync_until(own, books, event)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _sync_until(folder: Path, books: str, event: int) -> None:
    bench = Bench(folder, LedgerConnector(BOOKS[books]()), published=True)

    def until(_: object) -> bool:
        if len(bench.events) >= event:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    bench.sync(until=until)


def event_folder(event: int) -> str:
    """The name of the folder of a sync that was killed at an event."""
    return f"killed-{event:04d}"


if __name__ == "__main__":
    main()
