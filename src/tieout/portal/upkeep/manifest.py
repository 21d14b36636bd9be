"""What a backup says of itself: who made it when, which key its secrets need, and every file with size and SHA-256."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tieout import __version__
from tieout.portal.upkeep.errors import UpkeepError

NAME = "manifest.json"
FORMAT = 1
LEFT_OUT = ("secret.key", "settings.toml", "published copies", "spooled pages")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """One file of a backup, by its path in it, which is also its path in TIEOUT_HOME."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`made_at` is UTC, the moment that every store is of. `keys`: fingerprints by key id, oldest first."""

    made_at: str
    tieout: str
    versions: dict[str, int | str]
    keys: dict[str, str]
    files: tuple[File, ...]
    left_out: tuple[str, ...] = LEFT_OUT
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def write(self, folder: Path) -> None:
        """Write it into the backup, last of all."""
        (folder / NAME).write_text(json.dumps(self.as_json(), indent=2) + "\n", encoding="utf-8")


def describe(folder: Path, *, made_at: datetime, versions: dict[str, int | str], keys: dict[str, str]) -> Manifest:
    """The manifest of all files that lie in a folder."""
    files = tuple(_file(path, folder) for path in sorted(folder.rglob("*")) if path.is_file())
    at = made_at.astimezone(UTC).isoformat(timespec="seconds")
    return Manifest(made_at=at, tieout=__version__, versions=versions, keys=keys, files=files)


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises UpkeepError where there is none that this version understands."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise UpkeepError(f"{folder} was made by a newer Tieout ({told['tieout']}). Install that version first.")
        told["files"] = tuple(File(**one) for one in told["files"])
        told["left_out"] = tuple(told["left_out"])
        return Manifest(**told)
    except FileNotFoundError as error:
        raise UpkeepError(f"{folder} is no backup: it has no {NAME}. A backup that was cut off has none.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UpkeepError(f"{folder / NAME} is damaged. Take another backup; nothing was restored.") from error


def check(folder: Path, manifest: Manifest) -> None:
    """Hold every file against the manifest. Raises UpkeepError with the first that differs or lies outside."""
    for told in manifest.files:
        path = folder / told.path
        if not path.resolve().is_relative_to(folder.resolve()):
            raise UpkeepError(f"{told.path} leads out of the backup. Take another one; nothing was restored.")
        if not path.is_file():
            raise UpkeepError(f"{told.path} is missing in {folder}. Take another backup; nothing was restored.")
        if _file(path, folder) != told:
            raise UpkeepError(f"{told.path} is not as it was written. Take another backup; nothing was restored.")


def _file(path: Path, folder: Path) -> File:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())
