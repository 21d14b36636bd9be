"""A sync in a process that kills itself at an event, or a little later: `python -m tests.simulation.child SETTINGS`."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import datetime
from pathlib import Path

import stamina

from tests.simulation.copied import Copy
from tieout.connectors.http import ATTEMPTS
from tieout.sync.run import Options


def main() -> None:
    told = json.loads(sys.argv[1])
    stamina.set_testing(True, attempts=ATTEMPTS, cap=True)
    copy = Copy(Path(told["folder"]), told["url"], told["client_key"], page_size=told["page_size"])
    options = Options(nightly=told["nightly"], patience_seconds=0)
    for number, _ in enumerate(copy.sync(options, now=datetime.fromisoformat(told["now"])), start=1):
        if number == told["event"]:
            _die_in(told["after_ms"] / 1000)


def _die_in(seconds: float) -> None:
    if seconds:
        threading.Timer(seconds, _die).start()
    else:
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
