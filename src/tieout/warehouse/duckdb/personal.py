"""Personal data: what a data source hides lies in `hidden.fields`, what is not fetched nowhere, and what was erased stays so.

Which columns, and in which records, the streams say: `catalog.Mark`, and `Stream.as_chosen` for the source's own choices.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tieout.catalog import Column, Stream, Where
from tieout.warehouse.duckdb import tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.rewrite import rewrite
from tieout.warehouse.publish import publish_alone
from tieout.warehouse.sql import literal, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore


class Aside:
    """What one load hides. Within its connection: `take_out` empties what was read, `keep` stores it with the rows."""

    def __init__(self, connection: Connection, stream: Stream, source_id: str) -> None:
        self._connection, self._stream, self._source_id = connection, stream, source_id
        self._columns = [stream.column(name) for name in stream.hidden]
        self._repeating = _repeating([stream])

    def take_out(self, rows: str, where: str = "true") -> None:
        """Empty what is hidden or erased in a table, once for all: what came before the call is remembered."""
        for repeat in self._repeating if self._has_erased() else ():
            self._connection.execute(
                f"update {rows} as r set {quoted(repeat.column)} = null where {where} and {repeat.is_of_erased('r')}",
                [self._source_id],
            )
        if not self._columns:
            return
        self._connection.execute(
            'create temp table if not exists hidden_now (key varchar, "column" varchar, value varchar)'
        )
        for column in self._columns:
            name = quoted(column.name)
            meant = f"{where} and r.{name} is not null and {is_meant(column, self._stream, 'r')}"
            self._connection.execute(
                f"insert into hidden_now select {tables.key(self._stream, 'r')}, {literal(column.name)}, {name}::varchar "
                f"from {rows} r where {meant}"
            )
            self._connection.execute(f"update {rows} as r set {name} = null where {meant}")

    def _has_erased(self) -> bool:
        asked = self._connection.execute(
            "select 1 from tieout.erased_contacts where source_id = ? limit 1", [self._source_id]
        )
        return asked.fetchone() is not None

    def keep(self) -> None:
        """Store what was taken out in place of what the same records had before. Inside the transaction of the rows."""
        if self._stream.has_contacts:  # who is there again is not erased any more
            self._connection.execute(
                f"delete from tieout.erased_contacts where source_id = ? and stream = ? "
                f"and key in (select {tables.key(self._stream, 'a')} from arrived a)",
                [self._source_id, self._stream.name],
            )
        if not self._columns:
            return
        ours = f"_source_id = {literal(self._source_id)} and stream = {literal(self._stream.name)}"
        if self._connection.execute(f"select 1 from hidden.fields where {ours} limit 1").fetchone():
            self._connection.execute(
                f"delete from hidden.fields where {ours} and key in (select {tables.key(self._stream, 'a')} from arrived a)"
            )
        self._connection.execute(
            'insert into hidden.fields select ?, ?, key, "column", value from hidden_now '
            'qualify row_number() over (partition by key, "column" order by rowid desc) = 1',
            [self._source_id, self._stream.name],
        )
        self._connection.execute("drop table hidden_now")


def forget(connection: Connection, stream: Stream, source_id: str, keys: str) -> None:
    """Let go of what is hidden of rows that are removed, whose keys stand in the temporary table `keys`."""
    if stream.hidden:
        connection.execute(
            f"delete from hidden.fields where _source_id = ? and stream = ? and key in (select key from {keys})",
            [source_id, stream.name],
        )


def is_meant(column: Column, stream: Stream, alias: str) -> str:
    """SQL: whether a record's value in a marked column is personal."""
    assert column.mark is not None
    return f"({' or '.join(_holds(stream.column(w.column), w, alias) for w in column.mark.where) or 'true'})"


