"""Where written files lie: in their data source's own folder, with which they go, and for some days only."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from tieout.portal.saft.models import SaftFile
from tieout.portal.sources.models import Source

KEPT_DAYS = 7
DAY = 24 * 3600


def folder_of(source: Source) -> Path:
    """Made if it is not there."""
    folder: Path = settings.TIEOUT.home / "spool" / source.workspace.slug / str(source.pk) / "saft"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(file: SaftFile) -> Path | None:
    """None once the file is kept no more."""
    path = folder_of(file.source) / f"{file.pk}.xml"
    return path if path.exists() and not _is_old(path) else None


def forget_old(source: Source) -> None:
    """Drop what is kept no more, and what a crash left half."""
    for path in folder_of(source).iterdir():
        if _is_old(path):
            path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < time.time() - KEPT_DAYS * DAY
    return True
