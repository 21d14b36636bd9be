"""Where pages lie between their answer and their commit. A crash leaves them harmless; the next sync drops them."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from pathlib import Path

_DAY = 86_400


class Spool:
    """One source's folder. `keep_days` keeps committed pages as evidence of what the source said; 0 drops them at once."""

    def __init__(self, folder: Path, *, keep_days: int = 0) -> None:
        self._folder, self._keep_days = folder, keep_days
        self._kept = folder / "kept"
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def clear(self) -> None:
        """Drop what an earlier sync left unfinished, and kept pages that are too old."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.iterdir():
            if path != self._kept:
                shutil.rmtree(path, ignore_errors=True)
        drop_kept(self._folder, keep_days=self._keep_days)

    def fresh(self) -> Path:
        """A new empty folder for the pages of one question."""
        with self._lock:
            folder = self._folder / f"{next(self._numbers):06d}"
        folder.mkdir(parents=True)
        return folder

    def done(self, folder: Path, *, sync: int, stream: str) -> None:
        """The pages in `folder` are committed, or not wanted any more."""
        if self._keep_days and folder.exists():
            target = self._kept / f"{sync:06d}-{stream}-{folder.name}"
            target.parent.mkdir(exist_ok=True)
            folder.rename(target)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def drop_kept(folder: Path, *, keep_days: int) -> int:
    """Drop what a source's folder has kept for longer; how many questions' pages."""
    kept = folder / "kept"
    old = [path for path in kept.iterdir() if _is_older(path, time.time() - keep_days * _DAY)] if kept.exists() else []
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _is_older(path: Path, moment: float) -> bool:
    try:
        return path.stat().st_mtime < moment
    except FileNotFoundError:  # a sync of the source was quicker
        return False
