"""The warehouses this process has open: one per workspace, shared by its threads, closed when nobody reads for a while."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tieout import reports
from tieout.warehouse.base import BusyError
from tieout.warehouse.duckdb import DuckDBWarehouse, open_warehouse

if TYPE_CHECKING:
    from tieout.config import Settings
    from tieout.portal.sources.models import Source
    from tieout.portal.workspaces.models import Workspace
    from tieout.warehouse.base import SourceStore

IDLE_SECONDS = 300
DELETE_PATIENCE_SECONDS = 10.0  # for those who read when a workspace is removed


@dataclass
class _Held:
    warehouse: DuckDBWarehouse
    users: int
    last_used: float


_held: dict[str, _Held] = {}
_guard = threading.Lock()


@contextmanager
def opened(workspace: Workspace) -> Iterator[DuckDBWarehouse]:
    """A workspace's warehouse, open at least as long as the block runs. Raises BusyError."""
    held = _take(workspace.slug)
    try:
        yield held.warehouse
    finally:
        with _guard:
            held.users -= 1
            held.last_used = time.monotonic()


@contextmanager
def store_of(source: Source) -> Iterator[SourceStore]:
    """One data source's part of its workspace's warehouse."""
    with opened(source.workspace) as warehouse:
        yield warehouse.source(str(source.pk), connector=source.connector)


def drop_spool(source: Source) -> None:
    """Throw away what a data source's spool holds."""
    shutil.rmtree(_home() / "spool" / source.workspace.slug / str(source.pk), ignore_errors=True)


def delete(workspace: Workspace) -> None:
    """Delete a workspace's warehouse for good: its file, published copies and spool. Raises BusyError while it is read."""
    until = time.monotonic() + DELETE_PATIENCE_SECONDS
    while not _let_go(workspace.slug):
        if time.monotonic() > until:
            raise BusyError("The warehouse is still being read. Nothing of it was deleted.")
        time.sleep(0.1)
    for file in (_home() / "warehouse").glob(f"{workspace.slug}.duckdb*"):
        file.unlink()
    for folder in (_home() / "spool" / workspace.slug, _home() / "published" / workspace.slug):
        if folder.exists():
            shutil.rmtree(folder)


def _let_go(slug: str) -> bool:
    """Close a warehouse that nobody uses; whether it is closed now."""
    with _guard:
        held = _held.get(slug)
        if held and held.users:
            return False
        if held:
            _held.pop(slug).warehouse.close()
        return True


def close_idle(*, idle_seconds: float = IDLE_SECONDS) -> int:
    """Close warehouses that nobody has used for a while; returns how many."""
    before = time.monotonic() - idle_seconds
    with _guard:
        idle = [slug for slug, held in _held.items() if held.users == 0 and held.last_used <= before]
        for slug in idle:
            _held.pop(slug).warehouse.close()
    return len(idle)


def close_all() -> None:
    """Close every warehouse, those in use too: this process ends."""
    with _guard:
        while _held:
            _held.popitem()[1].warehouse.close()


def _take(slug: str) -> _Held:
    with _guard:
        if slug not in _held:
            _held[slug] = _Held(warehouse=_open(slug), users=0, last_used=time.monotonic())
        _held[slug].users += 1
        return _held[slug]


def _open(slug: str) -> DuckDBWarehouse:
    installation: Settings = settings.TIEOUT
    path = installation.home / "warehouse" / f"{slug}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    return open_warehouse(
        path,
        spool=installation.home / "spool" / slug,
        published=installation.home / "published" / slug,
        memory=installation.duckdb_memory,
        views=reports.views,
    )


def _home() -> Path:
    installation: Settings = settings.TIEOUT
    return installation.home


def exists(workspace: Workspace) -> bool:
    """Whether a workspace has a warehouse yet; its first sync makes it."""
    return workspace.slug in _held or (_home() / "warehouse" / f"{workspace.slug}.duckdb").exists()
