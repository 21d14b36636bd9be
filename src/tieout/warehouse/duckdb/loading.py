"""How pages become rows: staged as text, cast, compared with what is stored, and applied with the cursors at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from tieout.catalog import Column, How, Page, Stream
from tieout.warehouse.base import DoesNotFitError, Loaded, Scope
from tieout.warehouse.duckdb import casts, tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.missing import confirm
from tieout.warehouse.duckdb.tables import TYPES, quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.store import DuckDBStore

_RECORD_BYTES = 4 << 20  # the largest record; the reader takes twice that in memory for each thread


class DuckDBLoading:
    """See `base.Loading`. Lives on one connection, whose temporary tables hold what was staged."""

    def __init__(self, store: DuckDBStore, connection: Connection, stream: Stream, sync: int) -> None:
        self.rows = 0
        self._store, self._connection, self._stream, self._sync = store, connection, stream, sync
        self._unknown: set[str] = set()
        self._noise = 0
        declared = [f"{quoted(column.name)} {TYPES[column.kind]}" for column in stream.columns]
        own = ["_extra JSON", "_bad VARCHAR", "_noise INTEGER"]
        connection.execute(f"create or replace temp table staged ({', '.join(declared + own)})")

    def add(self, page: Page) -> int:
        """See `base.Loading.add`."""
        unknown = self._read(page)
        fixed = [column.name for column in self._stream.columns if column.name in page.fixed]
        texts = [page.fixed[name] for name in fixed]
        self._connection.execute(_stage(self._stream, fixed, unknown), texts)
        self._refuse_what_does_not_fit()
        self._unknown.update(unknown)
        before, self.rows = self.rows, self._count("select count(*) from staged")
        return self.rows - before

    def distinct(self) -> int:
        """See `base.Loading.distinct`."""
        keys = ", ".join(quoted(name) for name in self._stream.primary_key)
        return self._count(f"select count(*) from (select distinct {keys or 'true'} from staged)")

    def staged(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """See `base.Loading.staged`."""
        self._keep_last_of_each_key()
        listed = ", ".join(quoted(name) for name in columns)
        return self._connection.execute(f"select {listed} from arrived").fetchall()

    def commit(self, scope: Scope, *, cursors: Mapping[str, str] | None = None) -> Loaded:
        """See `base.Loading.commit`."""
        self._noise = self._count("select coalesce(sum(_noise), 0) from staged")
        self._keep_last_of_each_key()
        with self._store.warehouse.writing(self._connection):
            new, changed, removed, missing = apply(self._store, self._connection, self._stream, self._sync, scope)
            self._store.keep_cursors(self._connection, self._stream.name, self._sync, cursors or {})
            if self._stream.how is How.PARENTS or scope.parents:
                self._store.keep_answered(self._connection, self._stream.name, self._sync, scope)
            self._store.refresh_stream(self._connection, self._stream, touched=new + changed + removed > 0)
        rows = self._count("select count(*) from arrived")
        return Loaded(
            rows=rows,
            new=new,
            changed=changed,
            removed=removed,
            missing=missing,
            noise=self._noise,
            unknown=tuple(sorted(self._unknown)),
        )

    def _read(self, page: Page) -> list[str]:
        """Bring a page in as records of JSON text; give the keys that no column declares."""
        read = f"read_json_objects(?, format = 'array', maximum_object_size = {_RECORD_BYTES})"
        try:
            self._connection.execute(
                f"create or replace temp table page as select json::varchar as record from {read}", [str(page.path)]
            )
        except (duckdb.InvalidInputException, duckdb.IOException) as error:
            if isinstance(error, duckdb.IOException) and not page.path.exists():
                raise
            raise DoesNotFitError(self._stream.name, "*", "the answer is cut short or not a list") from error
        if self._count("select count(*) from page where json_type(record) <> 'OBJECT'"):
            raise DoesNotFitError(self._stream.name, "*", "the answer is a list of something else than records")
        found = self._connection.execute(
            "select distinct unnest(keys) from (select distinct json_keys(record) as keys from page)"
        ).fetchall()
        known = {column.field for column in self._stream.columns}
        return sorted({key for (key,) in found} - known)

    def _refuse_what_does_not_fit(self) -> None:
        bad = self._connection.execute("select _bad from staged where _bad is not null limit 1").fetchone()
        if bad:
            kind = self._stream.column(bad[0]).kind
            raise DoesNotFitError(self._stream.name, bad[0], casts.WHY[kind])
        for name in self._stream.primary_key:
            if self._count(f"select count(*) from staged where {quoted(name)} is null"):
                raise DoesNotFitError(self._stream.name, name, "a record came without its key")

    def _keep_last_of_each_key(self) -> None:
        """Records that came twice, from pages that shifted or were asked again: the last one is the newest."""
        by = ", ".join(quoted(name) for name in self._stream.primary_key) or "true"
        self._connection.execute(
            f"create or replace temp table arrived as select * exclude (_bad, _noise) from staged "
            f"qualify row_number() over (partition by {by} order by staged.rowid desc) = 1"
        )

    def _count(self, sql: str) -> int:
        found = self._connection.execute(sql).fetchone()
        return int(found[0]) if found else 0


@contextmanager
def loading(store: DuckDBStore, stream: Stream, sync: int) -> Iterator[DuckDBLoading]:
    """See `base.SourceStore.loading`."""
    with store.warehouse.connection() as connection:
        yield DuckDBLoading(store, connection, stream, sync)


def _stage(stream: Stream, fixed: list[str], unknown: list[str]) -> str:
    """SQL that casts the page's records into `staged`; a parameter for each fixed column's text."""
    paths = ", ".join(_literal(_path(column.field or column.name)) for column in stream.columns)
    texts = [
        f"?::varchar as t{n}" if column.name in fixed else f"found[{n + 1}] as t{n}"
        for n, column in enumerate(stream.columns)
    ]
    values = [_value(column, n) for n, column in enumerate(stream.columns)]
    bad = " ".join(
        f"when t{n} is not null and v{n} is null then {_literal(c.name)}" for n, c in enumerate(stream.columns)
    )
    noise = [casts.noisy(column, f"t{n}", f"v{n}") for n, column in enumerate(stream.columns)]
    return (
        f"insert into staged with "
        f"found as (select record, json_extract_string({casts.exact('record')}, [{paths}]) as found from page), "
        f"texts as (select record, {', '.join(texts)} from found), "
        f"cast_ as (select *, {', '.join(values)} from texts) "
        f"select {', '.join(f'v{n}' for n in range(len(values)))}, {_extra(unknown)}, "
        f"case {bad} end, {' + '.join(part for part in noise if part) or '0'} from cast_"
    )


def _value(column: Column, n: int) -> str:
    if column.kind.value == "json":
        return f"case when t{n} is not null then json_extract(record, {_literal(_path(column.field))}) end as v{n}"
    return f"{casts.typed(column, f't{n}')} as v{n}"


def _extra(unknown: list[str]) -> str:
    """What the source told beyond the catalog, kept as one JSON object; null where a record has nothing more."""
    if not unknown:
        return "null"
    pairs = ", ".join(f"{_literal(key)}, json_extract(record, {_literal(_path(key))})" for key in unknown)
    return f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')::json"


def _path(field: str) -> str:
    return '$."' + field.replace('"', '\\"') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def apply(
    store: DuckDBStore, connection: Connection, stream: Stream, sync: int, scope: Scope
) -> tuple[int, int, int, int]:
    """Make `arrived` the truth within the scope: how many rows are new, changed, removed, missing. Inside a transaction.

    Rows that really differ move to the versions; rows read again unchanged keep their `_sync_id`.
    """
    table = tables.table(store.connector, stream.name)
    names = tables.columns(stream)
    differs = " or ".join(f"t.{name} is distinct from a.{name}" for name in names)
    connection.execute(
        f"create or replace temp table changed as select {tables.key(stream, 't')} as key from {table} t "
        f"join arrived a on {tables.same_key(stream, 't', 'a')} where t._source_id = ? and ({differs})",
        [store.source_id],
    )
    condition, values = _within(stream, scope)
    connection.execute(
        f"create or replace temp table gone as select {tables.key(stream, 't')} as key from {table} t "
        f"where t._source_id = ? and {condition} "
        f"and not exists (select 1 from arrived a where {tables.same_key(stream, 't', 'a')})",
        [store.source_id, *values],
    )
    missing = confirm(store, connection, stream, sync) if scope.twice else 0
    changed = set_aside(store, connection, stream, sync, "changed", deleted=False)
    removed = set_aside(store, connection, stream, sync, "gone", deleted=True)
    listed = ", ".join(names)
    inserted = connection.execute(
        f"insert into {table} ({listed}, _source_id, _sync_id) select {listed}, ?, ? from arrived a "
        f"where not exists (select 1 from {table} t where t._source_id = ? and {tables.same_key(stream, 't', 'a')})",
        [store.source_id, sync, store.source_id],
    ).fetchone()
    _refuse_doubles(store, connection, stream)
    return (int(inserted[0]) if inserted else 0) - changed, changed, removed, missing


def set_aside(
    store: DuckDBStore, connection: Connection, stream: Stream, sync: int, keys: str, *, deleted: bool
) -> int:
    """Move the rows whose keys stand in the temporary table `keys` to the versions. How many there were."""
    table, versions = (tables.table(store.connector, stream.name, versions=v) for v in (False, True))
    listed = ", ".join([*tables.columns(stream), "_source_id", "_sync_id"])
    these = f"_source_id = ? and {tables.key(stream, 't')} in (select key from {keys})"
    connection.execute(
        f"insert into {versions} ({listed}, _valid_from_sync, _valid_to_sync, _deleted_at) "
        f"select {listed}, _sync_id, ?, {'now()' if deleted else 'null'} from {table} t where {these}",
        [sync, store.source_id],
    )
    found = connection.execute(f"delete from {table} t where {these}", [store.source_id]).fetchone()
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