def _holds(column: Column, where: Where, alias: str) -> str:
    name = f"{alias}.{quoted(column.name)}"
    held = f"{name}::varchar in ({', '.join(map(literal, where.values))})" if where.values else f"{name} is not null"
    return f"({held} or {name} is null)" if where.or_missing else f"coalesce({held}, false)"


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A column that repeats the data of the contact whose key stands in the column `key` beside it."""

    stream: Stream
    column: str
    party: str
    key: str

    def is_of_erased(self, alias: str) -> str:
        """SQL with a parameter, the source: whether the contact was erased, and is somebody."""
        return (
            f"{alias}.{quoted(self.key)}::varchar in (select key from tieout.erased_contacts "
            f"where source_id = ? and stream = {literal(self.party)} and is_person)"
        )


def _repeating(streams: Iterable[Stream]) -> list[_Repeat]:
    return [
        _Repeat(stream, column.name, *column.mark.of)
        for stream in streams
        for column in stream.columns
        if column.mark and column.mark.of
    ]


def _is_person(party: Stream, alias: str) -> str:
    """SQL: whether a contact is somebody, not a company: then also what only names it is personal."""
    named = [column for column in party.columns if column.mark and column.mark.where]
    return " and ".join(is_meant(column, party, alias) for column in named) or "true"


def rearrange(store: DuckDBStore, streams: Sequence[Stream]) -> None:
    """Make the stored rows as the source's choices have them, whatever they were; then the file and the published copy anew.

    What is hidden leaves tables and versions, what is not fetched leaves `hidden.fields` too; what is shown comes back from
    there.
    """
    with store.warehouse.writing() as connection:
        for stream in streams:
            marked = [column for column in stream.columns if column.mark]
            for column in marked:
                _rearrange(store, connection, stream, column)
            if marked:
                _touch(store, connection, stream)
    rewrite(store.warehouse)
    publish_alone(store.warehouse, store.source_id)


def _rearrange(store: DuckDBStore, connection: Connection, stream: Stream, column: Column) -> None:
    table, versions = (tables.table(store.connector, stream.name, versions=old) for old in (False, True))
    name, own = quoted(column.name), [store.source_id, stream.name, column.name]
    held = 'h._source_id = $1 and h.stream = $2 and h."column" = $3'
    same = f"t._source_id = $1 and h.key = {tables.key(stream, 't')}"
    if column.name in stream.hidden:
        meant = f"t._source_id = $1 and t.{name} is not null and {is_meant(column, stream, 't')}"
        connection.execute(f"delete from hidden.fields h using {table} t where {held} and {same} and {meant}", own)
        connection.execute(
            f"insert into hidden.fields select $1, $2, {tables.key(stream, 't')}, $3, t.{name}::varchar from {table} t "
            f"where {meant}",
            own,
        )
    elif column.name not in (*stream.unasked, *stream.emptied):
        kind = tables.TYPES[column.kind]
        connection.execute(
            f"update {table} as t set {name} = h.value::{kind} from hidden.fields h where {held} and {same}", own
        )
        connection.execute(f"delete from hidden.fields h where {held}", own)
        return
    else:
        connection.execute(f"delete from hidden.fields h where {held}", own)
    for rows in (table, versions):
        connection.execute(
            f"update {rows} as t set {name} = null where t._source_id = ? and t.{name} is not null "
            f"and {is_meant(column, stream, 't')}",
            [store.source_id],
        )


def erase(store: DuckDBStore, streams: Sequence[Stream], *, before: datetime, at: datetime) -> int:
    """Erase the personal data of contacts that the source removed before a moment: in their versions, in rows that repeat
    them, and in every copy. Returns how many contacts. What names a company is not personal, and stays.
    """
    with store.warehouse.writing() as connection:
        erased = sum(
            _erase(store, connection, stream, streams, before, at) for stream in streams if stream.has_contacts
        )
    if erased:
        rewrite(store.warehouse)
        publish_alone(store.warehouse, store.source_id)
    return erased


def _erase(
    store: DuckDBStore, connection: Connection, party: Stream, streams: Sequence[Stream], before: datetime, at: datetime
) -> int:
    table, versions = (tables.table(store.connector, party.name, versions=old) for old in (False, True))
    key, old_key = tables.key(party, "v"), tables.same_key(party, "t", "v")
    found = connection.execute(
        f"insert into tieout.erased_contacts select $1, $2, {key}, bool_or({_is_person(party, 'v')}), $4 "
        f"from {versions} v where v._source_id = $1 and v._deleted_at < $3 "
        f"and not exists (select 1 from {table} t where t._source_id = $1 and {old_key}) and not exists (select 1 "
        f"from tieout.erased_contacts e where e.source_id = $1 and e.stream = $2 and e.key = {key}) group by {key}",
        [store.source_id, party.name, before, at],
    ).fetchone()
    if not found or not found[0]:
        return 0
    gone = "(select key from tieout.erased_contacts where source_id = $1 and stream = $2)"
    for column in party.columns:
        if column.mark:
            connection.execute(
                f"update {versions} as v set {quoted(column.name)} = null where v._source_id = $1 "
                f"and {tables.key(party, 'v')} in {gone} and {is_meant(column, party, 'v')}",
                [store.source_id, party.name],
            )
    connection.execute(
        f"delete from hidden.fields where _source_id = $1 and stream = $2 and key in {gone}",
        [store.source_id, party.name],
    )
    _touch(store, connection, party)
    for repeat in _repeating(streams):
        if repeat.party == party.name:
            _erase_repeated(store, connection, repeat)
    return int(found[0])


def _erase_repeated(store: DuckDBStore, connection: Connection, repeat: _Repeat) -> None:
    table, key = tables.table(store.connector, repeat.stream.name), tables.key(repeat.stream, "t")
    connection.execute(
        f'delete from hidden.fields where _source_id = ? and stream = ? and "column" = ? '
        f"and key in (select {key} from {table} t where t._source_id = ? and {repeat.is_of_erased('t')})",
        [store.source_id, repeat.stream.name, repeat.column, store.source_id, store.source_id],
    )
    for old in (False, True):
        rows = tables.table(store.connector, repeat.stream.name, versions=old)
        connection.execute(
            f"update {rows} as t set {quoted(repeat.column)} = null where t._source_id = ? and {repeat.is_of_erased('t')}",
            [store.source_id, store.source_id],
        )
    _touch(store, connection, repeat.stream)


def _touch(store: DuckDBStore, connection: Connection, stream: Stream) -> None:
    """The published copy follows `touched`."""
    connection.execute(
        "update tieout.streams set touched = touched + 1 where source_id = ? and stream = ?",
        [store.source_id, stream.name],
    )
