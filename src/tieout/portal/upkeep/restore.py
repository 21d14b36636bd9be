"""A backup put back on a bare machine: checked first, then whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

from tieout.config import Settings
from tieout.portal.encryption import read_key_ring
from tieout.portal.upkeep import disk, manifest, versions
from tieout.portal.upkeep.errors import UpkeepError
from tieout.portal.upkeep.manifest import Manifest

MAY_BE_THERE = {"lock", "control", "secret.key", "settings.toml"}
PART = ".restore.part"
LAST = "app.db"  # without it a home is empty: a restore that was cut off begins anew


def restore(settings: Settings, folder: Path) -> Manifest:
    """Put a backup's stores into an empty TIEOUT_HOME that this process holds. Raises UpkeepError; then nothing is there."""
    made = manifest.read(folder)
    _refuse_what_is_there(settings.home)
    _refuse_newer(folder, made)
    _check_key(settings, made)
    disk.require_room(settings.home, made.bytes)
    manifest.check(folder, made)
    part = settings.home / PART
    shutil.rmtree(part, ignore_errors=True)
    try:
        _copy(folder, part, made)
        manifest.check(part, made)
        _put_in_place(settings.home, part, made)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return made


def publish_all() -> int:
    """Make the published copies, which no backup holds, anew; how many companies. After `prepare`."""
    from tieout.portal.sources.models import Source
    from tieout.portal.syncs import warehouses

    published = 0
    for source in Source.objects.select_related("workspace"):
        if warehouses.exists(source.workspace):
            with warehouses.store_of(source) as store:
                published += store.publish() is not None
    return published


def _refuse_what_is_there(home: Path) -> None:
    if (home / LAST).exists() or not (home / PART).exists():
        there = sorted(path.name for path in home.iterdir() if path.name not in MAY_BE_THERE | {PART})
        if there:
            raise UpkeepError(
                f"{home} is not empty ({', '.join(there[:3])}). A backup goes into an empty TIEOUT_HOME, where only"
                " secret.key and settings.toml may lie. Nothing was restored."
            )


def _refuse_newer(folder: Path, made: Manifest) -> None:
    if newer := [store for store, version in made.versions.items() if versions.is_newer(store, version)]:
        raise UpkeepError(
            f"{folder} was made by a newer Tieout ({made.tieout}; {newer[0]} is unknown here). Install that version first."
            " Nothing was restored."
        )


def _check_key(settings: Settings, made: Manifest) -> None:
    path = settings.secret_key_file
    wanted = list(made.keys.values())[-1]
    if not path.exists():
        raise UpkeepError(
            f"The key file {path} is missing, and no backup holds it. Put the one with the fingerprint {wanted} there."
            " Nothing was restored."
        )
    ours = read_key_ring(path).fingerprints()
    if missing := [print_ for key, print_ in made.keys.items() if ours.get(key) != print_]:
        raise UpkeepError(
            f"The key file {path} is another one ({', '.join(ours.values())}): this backup's secrets need the key with"
            f" the fingerprint {missing[-1]}. With another key no company's approval could be read. Nothing was restored."
        )


def _copy(folder: Path, part: Path, made: Manifest) -> None:
    for file in made.files:
        target = part / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / file.path, target)


def _put_in_place(home: Path, part: Path, made: Manifest) -> None:
    for file in sorted(made.files, key=lambda file: file.path == LAST):
        target = home / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        (part / file.path).replace(target)
