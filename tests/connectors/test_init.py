from __future__ import annotations

import subprocess
import sys

RETRIES = """
import stamina
import tieout.connectors.http
for attempt in stamina.retry_context(on=ValueError, attempts=2, wait_initial=0, wait_max=0, wait_jitter=0):
    with attempt:
        raise ValueError("again")
"""


def test_retries_are_told_on_stderr_never_on_stdout() -> None:
    done = subprocess.run([sys.executable, "-c", RETRIES], capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert "retry" in done.stderr
