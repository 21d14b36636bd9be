"""The folder TIEOUT_HOME: one process owns it at a time, and holds `lock` for as long as it does.

A DuckDB file lets one process in, and durable jobs of one file must have one runner.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tieout.config import Settings
from tieout.portal.encryption import make_key_file


class HomeHeldError(Exception):
    """Another process holds TIEOUT_HOME. Wait for it, or end it. `pid` is None where it could not be read."""

    def __init__(self, home: Path, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        super().__init__(f"{home} is held by {holder}. Nothing was started; try again when it has ended.")
        self.pid = pid


@contextmanager
def hold_home(settings: Settings) -> Iterator[None]:
    """Own TIEOUT_HOME while the block runs; what is made meanwhile is for its owner's eyes only. Raises HomeHeldError at once.

    The kernel frees the lock when the process dies, however it dies, so no stale lock can remain.
    """
    before = os.umask(0o077)  # the folder may have been there, open to all
    try:
        with _locked(settings):
            yield
    finally:
        os.umask(before)


@contextmanager
def _locked(settings: Settings) -> Iterator[None]:
    settings.home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.home / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeHeldError(settings.home, _pid(descriptor)) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _pid(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
    return int(text) if text.isdigit() else None


def prepare(settings: Settings) -> None:
    """Make the key file if there is none, Django ready and the tables up to date. Only for the holder of TIEOUT_HOME.

    Raises NewerStoreError.
    """
    from tieout.portal.bootstrap import start_django

    make_key_file(settings.secret_key_file)
    start_django(settings)
    from django.core.management import call_command

    from tieout.portal.upkeep.versions import refuse_newer

    refuse_newer(settings)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("clearsessions")  # those that ended; nothing else would take them away
