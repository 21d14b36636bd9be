"""How staged rows become stored ones: compared with what is there, and applied with the cursors at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from tieout.catalog import How, Page, Stream
from tieout.warehouse.base import DoesNotFitError, Loaded, Scope
from tieout.warehouse.duckdb import personal, tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.missing import confirm
from tieout.warehouse.duckdb.staging import Staging
from tieout.warehouse.duckdb.straight import Straight
from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore


class DuckDBLoading:
    """See `base.Loading`. Lives on one connection, whose temporary tables hold what was staged."""

    def __init__(
        self, store: DuckDBStore, connection: Connection, stream: Stream, sync: int, straight: Straight | None = None
    ) -> None:
        self._store, self._connection, self._stream, self._sync = store, connection, stream, sync
        self._aside = personal.Aside(connection, stream, store.source_id)
        self._staging = Staging(connection, stream, straight, self._aside)

    @property
    def rows(self) -> int:
        """See `base.Loading.rows`."""
        return self._staging.rows

    def add(self, page: Page) -> int:
        """See `base.Loading.add`. A large page may be refused only when later ones are added, or at `finish`."""
        before = self.rows
        self._staging.add(page)
        return self.rows - before

    def finish(self) -> None:
        """Stage what still waits. Raises DoesNotFitError."""
        self._staging.finish()

    def close(self) -> None:
        """Let go of the connection, also where something was raised."""
        self._staging.close()

    def distinct(self) -> int:
        """See `base.Loading.distinct`."""
        self.finish()
        return self._staging.distinct()

    def staged(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """See `base.Loading.staged`."""
        self._keep_last_of_each_key()
        listed = ", ".join(quoted(name) for name in columns)
        return self._connection.execute(f"select {listed} from arrived").fetchall()

    def commit(self, scope: Scope, *, cursors: Mapping[str, str] | None = None) -> Loaded:
        """See `base.Loading.commit`."""
        rows = self._keep_last_of_each_key()
        noise = self._count("select coalesce(sum(_noise), 0) from staged")
        in_table = self._staging.in_table
        with self._store.warehouse.writing(self._connection, has_begun=in_table is not None):
            new, changed, removed, missing = apply(
                self._store, self._connection, self._stream, self._sync, scope, in_table=in_table
            )
            self._aside.keep()
            self._store.keep_cursors(self._connection, self._stream.name, self._sync, cursors or {})
            if self._stream.how is How.PARENTS or scope.parents:
                self._store.keep_answered(self._connection, self._stream.name, self._sync, scope)
            self._store.refresh_stream(self._connection, self._stream, touched=new + changed + removed > 0)
        return Loaded(
            rows=rows,
            new=new,
            changed=changed,
            removed=removed,
            missing=missing,
            noise=noise,
            unknown=tuple(sorted(self._staging.unknown)),
        )

    def _keep_last_of_each_key(self) -> int:
        """Records that came twice, from pages that shifted or were asked again: the last one is the newest.

        Gives the number of records, repeats once. `arrived` is a view where none came twice, which is the rule.
        """
        distinct = self.distinct()
        kept = "staged" if distinct == self.rows else "latest"
        if kept == "latest":
            by = ", ".join(quoted(name) for name in self._stream.primary_key) or "true"
            self._connection.execute(
                f"create or replace temp table latest as select * from staged "
                f"qualify row_number() over (partition by {by} order by _part desc, _place desc) = 1"
            )
        self._connection.execute(
            f"create or replace temp view arrived as select * exclude (_bad, _noise, _part, _place) from {kept}"
        )
        return distinct

    def _count(self, sql: str) -> int:
        found = self._connection.execute(sql).fetchone()
        return int(found[0]) if found else 0


@contextmanager
def loading(store: DuckDBStore, stream: Stream, sync: int) -> Iterator[DuckDBLoading]:
    """See `base.SourceStore.loading`."""
    table = tables.table(store.connector, stream.name)
    with store.warehouse.connection() as connection:
        straight = Straight(connection, stream, table=table, source_id=store.source_id, sync=sync)
        with closing(DuckDBLoading(store, connection, stream, sync, straight)) as begun:
            yield begun


def apply(
    store: DuckDBStore, connection: Connection, stream: Stream, sync: int, scope: Scope, *, in_table: int | None
) -> tuple[int, int, int, int]:
    """Make `arrived` the truth within the scope: how many rows are new, changed, removed, missing. Inside a transaction.

    Rows that really differ move to the versions; rows read again unchanged keep their `_sync_id`. `in_table`: so many are
    where they belong already, and nothing else was.
    """
    if in_table is not None or _is_empty(store, connection, stream):
        if scope.twice:
            connection.execute("create or replace temp table gone (key varchar)")
            confirm(store, connection, stream, sync)
        if in_table is not None:
            return in_table + _insert(store, connection, stream, sync, arrived="apart"), 0, 0, 0
        return _insert(store, connection, stream, sync), 0, 0, 0
    _find_gone(store, connection, stream, scope)
    missing = confirm(store, connection, stream, sync) if scope.twice else 0
    _find_changed(store, connection, stream)
    changed = _move(store, connection, stream, sync, deleted=False)
    removed = set_aside(store, connection, stream, sync, "gone", deleted=True)
    inserted = _insert(store, connection, stream, sync, beside_others=True)
    _refuse_doubles(store, connection, stream)
    return inserted - changed, changed, removed, missing


def set_aside(
    store: DuckDBStore, connection: Connection, stream: Stream, sync: int, keys: str, *, deleted: bool
) -> int:
    """Move the rows whose keys stand in the temporary table `keys` to the versions. How many there were."""
    some = connection.execute(f"select 1 from {keys} limit 1").fetchone()
    if some is None:
        return 0
    connection.execute(
        f"create or replace temp table aside as select t.rowid as place from "
        f"{tables.table(store.connector, stream.name)} t "
        f"where t._source_id = ? and {tables.key(stream, 't')} in (select key from {keys})",
        [store.source_id],
    )
    if deleted:
        personal.forget(connection, stream, store.source_id, keys)
    return _move(store, connection, stream, sync, deleted=deleted)


def _move(store: DuckDBStore, connection: Connection, stream: Stream, sync: int, *, deleted: bool) -> int:
    """Move the rows whose places stand in the temporary table `aside` to the versions. How many there were."""
    table, versions = (tables.table(store.connector, stream.name, versions=v) for v in (False, True))
    listed = ", ".join([*tables.columns(stream), "_source_id", "_sync_id"])
    connection.execute(
        f"insert into {versions} ({listed}, _valid_from_sync, _valid_to_sync, _deleted_at) "
        f"select {listed}, _sync_id, ?, {'now()' if deleted else 'null'} from {table} t "
        f"where t.rowid in (select place from aside)",
        [sync],
    )
    found = connection.execute(f"delete from {table} t where t.rowid in (select place from aside)").fetchone()
    return int(found[0]) if found else 0


def _is_empty(store: DuckDBStore, connection: Connection, stream: Stream) -> bool:
    table = tables.table(store.connector, stream.name)
    return (
        connection.execute(f"select 1 from {table} where _source_id = ? limit 1", [store.source_id]).fetchone() is None
    )


def _find_gone(store: DuckDBStore, connection: Connection, stream: Stream, scope: Scope) -> None:
    """Keys that the load should have and lacks, into `gone`."""
    condition, values = _within(stream, scope)
    connection.execute(
        f"create or replace temp table gone as select {tables.key(stream, 't')} as key "
        f"from {tables.table(store.connector, stream.name)} t where t._source_id = ? and {condition} "
        f"and not exists (select 1 from arrived a where {tables.same_key(stream, 't', 'a')})",
        [store.source_id, *values],
    )


def _find_changed(store: DuckDBStore, connection: Connection, stream: Stream) -> None:
    """Places of stored rows that differ from what arrived, into `aside`."""
    differs = " or ".join(f"t.{name} is distinct from a.{name}" for name in tables.columns(stream))
    connection.execute(
        f"create or replace temp table aside as select t.rowid as place "
        f"from {tables.table(store.connector, stream.name)} t join arrived a on {tables.same_key(stream, 't', 'a')} "
        f"where t._source_id = ? and ({differs})",
        [store.source_id],
    )


def _insert(
    store: DuckDBStore,
    connection: Connection,
    stream: Stream,
    sync: int,
    *,
    arrived: str = "arrived",
    beside_others: bool = False,
) -> int:
    """Insert what arrived and is not there, which only has to be looked at where the source has rows already."""
    table, listed = tables.table(store.connector, stream.name), ", ".join(tables.columns(stream))
    absent = f"not exists (select 1 from {table} t where t._source_id = ? and {tables.same_key(stream, 't', 'a')})"
    found = connection.execute(
        f"insert into {table} ({listed}, _source_id, _sync_id) select {listed}, ?, ? from {arrived} a "
        f"where {absent if beside_others else 'true'}",
        [store.source_id, sync, *([store.source_id] if beside_others else [])],
    ).fetchone()
    return int(found[0]) if found else 0


def _within(stream: Stream, scope: Scope) -> tuple[str, list[object]]:
    """Condition on stored rows `t`: those that the load must have, if they are still there at the source."""
    if scope.everything:
        return "true", []
    conditions: list[str] = []
    values: list[object] = []
    if scope.window and stream.window_column:
        conditions.append(f"t.{quoted(stream.window_column)} between ? and ?")
        values += [scope.window.first, scope.window.last]
    if scope.on and stream.window_column:
        conditions.append(f"t.{quoted(stream.window_column)} = ?")
        values.append(scope.on)
    if scope.parents and stream.parent_column:
        conditions.append(f"list_contains(?::varchar[], t.{quoted(stream.parent_column)}::varchar)")
        values.append(list(scope.parents))
    if scope.part and stream.divided_by:
        conditions.append(f"t.{quoted(stream.divided_by)} between ? and coalesce(?, t.{quoted(stream.divided_by)})")
        values += [scope.part.first, scope.part.last]
    return " and ".join(conditions) or "false", values


def _refuse_doubles(store: DuckDBStore, connection: Connection, stream: Stream) -> None:
    by = ", ".join(f"t.{quoted(name)}" for name in stream.primary_key) or "true"
    double = connection.execute(
        f"select 1 from {tables.table(store.connector, stream.name)} t "
        f"where t._source_id = ? and exists (select 1 from arrived a where {tables.same_key(stream, 't', 'a')}) "
        f"group by {by} having count(*) > 1 limit 1",
        [store.source_id],
    ).fetchone()
    if double:
        raise DoesNotFitError(stream.name, ", ".join(stream.primary_key), "two rows have the same key")
