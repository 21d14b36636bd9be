"""A program that syncs the ledger toy into a folder and kills itself at an event: `python -m tests.sync.killed FOLDER N`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from tests.sync.bench import Bench
from tests.sync.ledger_system import LedgerConnector


def main() -> None:
    bench = Bench(Path(sys.argv[1]), LedgerConnector(), published=True)

    def until(_: object) -> bool:
        if len(bench.events) >= int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    bench.sync(until=until)


if __name__ == "__main__":
    main()
