"""One data source's part of a workspace's file: syncs, streams, cursors, and the sums a tie-out asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tieout.catalog import Stream
from tieout.warehouse.base import (
    Loading,
    Outcome,
    Scanning,
    Scope,
    SourceSummary,
    StreamRun,
    StreamState,
    StreamSummary,
    Sums,
    SyncKind,
    SyncRecord,
    TieOut,
)
from tieout.warehouse.duckdb import history, personal, tables
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.loading import loading, set_aside
from tieout.warehouse.duckdb.proving import ProvingPart
from tieout.warehouse.duckdb.scanning import scanning
from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse


class DuckDBStore(ProvingPart):
    """See `base.SourceStore`."""

    def __init__(self, warehouse: DuckDBWarehouse, source_id: str, connector: str) -> None:
        self.warehouse, self.source_id, self.connector = warehouse, source_id, connector

    @property
    def spool(self) -> Path:
        """See `base.SourceStore.spool`."""
        return self.warehouse.spool / self.source_id

    def prepare(self, streams: Sequence[Stream]) -> None:
        """See `base.SourceStore.prepare`."""
        with self.warehouse.writing() as connection:
            tables.prepare(connection, self.connector, streams)
            connection.execute(
                "insert into tieout.sources select $1, $2, '', '' "
                "where not exists (select 1 from tieout.sources where source_id = $1)",
                [self.source_id, self.connector],
            )
            for position, stream in enumerate(streams):
                connection.execute(
                    "update tieout.streams set position = $3 where source_id = $1 and stream = $2 and position <> $3",
                    [self.source_id, stream.name, position],
                )
                connection.execute(
                    "insert into tieout.streams (source_id, stream, position, state) select $1, $2, $3, $4 "
                    "where not exists (select 1 from tieout.streams where source_id = $1 and stream = $2)",
                    [self.source_id, stream.name, position, StreamState.WAITING],
                )
        self.warehouse.make_views()

    def keep_company(self, *, name: str, organisation_number: str) -> None:
        """See `base.SourceStore.keep_company`."""
        with self.warehouse.writing() as connection:
            connection.execute(
                "update tieout.sources set name = ?, organisation_number = ? where source_id = ?",
                [name, organisation_number, self.source_id],
            )

    def begin_sync(self, at: datetime, *, kind: SyncKind = SyncKind.SYNC) -> int:
        """See `base.SourceStore.begin_sync`."""
        with self.warehouse.writing() as connection:
            connection.execute(
                "update tieout.syncs set outcome = ?, finished_at = ? where source_id = ? and outcome is null",
                [Outcome.INTERRUPTED, at, self.source_id],
            )
            sync = history.next_number(connection, "sync")
            connection.execute(
                "insert into tieout.syncs (id, source_id, kind, started_at) values (?, ?, ?, ?)",
                [sync, self.source_id, kind, at],
            )
        return sync

    def finish_sync(
        self,
        sync: int,
        outcome: Outcome,
        *,
        at: datetime,
        reason: str | None = None,
        requests: int = 0,
        throttled: int = 0,
    ) -> None:
        """See `base.SourceStore.finish_sync`."""
        with self.warehouse.writing() as connection:
            connection.execute(
                "update tieout.syncs set outcome = ?, finished_at = ?, reason = ?, requests = ?, throttled = ?, rows = "
                "(select coalesce(sum(s.rows), 0) from tieout.sync_streams s where s.sync_id = syncs.id) where id = ?",
                [outcome, at, reason, requests, throttled, sync],
            )

    def note_stream(self, sync: int, run: StreamRun, *, at: datetime) -> None:
        """See `base.SourceStore.note_stream`."""
        good = run.state in (StreamState.CURRENT, StreamState.FILLING)
        with self.warehouse.writing() as connection:
            connection.execute(
                "insert into tieout.sync_streams values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [sync, self.source_id, run.stream, run.state, run.reason, *_figures(run), at],
            )
            connection.execute(
                "update tieout.streams set state = ?, reason = ?, last_attempt_at = ?, "
                "last_success_at = case when ? then ? else last_success_at end where source_id = ? and stream = ?",
                [run.state, run.reason, at, good, at, self.source_id, run.stream],
            )

    def note_filling(self, stream: str, *, filled: int, to_fill: int) -> None:
        """See `base.SourceStore.note_filling`."""
        with self.warehouse.writing() as connection:
            connection.execute(
                "update tieout.streams set filled = $1, to_fill = $2, "
                "state = case when state in ('waiting', 'current', 'filling') "
                "then case when $1 < $2 then 'filling' else 'current' end else state end "
                "where source_id = $3 and stream = $4",
                [filled, to_fill, self.source_id, stream],
            )

    def loading(self, stream: Stream, sync: int) -> AbstractContextManager[Loading]:
        """See `base.SourceStore.loading`."""
        return loading(self, stream, sync)

    def scanning(self, stream: Stream, sync: int) -> AbstractContextManager[Scanning]:
        """See `base.SourceStore.scanning`."""
        return scanning(self, stream, sync)

    def cursors(self, stream: str) -> dict[str, str]:
        """See `base.SourceStore.cursors`."""
        found = self._all(
            "select kind, value from tieout.cursors where source_id = ? and stream = ?", [self.source_id, stream]
        )
        return dict(found)

    def forget_cursors(self, stream: str) -> None:
        """See `base.SourceStore.forget_cursors`."""
        with self.warehouse.writing() as connection:
            for table in ("cursors", "answered_parents", "missing_keys"):
                connection.execute(
                    f"delete from tieout.{table} where source_id = ? and stream = ?", [self.source_id, stream]
                )

    def rearrange(self, streams: Sequence[Stream]) -> None:
        """See `base.SourceStore.rearrange`."""
        personal.rearrange(self, streams)

    def erase_contacts(self, streams: Sequence[Stream], *, before: datetime, at: datetime) -> int:
        """See `base.SourceStore.erase_contacts`."""
        return personal.erase(self, streams, before=before, at=at)

    def set_cursors(self, stream: str, sync: int, cursors: Mapping[str, str]) -> None:
        """See `base.SourceStore.set_cursors`."""
        with self.warehouse.writing() as connection:
            self.keep_cursors(connection, stream, sync, cursors)

    def unanswered_parents(
        self, stream: Stream, *, parent: Stream, again_when_changed: bool, on: date | None = None
    ) -> list[str]:
        """See `base.SourceStore.unanswered_parents`."""
        newest = parent.number_column or parent.window_column
        order = f"max(p.{quoted(newest)})" if newest else "max(p._sync_id)"
        answered = "answered.sync_id >= newest_sync" if again_when_changed else "true"
        asked_as = f"'{on.isoformat()} ' || key" if on else "key"
        found = self._all(
            f"with parents as (select p.{quoted(stream.parent_key)}::varchar as key, max(p._sync_id) as newest_sync, "
            f"{order} as newness from {self._table(parent.name)} p "
            f"where p._source_id = ? and p.{quoted(stream.parent_key)} is not null group by 1) "
            f"select key from parents where not exists (select 1 from tieout.answered_parents answered "
            f"where answered.source_id = ? and answered.stream = ? and answered.parent = {asked_as} and {answered}) "
            f"order by newness desc, key",
            [self.source_id, self.source_id, stream.name],
        )
        return [key for (key,) in found]

    def stale(self, stream: Stream, column: str, *, since_sync: int) -> list[Any]:
        """See `base.SourceStore.stale`."""
        found: set[Any] = set()
        for told in stream.repeats:
            rows = self._all(
                f"select distinct t.{quoted(column)} from {self._table(stream.name)} t join {self._table(told.stream)} m "
                f"on m._source_id = t._source_id and m.{quoted(told.key)} = t.{quoted(told.by)} "
                f"where t._source_id = ? and m._sync_id >= ? and t.{quoted(told.column)} is distinct from m.{quoted(told.code)}",
                [self.source_id, since_sync],
            )
            found.update(value for (value,) in rows)
        return sorted(found)

    def forget_parents(self, stream: str, parents: Sequence[str]) -> None:
        """See `base.SourceStore.forget_parents`."""
        with self.warehouse.writing() as connection:
            connection.execute(
                "delete from tieout.answered_parents where source_id = ? and stream = ? "
                "and list_contains(?::varchar[], parent)",
                [self.source_id, stream, list(parents)],
            )

    def remove_orphans(self, stream: Stream, sync: int, *, parent: Stream) -> int:
        """See `base.SourceStore.remove_orphans`."""
        if stream.parent_column is None:
            return 0
        with self.warehouse.writing() as connection:
            connection.execute(
                f"create or replace temp table gone as select {tables.key(stream, 't')} as key "
                f"from {self._table(stream.name)} t where t._source_id = ? and not exists (select 1 from "
                f"{self._table(parent.name)} p where p._source_id = ? "
                f"and p.{quoted(stream.parent_key)}::varchar = t.{quoted(stream.parent_column)}::varchar)",
                [self.source_id, self.source_id],
            )
            removed = set_aside(self, connection, stream, sync, "gone", deleted=True)
            if removed:
                self.refresh_stream(connection, stream, touched=True)
        return removed

    def count(self, stream: str) -> int:
        """See `base.SourceStore.count`."""
        return int(self._one(f"select count(*) from {self._table(stream)} where _source_id = ?", [self.source_id]))

    def value(self, stream: str, column: str) -> Any:
        """See `base.SourceStore.value`."""
        sql = f"select {quoted(column)} from {self._table(stream)} where _source_id = ? limit 1"
        return self._one(sql, [self.source_id])

    def column(
        self, stream: str, column: str, *, where: Mapping[str, Any] | None = None, since_sync: int = 0
    ) -> list[Any]:
        """See `base.SourceStore.column`."""
        conditions = "".join(f" and {quoted(name)} = ?" for name in where or {})
        found = self._all(
            f"select distinct {quoted(column)} from {self._table(stream)} where _source_id = ? and _sync_id >= ? "
            f"and {quoted(column)} is not null{conditions} order by 1",
            [self.source_id, since_sync, *(where or {}).values()],
        )
        return [value for (value,) in found]

    def names(self, stream: str, *, number: str, name: str) -> dict[int, str]:
        """See `base.SourceStore.names`."""
        found = self._all(
            f"select {quoted(number)}, max({quoted(name)}) from {self._table(stream)} where _source_id = ? "
            f"and {quoted(number)} is not null and {quoted(name)} is not null group by 1",
            [self.source_id],
        )
        return dict(found)

    def greatest(self, stream: str, column: str) -> Any:
        """See `base.SourceStore.greatest`."""
        return self._one(
            f"select max({quoted(column)}) from {self._table(stream)} where _source_id = ?", [self.source_id]
        )

    def sums(
        self, of: Sums, *, until: date, since: date | None = None, where: Mapping[str, Sequence[int]] | None = None
    ) -> dict[int, Decimal]:
        """See `base.SourceStore.sums`."""
        some = "".join(f" and list_contains(?::bigint[], {quoted(name)})" for name in where or {})
        found = self._all(
            f"select {quoted(of.group)}, sum({quoted(of.amount)}) from {self._table(of.stream)} where _source_id = ? "
            f"and {quoted(of.date)} <= ? and {quoted(of.date)} >= ? and {quoted(of.group)} is not null{some} group by 1",
            [self.source_id, until, since or date.min, *(list(values) for values in (where or {}).values())],
        )
        return dict(found)

    def unbalanced(self, of: Sums) -> dict[Any, Decimal]:
        """See `base.SourceStore.unbalanced`."""
        found = self._all(
            f"select {quoted(of.group)}, sum({quoted(of.amount)}) from {self._table(of.stream)} where _source_id = ? "
            f"group by 1 having sum({quoted(of.amount)}) <> 0 order by 1",
            [self.source_id],
        )
        return dict(found)

    def groups(self, of: Sums) -> int:
        """See `base.SourceStore.groups`."""
        sql = f"select count(distinct {quoted(of.group)}) from {self._table(of.stream)} where _source_id = ?"
        return int(self._one(sql, [self.source_id]))

    def dates(self, stream: str, column: str, *, since_sync: int = 0) -> list[date]:
        """See `base.SourceStore.dates`."""
        month, mine = f"date_trunc('month', {quoted(column)})::date", "_source_id = ? and"
        found = self._all(
            f"select distinct {month} from {self._table(stream)} where {mine} _sync_id >= ? union "
            f"select distinct {month} from {tables.table(self.connector, stream, versions=True)} "
            f"where {mine} _valid_to_sync >= ? and ? > 0 order by 1",
            [self.source_id, since_sync, self.source_id, since_sync, since_sync],
        )
        return [month for (month,) in found if month is not None]

    def tie_outs(self, *, limit: int = 50) -> list[TieOut]:
        """See `base.SourceStore.tie_outs`."""
        with self.warehouse.connection() as connection:
            return history.tie_outs(connection, self.source_id, limit)

    def syncs(self, *, limit: int = 50) -> list[SyncRecord]:
        """See `base.SourceStore.syncs`."""
        with self.warehouse.connection() as connection:
            return history.syncs(connection, self.source_id, limit)

    def streams(self) -> list[StreamSummary]:
        """See `base.SourceStore.streams`."""
        with self.warehouse.connection() as connection:
            return history.streams(connection, self.source_id)

    def summary(self) -> SourceSummary:
        """See `base.SourceStore.summary`."""
        with self.warehouse.connection() as connection:
            return history.summary(connection, self.source_id, self.connector)

    def publish(self) -> Path | None:
        """See `base.SourceStore.publish`."""
        from tieout.warehouse.publish import publish

        return publish(self.warehouse, self.source_id, self.connector)

    def keep_cursors(self, connection: Connection, stream: str, sync: int, cursors: Mapping[str, str]) -> None:
        """Store cursors, by kind. Inside a transaction."""
        for kind, value in cursors.items():
            mine = [self.source_id, stream, kind]
            connection.execute("delete from tieout.cursors where source_id = ? and stream = ? and kind = ?", mine)
            connection.execute("insert into tieout.cursors values (?, ?, ?, ?, ?)", [*mine, value, sync])

    def keep_answered(self, connection: Connection, stream: str, sync: int, scope: Scope) -> None:
        """Remember that these parents were asked, whatever came. Inside a transaction."""
        asked = [f"{scope.on.isoformat()} {parent}" if scope.on else parent for parent in scope.parents]
        mine = [self.source_id, stream]
        connection.execute(
            "delete from tieout.answered_parents where source_id = ? and stream = ? and list_contains(?::varchar[], parent)",
            [*mine, asked],
        )
        connection.execute(
            "insert into tieout.answered_parents select ?, ?, unnest(?::varchar[]), ?", [*mine, asked, sync]
        )

    def refresh_stream(self, connection: Connection, stream: Stream, *, touched: bool) -> None:
        """Bring a stream's row count and newest date up to date. Inside a transaction."""
        column = tables.dated(stream)
        newest = f"max({quoted(column.name)}::date)" if column else "null"
        connection.execute(
            f"update tieout.streams set rows = now_.n, newest = now_.newest, touched = touched + ? from "
            f"(select count(*) as n, {newest} as newest from {self._table(stream.name)} where _source_id = ?) now_ "
            f"where source_id = ? and stream = ?",
            [int(touched), self.source_id, self.source_id, stream.name],
        )

    def _table(self, stream: str) -> str:
        return tables.table(self.connector, stream)

    def _all(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql, list(values)).fetchall()

    def _one(self, sql: str, values: Sequence[Any]) -> Any:
        found = self._all(sql, values)
        return found[0][0] if found else None


def _figures(run: StreamRun) -> list[int]:
    return [run.rows, run.new, run.changed, run.removed, run.requests]
