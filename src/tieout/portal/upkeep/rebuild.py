"""Reading a company from scratch into a new store beside the old one: for one that is damaged, or that nobody trusts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import perform, warehouses
from tieout.portal.syncs.models import Reason
from tieout.portal.upkeep.disk import require_room
from tieout.portal.workspaces.models import Workspace
from tieout.sync.events import Event
from tieout.warehouse.base import DamagedError, SourceStore
from tieout.warehouse.duckdb.rebuilding import beside


def rebuild(source: Source) -> Iterator[Event]:
    """Read all there is of a company anew; readers keep what was stored until it is whole. Ends with TiedOut.

    One that does not come to its end leaves what was stored, and the next one goes on. Raises UpkeepError, StorageError.
    """
    path = _path(source.workspace)
    require_room(path.parent, path.stat().st_size if path.exists() else 0)
    yield from perform.perform(source, reason=Reason.COMMAND, store_of=_beside)


def set_aside_if_damaged(workspace: Workspace) -> Path | None:
    """Move a file away that can't be opened, so that its workspace can be rebuilt; where it lies now, else None."""
    if not warehouses.exists(workspace):
        return None
    try:
        with warehouses.opened(workspace):
            return None
    except DamagedError:
        path = _path(workspace)
        aside = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
        path.rename(aside)
        log = Path(f"{path}.wal")
        if log.exists():
            log.rename(f"{aside}.wal")
        return aside


@contextmanager
def _beside(source: Source) -> Iterator[SourceStore]:
    streams = connector_of(source).streams
    with (
        warehouses.opened(source.workspace) as warehouse,
        beside(warehouse, str(source.pk), connector=source.connector, streams=streams) as store,
    ):
        yield store


def _path(workspace: Workspace) -> Path:
    home: Path = settings.TIEOUT.home
    return home / "warehouse" / f"{workspace.slug}.duckdb"
