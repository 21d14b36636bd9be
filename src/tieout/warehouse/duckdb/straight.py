"""The first rows that a source has of a stream: read straight into the table, in a transaction that can be given up.

There is nothing to compare them with, so that staging them would only copy them: a third of the time, and their size in
memory. Nobody else sees them before the commit; where they are not all that the pages hold, they are taken back.
"""

from __future__ import annotations

from contextlib import suppress

import duckdb

from tieout.catalog import Page, Stream
from tieout.warehouse.duckdb import quick, tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.marks import Marks
from tieout.warehouse.sql import literal

UNREADABLE = (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException)


class Straight:
    """A transaction from the first `read` on, in which `rows`, a query, are what the pages became."""

    def __init__(self, connection: Connection, stream: Stream, *, table: str, source_id: str, sync: int) -> None:
        self._connection, self._stream = connection, stream
        self._paths: list[str] = []
        self._marks = Marks()
        self.table, self._own = table, ("null", literal(source_id), str(sync))
        self.ours = f"_source_id = {literal(source_id)}"
        self.rows = f"(select {', '.join(tables.columns(stream))} from {table} where {self.ours})"

    @property
    def has_begun(self) -> bool:
        return bool(self._paths)

    @property
    def count(self) -> int:
        """How many rows were read."""
        return self._marks.records

    def is_possible(self) -> bool:
        """Whether the source has no rows yet."""
        return self._connection.execute(f"from {self.rows} limit 1").fetchone() is None

    def read(self, pages: list[Page], marks: Marks) -> bool:
        """Read pages into the table. False: what all of them became can't stand, and `take_back` must follow.

        Whether it can is proved with the first pages, so that a source which always tells more than we know is not read
        twice, and for all of them by `is_exact`.
        """
        is_first, paths = not self._paths, [str(page.path) for page in pages]
        if is_first:
            self._connection.execute("begin")
        self._paths += paths
        self._marks += marks
        try:
            self._connection.execute(self._insertion(), [paths])
        except UNREADABLE:
            return False
        return not is_first or self.is_exact()

    def is_exact(self) -> bool:
        """Whether the rows are all that the pages hold."""
        return quick.is_exact(self._connection, self._stream, self.rows, marks=self._marks, paths=self._paths)

    def take_back(self) -> None:
        """End the transaction without a trace. Temporary tables that were made in it go too."""
        with suppress(duckdb.TransactionException):  # an error may have ended it
            self._connection.execute("rollback")

    def _insertion(self) -> str:
        listed = ", ".join([*tables.columns(self._stream), "_source_id", "_sync_id"])
        return f"insert into {self.table} ({listed}) {quick.select(self._stream, *self._own)}"
