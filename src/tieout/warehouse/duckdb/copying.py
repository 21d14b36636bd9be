"""A copy of a workspace's file while it is in use: taken as it lies while nobody writes, then opened once to prove it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tieout.warehouse.base import StorageError
from tieout.warehouse.duckdb.file import connect, version_of

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse

# DuckDB locks its file by POSIX rules: the lock would be gone as soon as this process closed any other handle of it.
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


def copy_as_it_lies(warehouse: DuckDBWarehouse, target: Path) -> None:
    """Copy the file and its log. Only while it stands still. Raises StorageError."""
    log = Path(f"{warehouse.path}.wal")
    _copy(warehouse.path, target)
    if log.exists():
        _copy(log, Path(f"{target}.wal"))


def settle(copy: Path, *, memory: str) -> int:
    """Open a copy, work its log into it, and give the version of its tables. Raises StorageError where it can't be read."""
    connection = connect(copy, [], memory=memory)
    try:
        connection.execute("checkpoint")
        return version_of(connection)
    finally:
        connection.close()


def _copy(source: Path, target: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _COPY, str(source), str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        *_, why = done.stderr.strip().splitlines() or ["no reason was told"]
        raise StorageError(f"{source.name} could not be copied to {target.parent}: {why}")
