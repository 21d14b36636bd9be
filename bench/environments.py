"""A virtual environment for each peer, from locked requirements: together they would hold each other at old versions.

Made once under .bench/peers; a peer that can't be installed is told as such in the table.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

LOCKS = Path(__file__).parent / "peers"
PLACE = Path(__file__).parent.parent / ".bench" / "peers"
PATIENCE = 1_200  # seconds for one installation


class CannotInstallError(Exception):
    """A peer's requirements can't be installed here; the text says why."""


def program(peer: str, name: str = "python") -> str:
    """The path of a program in a peer's environment, made and filled where it is not. Raises CannotInstallError."""
    folder, lock = PLACE / peer, LOCKS / f"{peer}.txt"
    done = folder / ".installed"
    if not done.exists() or done.read_text() != lock.read_text():
        _install(folder, lock)
        done.write_text(lock.read_text())
    return str(folder / "bin" / name)


def _install(folder: Path, lock: Path) -> None:
    venv.create(folder, with_pip=False, clear=True)
    words = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(lock)]
    try:
        done = subprocess.run(
            [*words, "--python", str(folder / "bin" / "python")], capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as error:
        raise CannotInstallError("the installation did not end in time") from error
    if done.returncode:
        raise CannotInstallError((done.stderr.strip().splitlines() or ["the installation failed"])[-1][:200])
