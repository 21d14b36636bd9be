"""What tests of warehouses share: a desk at which records become pages, pages become rows, and rows can be looked at."""

from __future__ import annotations

import gzip
import itertools
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tieout.catalog import Column, How, Kind, Page, Stream
from tieout.warehouse import browse
from tieout.warehouse.base import CHANGES, Loaded, Scanned, Scope
from tieout.warehouse.duckdb import DuckDBWarehouse

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
THINGS = Stream(
    name="things",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("day", "Day", Kind.DATE),
        Column("amount", "Amount", Kind.MONEY),
        Column("text", "Text", Kind.TEXT),
        Column("more", "More", Kind.JSON),
    ),
    windowed=True,
    window_column="day",
)
PARTS = Stream(
    name="parts",
    columns=(Column("thing_id", "", Kind.INTEGER), Column("id", "Id", Kind.INTEGER), Column("text", "Text", Kind.TEXT)),
    how=How.PARENTS,
    parent="things",
    parent_column="thing_id",
    deferred=True,
)
SETTINGS = Stream(name="settings", columns=(Column("month", "Month", Kind.TEXT),), primary_key=())
ORDERS = Stream(name="orders", columns=(Column("id", "Id", Kind.INTEGER),), key_scan=True, vanishes=True)
STREAMS = (THINGS, PARTS, SETTINGS, ORDERS)


class Desk:
    """One source's store in a warehouse, and short ways to load and look."""

    def __init__(self, warehouse: DuckDBWarehouse, folder: Path, source_id: str = "source-1") -> None:
        self.warehouse, self._folder = warehouse, folder
        self.store = warehouse.source(source_id, connector="toy")
        self.store.prepare(STREAMS)
        self.sync = self.store.begin_sync(NOW)
        self._numbers = itertools.count(1)
        folder.mkdir(parents=True, exist_ok=True)

    def page(self, records: Any, **fixed: str) -> Page:
        """A page of records; a text or bytes is spooled as it is."""
        number = next(self._numbers)
        body = records if isinstance(records, str) else json.dumps(records)
        path = self._folder / f"{number:05d}.json.gz"
        path.write_bytes(gzip.compress(body.encode()))
        return Page(path=path, number=number, fixed=fixed)

    def load(
        self, *pages: Any, stream: Stream = THINGS, scope: Scope = CHANGES, cursors: dict[str, str] | None = None
    ) -> Loaded:
        with self.store.loading(stream, self.sync) as loading:
            for page in pages:
                loading.add(page if isinstance(page, Page) else self.page(page))
            return loading.commit(scope, cursors=cursors)

    def scan(self, *keys: int, stream: Stream = THINGS) -> Scanned:
        with self.store.scanning(stream, self.sync) as scanning:
            if keys:
                scanning.add(self.page([{"Id": key} for key in keys]))
            return scanning.commit()

    def next_sync(self) -> int:
        self.sync = self.store.begin_sync(NOW)
        return self.sync

    def rows(self, name: str = "things", *columns: str, schema: str = "raw_toy") -> list[tuple[Any, ...]]:
        """Chosen columns of all rows (at most a page), sorted."""
        found = browse.rows(self.warehouse, schema, name)
        names = [column.name for column in found.columns]
        wanted = [names.index(column) for column in columns] if columns else range(len(names))
        return sorted(tuple(row[i] for i in wanted) for row in found.rows)
