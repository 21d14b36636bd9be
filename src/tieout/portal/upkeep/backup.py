"""A backup: every store as it was at one moment, while syncs run and people read. Never half a one."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

from tieout.config import Settings
from tieout.portal.encryption import read_key_ring
from tieout.portal.syncs import warehouses
from tieout.portal.upkeep import disk, manifest, versions
from tieout.portal.upkeep.errors import UpkeepError
from tieout.portal.upkeep.manifest import Manifest
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse.duckdb import DuckDBWarehouse
from tieout.warehouse.duckdb.copying import copy_as_it_lies, settle

DATABASES = ("app.db", "jobs.db", "limits.db")
SUFFIX = ".part"  # what is not whole yet, beside where it will be


def back_up(settings: Settings, target: Path) -> Manifest:
    """Write a backup to `target`, which must not exist. Only in the process that holds TIEOUT_HOME.

    Syncs wait where they would store while the warehouses are copied; nobody else waits. Raises UpkeepError, StorageError.
    """
    _refuse(settings, target)
    disk.require_room(target, _size(settings.home))
    folder = target.with_name(target.name + SUFFIX)
    shutil.rmtree(folder, ignore_errors=True)  # of one that was cut off
    try:
        folder.mkdir(parents=True, mode=0o700)
        made = _write(settings, folder)
        _put_to_disk(folder)
        folder.rename(target)
        return made
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _refuse(settings: Settings, target: Path) -> None:
    if target.exists():
        raise UpkeepError(f"{target} is there already, and a backup never replaces another. Nothing was written.")
    if target.resolve().is_relative_to(settings.home):
        raise UpkeepError(f"{target} lies in TIEOUT_HOME itself and would be lost with it. Nothing was written.")


def _write(settings: Settings, folder: Path) -> Manifest:
    made_at = datetime.now(UTC)
    names = _copy_stores(settings.home, folder)
    found: dict[str, int | str] = dict(versions.latest_migrations(folder / "app.db"))
    found["jobs.db"] = versions.jobs_version(folder / "jobs.db")
    for name in names:
        found[name] = settle(folder / name, memory=settings.duckdb_memory)
    keys = read_key_ring(settings.secret_key_file).fingerprints()
    described = manifest.describe(folder, made_at=made_at, versions=found, keys=keys)
    described.write(folder)
    return described


def _copy_stores(home: Path, folder: Path) -> list[str]:
    """Copy all stores while no warehouse changes, so that each is of the same moment. Gives the warehouses' paths."""
    names = []
    with ExitStack() as stack:
        for warehouse in _standing_still(stack):
            target = folder / "warehouse" / warehouse.path.name
            target.parent.mkdir(exist_ok=True)
            copy_as_it_lies(warehouse, target)
            names.append(f"warehouse/{warehouse.path.name}")
        for name in DATABASES:
            if (home / name).exists():
                _copy_database(home / name, folder / name)
    return names


def _standing_still(stack: ExitStack) -> Iterator[DuckDBWarehouse]:
    """Every workspace's warehouse, all of them held before the first is copied."""
    every = [one for one in Workspace.objects.order_by("slug") if warehouses.exists(one)]
    held = [stack.enter_context(warehouses.opened(workspace)) for workspace in every]
    for warehouse in held:
        stack.enter_context(warehouse.standing_still())
    yield from held


def _copy_database(source: Path, target: Path) -> None:
    """SQLite's own online backup: one moment of the file, whoever writes meanwhile."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("pragma journal_mode = delete")  # one file, without a log beside it
        told = new.execute("pragma quick_check").fetchone()
    if told != ("ok",):
        raise UpkeepError(
            f"{source} is damaged ({told[0]}). No backup was made: an older one may be the last good one."
        )


def _size(home: Path) -> int:
    """Bytes of all that is copied, logs included."""
    found = [*home.glob("*.db*"), *(home / "warehouse").glob("*.duckdb*")]
    return sum(path.stat().st_size for path in found if path.is_file())


def _put_to_disk(folder: Path) -> None:
    """A backup that is told to be there must be there after a power cut too."""
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
