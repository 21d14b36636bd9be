"""What DuckDB says when a file can't be written or read, in words for people. It tells these apart in its texts only."""

from __future__ import annotations

from pathlib import Path

import duckdb

from tieout.warehouse.base import DamagedError, StorageError

_SAFE = "What was stored before is safe; once this is mended the next sync carries on."
_FULL = ("no space left", "disk full", "disk is full", "disk quota exceeded", "file too large")
_DENIED = ("permission denied", "read-only file system", "operation not permitted")
_DAMAGED = ("corrupt", "checksum", "could not read enough bytes", "not a valid duckdb database file")
_BROKEN = (
    "could not write",
    "could not read",
    "no files found",
    "cannot open file",
    "has been invalidated",
    "checkpoint failed",
)


def storage_error(error: duckdb.Error, path: Path) -> StorageError | None:
    """What to tell of an error that lies in the disk and not in the question; None for any other.

    The text names the file, never a value of it.
    """
    words = str(error).lower()
    if not _is_any(words, _FULL + _DENIED + _DAMAGED + _BROKEN) or isinstance(error, duckdb.PermissionException):
        return None
    if _is_any(words, _FULL):
        return StorageError(f"The disk is full, so that {path.name} can't be written. Make room. {_SAFE}")
    if _is_any(words, _DENIED):
        return StorageError(f"{path.name} or its folder is not ours to write: look at owner and rights. {_SAFE}")
    if _is_any(words, _DAMAGED):
        return DamagedError(_damaged(path, in_log="wal" in words))
    return StorageError(f"{path.name} can't be written or read: look at its disk. {_SAFE}")


def _damaged(path: Path, *, in_log: bool) -> str:
    if not in_log:
        return f"{path.name} is damaged. Put back a copy of it, or move it away: the next sync reads everything anew."
    log = f"{path.name}.wal"
    return (
        f"{log} is damaged. Move it away: {path.name} is whole without it, and the next sync reads again what it held."
    )


def _is_any(words: str, some: tuple[str, ...]) -> bool:
    return any(one in words for one in some)
