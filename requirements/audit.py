"""Asks the public vulnerability service about every library that a release brings along (`run.txt`).

Exit codes: 0 nothing known; 1 a finding, named; 75 the service could not be asked, which says nothing of the libraries.
With `--or-unreachable` the last one is 0, for places without a network (.ci/run); a finding fails there too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent / "run.txt"
FOUND, UNREACHABLE = 1, 75
NOT_ASKED = "The vulnerability service could not be asked. Nothing is known of the libraries today."
ASK = [
    "-m",
    "pip_audit",
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner=off",
    "--timeout=10",
    "--format=json",
]


def verdict(answer: str) -> tuple[int, list[str]]:
    """Exit code and lines for people, of pip-audit's JSON; none, or nothing in it, is a service that could not be asked."""
    if not answer.strip():
        return UNREACHABLE, [NOT_ASKED]
    asked: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    lines = [
        f"{one['name']} {one['version']}: {weak['id']}, mended in {', '.join(weak['fix_versions']) or 'no version yet'}"
        for one in asked
        for weak in one.get("vulns", [])
    ]
    unknown = [f"{one['name']}: not asked ({one['skip_reason']})" for one in asked if "skip_reason" in one]
    if len(unknown) == len(asked):
        return UNREACHABLE, [NOT_ASKED]
    return (FOUND, lines) if lines else (0, [f"{len(asked) - len(unknown)} libraries, nothing known.", *unknown])


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        asking = [sys.executable, *ASK, f"--requirement={LOCK}", f"--output={told}"]
        done = subprocess.run(asking, check=False, stderr=subprocess.PIPE, text=True)
        code, lines = verdict(told.read_text(encoding="utf-8") if told.exists() else "")
    if code == UNREACHABLE and done.returncode:
        lines += done.stderr.strip().splitlines()[-1:]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if code == UNREACHABLE and "--or-unreachable" in arguments else code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
