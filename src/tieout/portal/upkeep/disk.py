"""Room on the disk of TIEOUT_HOME. Where too little is left, new syncs wait: a full disk would stop them half-way."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tieout.config import Settings
from tieout.portal.upkeep.errors import UpkeepError

MARGIN = 1.1  # a copy and what is written beside it


@dataclass(frozen=True, slots=True)
class Disk:
    """How full the disk is, in whole percent of what we may use, rounded down; and from where on syncs wait."""

    percent: int
    limit: int
    free: int  # bytes

    @property
    def is_full(self) -> bool:
        return self.percent >= self.limit


def disk_of(settings: Settings) -> Disk:
    """The disk that TIEOUT_HOME lies on, now. What the system keeps for itself counts as used."""
    usage = shutil.disk_usage(_there(settings.home))
    percent = 100 * usage.used // max(1, usage.used + usage.free)
    return Disk(percent=percent, limit=settings.disk_percent, free=usage.free)


def require_room(folder: Path, needed: int) -> None:
    """Raise UpkeepError unless that many bytes, and some more, can be written into a folder that may not be there yet."""
    free = shutil.disk_usage(_there(folder)).free
    if free < needed * MARGIN:
        raise UpkeepError(
            f"There is too little room for {folder}: {_megabytes(needed)} are needed, {_megabytes(free)} are free."
            " Nothing was written.",
            is_temporary=True,
        )


def _there(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"
