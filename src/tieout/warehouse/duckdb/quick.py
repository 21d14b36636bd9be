"""The quick way to read large pages: casts that take only what is written as usual, and the proof that nothing is lost.

The proof counts: as many records, values and texts must have become rows as the pages' bytes tell (`marks`), and no
number may be so large that digits could be missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tieout.catalog import Kind, Stream
from tieout.warehouse.duckdb import casts
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.marks import Marks
from tieout.warehouse.sql import literal, quoted

RECORD_BYTES = 4 << 20  # the largest record; the reader takes twice that in memory for each thread
_WRITTEN_AS_TEXT = (Kind.TEXT, Kind.DATE, Kind.TIMESTAMP, Kind.UUID)


def select(stream: Stream, *others: str) -> str:
    """SQL that reads pages whole: the stream's columns and `others`, which are SQL; a parameter for the pages' paths."""
    fields = ", ".join(f"{literal(column.field)}: 'VARCHAR'" for column in stream.columns)
    values = [casts.plain(column, quoted(column.field)) for column in stream.columns]
    read = f"read_json(?, format = 'array', columns = {{{fields}}}, maximum_object_size = {RECORD_BYTES})"
    return f"select {', '.join([*values, *others])} from {read}"


def is_exact(connection: Connection, stream: Stream, rows: str, *, marks: Marks, paths: Sequence[str]) -> bool:
    """Whether `rows`, a table or a query, are all that the pages hold, to the last digit."""
    return _is_whole(connection, stream, rows, marks) and not _may_lack_digits(connection, stream, rows, paths)


def _is_whole(connection: Connection, stream: Stream, rows: str, marks: Marks) -> bool:
    """Whether as many records, values and texts became rows as the pages hold, each record with its key."""
    keys = [f"count({quoted(name)})" for name in stream.primary_key]
    all_, texts = (
        [f"count({quoted(c.name)})" for c in stream.columns if c.kind in kinds] or ["0"]
        for kinds in (tuple(Kind), _WRITTEN_AS_TEXT)
    )
    found = _one(
        connection, f"select count(*), least({', '.join(keys)}), {' + '.join(all_)}, {' + '.join(texts)} from {rows}"
    )
    records, keyed, values, written_as_text = (int(figure) for figure in found)
    return records == keyed == marks.records and marks.explained_by(values=values, texts=written_as_text)


def _may_lack_digits(connection: Connection, stream: Stream, rows: str, paths: Sequence[str]) -> bool:
    """Whether a number is so large that digits may be missing, and the pages have one with that many."""
    large = [
        f"coalesce(max(abs({quoted(column.name)})) >= {casts.LARGE[column.kind]}, false)"
        for column in stream.columns
        if column.kind in casts.LARGE
    ]
    if not large or not _one(connection, f"select {' or '.join(large)} from {rows}")[0]:
        return False
    records = f"read_json_objects(?, format = 'array', maximum_object_size = {RECORD_BYTES})"
    long = f"select count(*) from {records} where {casts.has_long_number('json::varchar')}"
    return bool(_one(connection, long, [list(paths)])[0])


def _one(connection: Connection, sql: str, values: list[object] | None = None) -> tuple[Any, ...]:
    found = connection.execute(sql, values or []).fetchone()
    assert found is not None, "an aggregate gives a row"
    return tuple(found)
