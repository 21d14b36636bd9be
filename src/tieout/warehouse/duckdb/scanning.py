"""Complete scans of keys: what two of them do not see is gone at the source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tieout.catalog import Page, Stream
from tieout.warehouse.base import EMPTY_SCAN, Scanned
from tieout.warehouse.duckdb import tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.loading import DuckDBLoading, set_aside
from tieout.warehouse.duckdb.missing import confirm

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore


class DuckDBScanning:
    """See `base.Scanning`."""

    def __init__(self, store: DuckDBStore, connection: Connection, stream: Stream, sync: int) -> None:
        self._store, self._connection, self._stream, self._sync = store, connection, stream, sync
        keys = tuple(stream.column(name) for name in stream.primary_key)
        self._loading = DuckDBLoading(store, connection, replace(stream, columns=keys), sync)

    def add(self, page: Page) -> int:
        """See `base.Scanning.add`. Fields other than keys are ignored."""
        return self._loading.add(page)

    def distinct(self) -> int:
        """See `base.Loading.distinct`."""
        return self._loading.distinct()

    def close(self) -> None:
        """Let go of the connection, also where something was raised."""
        self._loading.close()

    def commit(self, *, cursors: Mapping[str, str] | None = None) -> Scanned:
        """See `base.Scanning.commit`."""
        store, stream, connection = self._store, self._stream, self._connection
        self._loading.finish()
        with store.warehouse.writing(connection):
            connection.execute(self._lacking(), [store.source_id])
            missing = self._number("select count(*) from gone")
            if self._is_unconfirmed_emptiness(missing):
                store.keep_cursors(connection, stream.name, self._sync, {EMPTY_SCAN: str(self._sync)})
                return Scanned(seen=0, missing=missing, removed=0)
            confirm(store, connection, stream, self._sync, is_confirmed=not self._loading.rows)
            removed = set_aside(store, connection, stream, self._sync, "gone", deleted=True)
            self._remember(cursors or {})
            store.refresh_stream(connection, stream, touched=removed > 0)
        return Scanned(seen=self._loading.rows, missing=missing - removed, removed=removed)

    def _lacking(self) -> str:
        stream = self._stream
        return (
            f"create or replace temp table gone as select {tables.key(stream, 't')} as key "
            f"from {tables.table(self._store.connector, stream.name)} t where t._source_id = ? "
            f"and not exists (select 1 from staged a where {tables.same_key(stream, 't', 'a')})"
        )

    def _is_unconfirmed_emptiness(self, missing: int) -> bool:
        """An empty answer where rows are stored may be a fault of the source: another sync must see it too."""
        if self._loading.rows or not missing:
            return False
        earlier = self._store.cursors(self._stream.name).get(EMPTY_SCAN)
        return earlier is None or (int(earlier) >= self._sync and not self._stream.vanishes)

    def _remember(self, cursors: Mapping[str, str]) -> None:
        self._connection.execute(
            "delete from tieout.cursors where source_id = ? and stream = ? and kind = ?",
            [self._store.source_id, self._stream.name, EMPTY_SCAN],
        )
        self._store.keep_cursors(self._connection, self._stream.name, self._sync, cursors)

    def _number(self, sql: str) -> int:
        found = self._connection.execute(sql).fetchone()
        return int(found[0]) if found else 0


@contextmanager
def scanning(store: DuckDBStore, stream: Stream, sync: int) -> Iterator[DuckDBScanning]:
    """See `base.SourceStore.scanning`."""
    with store.warehouse.connection() as connection, closing(DuckDBScanning(store, connection, stream, sync)) as scan:
        yield scan
