"""What the proof asks of one data source's part of a file, beyond the sums: rows to compare, doubles, incidents, status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tieout.catalog import Stream
from tieout.warehouse import as_of
from tieout.warehouse.as_of import StoredSet
from tieout.warehouse.base import Sums, TieOut
from tieout.warehouse.duckdb import history, incidents, tables
from tieout.warehouse.incidents import DataStatus, Incident
from tieout.warehouse.proofs import OpenItems, Origin
from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse


class ProvingPart:
    """See `proofs.ProofStore`. A part of `DuckDBStore`."""

    warehouse: DuckDBWarehouse
    source_id: str
    connector: str

    def record_tie_out(self, tie_out: TieOut) -> int:
        """See `base.SourceStore.record_tie_out`."""
        with self.warehouse.writing() as connection:
            number = history.record_tie_out(connection, self.source_id, tie_out)
            incident = 0
            if tie_out.incident is not None:
                still_open = incidents.open_incident(connection, self.source_id)
                incident = still_open or history.next_number(connection, "incident")
            incidents.record(connection, self.source_id, tie_out, number, incident)
        return number

    def incidents(self, *, limit: int = 50) -> list[Incident]:
        """See `proofs.ProofStore.incidents`."""
        with self.warehouse.connection() as connection:
            return incidents.incidents(connection, self.source_id, limit)

    def data_status(self) -> DataStatus | None:
        """See `proofs.ProofStore.data_status`."""
        with self.warehouse.connection() as connection:
            return incidents.data_status(connection, self.source_id)

    def rows_between(
        self, stream: str, columns: Sequence[str], dated: str, first: date, last: date
    ) -> list[tuple[Any, ...]]:
        """See `proofs.ProofStore.rows_between`."""
        listed = ", ".join(quoted(name) for name in columns)
        with self.warehouse.connection() as connection:
            return connection.execute(
                f"select {listed} from {tables.table(self.connector, stream)} where _source_id = ? "
                f"and {quoted(dated)} between ? and ?",
                [self.source_id, first, last],
            ).fetchall()

    def rows_of(self, stream: str, columns: Sequence[str], key: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """See `proofs.ProofStore.rows_of`."""
        listed = ", ".join(quoted(name) for name in columns)
        with self.warehouse.connection() as connection:
            return connection.execute(
                f"select {listed} from {tables.table(self.connector, stream)} where _source_id = ? "
                f"and list_contains(?::varchar[], {quoted(key)}::varchar)",
                [self.source_id, [str(value) for value in values]],
            ).fetchall()

    def remove_doubles(self, stream: Stream) -> int:
        """See `proofs.ProofStore.remove_doubles`."""
        table, by = tables.table(self.connector, stream.name), tables.key(stream, "t")
        with self.warehouse.writing() as connection:
            found = connection.execute(
                f"delete from {table} where rowid in (select rowid from (select t.rowid, row_number() over "
                f"(partition by {by} order by t._sync_id, t.rowid) as n from {table} t where t._source_id = ?) where n > 1)",
                [self.source_id],
            ).fetchone()
        return int(found[0]) if found else 0

    def unbalanced_by_date(self, of: Sums) -> list[tuple[int, date, Decimal]]:
        """See `proofs.ProofStore.unbalanced_by_date`."""
        return self._found(
            f"select {quoted(of.group)}, {quoted(of.date)}, sum({quoted(of.amount)}) from "
            f"{tables.table(self.connector, of.stream)} where _source_id = ? "
            f"group by all having sum({quoted(of.amount)}) <> 0 order by 1, 2"
        )

    def shared(self, stream: str, column: str, by: str) -> dict[int, int]:
        """See `proofs.ProofStore.shared`."""
        return dict(
            self._found(
                f"select {quoted(column)}, count(distinct {quoted(by)}) from {tables.table(self.connector, stream)} "
                f"where _source_id = ? and {quoted(column)} is not null "
                f"group by 1 having count(distinct {quoted(by)}) > 1"
            )
        )

    def missing_numbers(self, stream: str, column: str) -> list[int]:
        """See `proofs.ProofStore.missing_numbers`."""
        found = self._found(
            f"with numbers as (select distinct {quoted(column)} as n from {tables.table(self.connector, stream)} "
            f"where _source_id = ? and {quoted(column)} > 0), "
            f"steps as (select n, lead(n) over (order by n) as following from numbers) "
            f"select unnest(range(n + 1, following)) from steps where following > n + 1 order by 1"
        )
        return [number for (number,) in found]

    def sums_apart(self, ours: Sums, theirs: Sums, label: str) -> list[tuple[int, Decimal, Decimal]]:
        """See `proofs.ProofStore.sums_apart`."""
        left, right = (tables.table(self.connector, of.stream) for of in (ours, theirs))
        with self.warehouse.connection() as connection:
            return connection.execute(
                f"with ours as (select {quoted(ours.group)}::varchar as key, abs(sum({quoted(ours.amount)})) as amount "
                f"from {left} where _source_id = $1 group by 1), "
                f"theirs as (select {quoted(theirs.group)}::varchar as key, max({quoted(label)}) as label, "
                f"abs(sum({quoted(theirs.amount)})) as amount from {right} where _source_id = $1 group by 1) "
                f"select label, ours.amount, theirs.amount from ours join theirs using (key) "
                f"where abs(ours.amount - theirs.amount) >= 0.01 order by 1",
                [self.source_id],
            ).fetchall()

    def amounts_apart(self, of: Sums, other: str) -> list[tuple[int, Decimal, Decimal]]:
        """See `proofs.ProofStore.amounts_apart`."""
        sums = f"sum({quoted(of.amount)}), sum({quoted(other)})"
        return self._found(
            f"select {quoted(of.group)}, {sums} from {tables.table(self.connector, of.stream)} where _source_id = ? "
            f"and {quoted(of.group)} is not null group by 1 having abs(sum({quoted(of.amount)} - {quoted(other)})) >= 0.01 "
            f"order by 1"
        )

    def sums_by(self, of: Sums, by: str, *, until: date, since: date | None = None) -> dict[str, dict[int, Decimal]]:
        """See `proofs.ProofStore.sums_by`."""
        found: defaultdict[str, dict[int, Decimal]] = defaultdict(dict)
        with self.warehouse.connection() as connection:
            rows = connection.execute(
                f"select {quoted(by)}::varchar, {quoted(of.group)}, sum({quoted(of.amount)}) from "
                f"{tables.table(self.connector, of.stream)} where _source_id = ? and {quoted(of.date)} between ? and ? "
                f"and {quoted(by)} is not null and {quoted(of.group)} is not null group by 1, 2",
                [self.source_id, since or date.min, until],
            ).fetchall()
        for value, group, amount in rows:
            found[value][group] = amount
        return dict(found)

    def origins(self, of: OpenItems) -> list[Origin]:
        """See `proofs.ProofStore.origins`."""
        entries = tables.table(self.connector, of.entries)
        is_invoice = self._stands(of.invoices, of.voucher_id) if of.invoices else "false"
        found = self._found(
            f"select case when {is_invoice} then 'invoice' when {self._stands(of.vouchers, of.voucher_id)} "
            f"then 'voucher' else '' end as leads_to, {quoted(of.voucher_no)}, {quoted(of.voucher_type)}, count(*), "
            f"sum({quoted(of.balance)}) from {entries} as entry where _source_id = ? and {quoted(of.balance)} <> 0 "
            f"group by all order by 1, 2"
        )
        return [
            Origin(to=to, voucher_no=number, voucher_type=kind, items=items, balance=balance)
            for to, number, kind, items, balance in found
        ]

    def _stands(self, where: tuple[str, str], column: str) -> str:
        """SQL: whether a row of another stream has the entry's value."""
        stream, other = where
        return (
            f"exists (select 1 from {tables.table(self.connector, stream)} as there where "
            f"there._source_id = entry._source_id and there.{quoted(other)} = entry.{quoted(column)})"
        )

    def stored_set(self, of: Sums, voucher_no: str, *, sync: int, until: date, since: date) -> StoredSet:
        """See `proofs.ProofStore.stored_set`."""
        table, versions = (tables.table(self.connector, of.stream, versions=old) for old in (False, True))
        body = as_of.postings(table, versions, of, voucher_no, source_id=self.source_id, sync=sync, until=until)
        given = f"with postings as ({body})"
        with self.warehouse.connection() as connection:
            sums = connection.execute(
                f"{given} select account_no, sum(amount), sum(amount) filter (posting_date >= ?) from postings group by 1",
                [since],
            ).fetchall()
            found = connection.execute(
                f"{given}, {as_of.FINGERPRINT} select rows, digest, "
                "(select count(distinct voucher_no) from postings) from fingerprint"
            ).fetchone()
        assert found is not None
        ever, year = ({no: row[i] for no, *row in sums if row[i] is not None} for i in (0, 1))
        return StoredSet(since_ever=ever, this_year=year, rows=found[0], vouchers=found[2], sha256=found[1])

    def _found(self, sql: str) -> list[tuple[Any, ...]]:
        with self.warehouse.connection() as connection:
            return connection.execute(sql, [self.source_id]).fetchall()
