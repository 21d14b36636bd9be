"""Tieout as a user has it: the real command line in a process of its own, with a TIEOUT_HOME of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TIMEOUT = 120


@dataclass
class Installation:
    """One TIEOUT_HOME and the settings that its commands get."""

    home: Path
    poweroffice_url: str
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TIEOUT_", "DJANGO_"))}
        mail = {"TIEOUT_EMAIL_URL": f"file:{self.home / 'mail'}"}
        return (
            ours
            | mail
            | {"TIEOUT_HOME": str(self.home), "TIEOUT_POWEROFFICE_URL": self.poweroffice_url}
            | {"TIEOUT_DISK_PERCENT": "101"}  # how full this machine is, is no matter of the tests
            | self.settings
        )

    def run(self, *words: str, given: str | None = None, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run one command to its end. `code` is the exit code that it must have."""
        done = subprocess.run(
            [sys.executable, "-m", "tieout.cli", *words],
            input=given,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        if code is not None:
            assert done.returncode == code, f"{words} gave {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def events(self, *words: str, code: int | None = 0) -> list[dict[str, Any]]:
        """The events that a command told with --json."""
        return [json.loads(line) for line in self.run(*words, "--json", code=code).stdout.splitlines()]

    def query(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = json.loads(self.run("query", sql, "--format", "json").stdout)
        return rows

    def add_company(self, client_key: str) -> dict[str, str]:
        """`source add` with a key in a file, as scripts do it."""
        path = self.home.parent / f"{client_key[:8]}.key"
        path.write_text(client_key)
        added: dict[str, str] = json.loads(
            self.run("source", "add", "poweroffice", "--client-key-file", str(path)).stdout
        )
        return added

    def add_person(self, email: str, *, role: str, password: str, workspace: str = "Default", name: str = "") -> None:
        self.run(
            "user",
            "add",
            email,
            "--role",
            role,
            "--workspace",
            workspace,
            "--name",
            name or email,
            given=f"{password}\n",
        )

    def emails(self) -> list[str]:
        """Everything that was sent, oldest first, as text."""
        folder = self.home / "mail"
        return (
            [path.read_text() for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)]
            if folder.exists()
            else []
        )


@contextmanager
def serving(installation: Installation, *, port: int = 0) -> Iterator[Serving]:
    """`tieout serve` until the block ends."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tieout.cli", "serve", "--port", str(port)],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Serving(child)
    try:
        server.wait_until_ready()
        yield server
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            raise


class Serving:
    """A running portal: its address and all that it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self.url = ""
        self._ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if not self.url and "http://" in line and "/people/" not in line and "first" not in line:
                self.url = line[line.index("http://") :].split()[0].rstrip("/.,")
                self._ready.set()
        self._ready.set()

    def wait_until_ready(self) -> None:
        self._ready.wait(TIMEOUT)
        assert self.url, f"the portal did not start: {''.join(self.lines)}"
