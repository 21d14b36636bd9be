"""The embedded warehouse: one DuckDB file per workspace, locked by the process that owns TIEOUT_HOME."""

from __future__ import annotations

from pathlib import Path

from tieout.warehouse.base import SourceStore


class DuckDBWarehouse:
    """See `base.Warehouse`. Made by `open_warehouse`."""

    def source(self, source_id: str, *, connector: str) -> SourceStore:
        raise NotImplementedError

    def source_ids(self) -> list[str]:
        raise NotImplementedError

    def delete_source(self, source_id: str) -> None:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


def open_warehouse(path: Path, *, spool: Path, published: Path | None = None, memory: str = "512MB") -> DuckDBWarehouse:
    """Open (or make) a workspace's file. `spool` and `published` are the workspace's own folders. Raises BusyError."""
    raise NotImplementedError
