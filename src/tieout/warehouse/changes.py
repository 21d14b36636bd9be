"""What became different in the books between two syncs: postings that arrived, changed or went, up to a posting date.

Taken from rows and their earlier versions, so that what is told adds up to what moved, to the øre, whatever happened between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from tieout.catalog import Kind, Stream
from tieout.warehouse.base import Sums
from tieout.warehouse.duckdb.tables import table
from tieout.warehouse.sql import quoted

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import Connection

LAST = 2**62  # beyond every number of a sync


class Change(StrEnum):
    """What happened to a posting."""

    ARRIVED = "arrived"
    REVERSAL = "reversal"  # arrived, with a voucher that reverses another
    CORRECTION = "correction"  # arrived, with a voucher that corrects another
    CHANGED = "changed"
    REVERSED = "reversed"  # marked as reversed by another voucher
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Where postings lie: the stream, what `of` names of it, and columns of vouchers. The last three may be missing."""

    stream: Stream
    of: Sums
    voucher_id: str
    voucher_no: str
    reverses: str | None = None
    corrects: str | None = None
    is_reversed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What all changes do to one account, apart for postings before a day and since. Debit positive."""

    account_no: int
    before: Decimal
    since: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedVoucher:
    """One voucher's changes: what happened to how many postings, what they do to each account, which columns differ."""

    voucher_id: str
    voucher_no: int | None
    first_date: date
    sync: int  # the last one that brought a change
    postings: int
    kinds: tuple[Change, ...]
    columns: tuple[str, ...]
    amounts: tuple[tuple[int, Decimal], ...]
    related: tuple[int, ...]  # vouchers that this one reverses or corrects


class Changes:
    """What `gathered` found, as often as one asks, while its block runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self) -> int:
        """Vouchers with a change."""
        found = self._connection.execute(f"select count(*) from ({_VOUCHERS})").fetchone()
        return int(found[0]) if found else 0

    def effects(self, *, year_start: date) -> list[Effect]:
        """By account; those that come to nothing are there too."""
        found = self._connection.execute(
            "select account_no, coalesce(sum(amount) filter (posting_date < $1), 0), "
            "coalesce(sum(amount) filter (posting_date >= $1), 0) from late_lines group by 1 order by 1",
            [year_start],
        ).fetchall()
        return [Effect(account_no=account, before=before, since=since) for account, before, since in found]

    def vouchers(self, *, limit: int | None = None, offset: int = 0) -> list[ChangedVoucher]:
        """Newest change first."""
        found = self._connection.execute(
            f"{_VOUCHERS} order by sync desc, voucher_no desc nulls last, voucher_id limit {limit or LAST} offset {offset}"
        ).fetchall()
        return [
            ChangedVoucher(
                voucher_id=voucher_id,
                voucher_no=number,
                first_date=first,
                sync=sync,
                postings=postings,
                kinds=tuple(kind for kind in Change if kind.value in kinds),
                columns=tuple(sorted(set(columns or ()))),
                amounts=tuple((one["account_no"], one["amount"]) for one in amounts or ()),
                related=tuple(sorted(set(related or ()))),
            )
            for voucher_id, number, first, sync, postings, kinds, columns, related, amounts in found
        ]


_VOUCHERS = """
with amounts as (
    select voucher_id, list(struct_pack(account_no, amount) order by account_no) as amounts
    from (
        select voucher_id, account_no, sum(amount) as amount from late_lines group by all having sum(amount) <> 0
    )
    group by 1
)
select v.voucher_id, max(v.voucher_no) as voucher_no, min(v.first_date) as first_date, max(v.sync_id) as sync,
       count(*) as postings, list(distinct v.kind) as kinds, flatten(list(v.columns)) as columns,
       list(distinct v.related) filter (v.related is not null) as related, any_value(a.amounts) as amounts
from late_changes as v left join amounts as a on a.voucher_id = v.voucher_id
group by v.voucher_id
"""


@contextmanager
def gathered(
    connection: Connection,
    connector: str,
    source_id: str,
    postings: Postings,
    *,
    after: int,
    until: int = LAST,
    up_to: date,
) -> Iterator[Changes]:
    """What is different when sync `until` had ended (now, without it) from when sync `after` had, in postings up to a date.

    A posting that was moved across the date counts with the part that lies up to it.
    """
    connection.execute(
        _gathering(connector, postings),
        {"source": source_id, "after": after, "until": until, "up_to": up_to},
    )
    connection.execute(
        "create or replace temp table late_lines as "
        "select voucher_id, old_account as account_no, old_date as posting_date, -old_amount as amount "
        "from late_changes where old_date <= $1 and old_account is not null union all "
        "select voucher_id, new_account, new_date, new_amount "
        "from late_changes where new_date <= $1 and new_account is not null",
        [up_to],
    )
    try:
        yield Changes(connection)
    finally:
        connection.execute("drop table if exists late_changes")
        connection.execute("drop table if exists late_lines")


def _gathering(connector: str, postings: Postings) -> str:
    stream, of = postings.stream, postings.of
    rows, versions = (table(connector, stream.name, versions=old) for old in (False, True))
    account, day, amount = (quoted(name) for name in (of.group, of.date, of.amount))
    key = " and ".join(f"n.{quoted(name)} = o.{quoted(name)}" for name in stream.primary_key)
    both = f"o.{quoted(stream.primary_key[0])} is not null and n.{quoted(stream.primary_key[0])} is not null"
    return f"""
create or replace temp table late_changes as
with old as (
    select *, _valid_to_sync as ended_in from {versions}
    where _source_id = $source and _valid_from_sync <= $after and _valid_to_sync > $after and _valid_to_sync <= $until
),
new as (
    select * from {rows} where _source_id = $source and _sync_id > $after and _sync_id <= $until
    union all by name
    select * exclude (_valid_from_sync, _valid_to_sync, _deleted_at) from {versions}
    where _source_id = $source and _valid_from_sync > $after and _valid_from_sync <= $until and _valid_to_sync > $until
),
paired as (
    select
        coalesce(n.{quoted(postings.voucher_id)}, o.{quoted(postings.voucher_id)})::varchar as voucher_id,
        coalesce(n.{quoted(postings.voucher_no)}, o.{quoted(postings.voucher_no)}) as voucher_no,
        coalesce(n._sync_id, o.ended_in) as sync_id,
        least(n.{day}, o.{day}) as first_date,
        o.{account} as old_account, o.{day} as old_date, o.{amount} as old_amount,
        n.{account} as new_account, n.{day} as new_date, n.{amount} as new_amount,
        {_related(postings)} as related,
        if({both}, {_columns(stream)}, []::varchar[]) as columns,
        {_kind(postings, both)} as kind
    from old as o full join new as n on {key}
)
select * from paired
where (old_date <= $up_to or new_date <= $up_to) and (kind not in ('changed', 'reversed') or len(columns) > 0)
"""


def _columns(stream: Stream) -> str:
    """Which columns differ. When the source last touched a row says nothing by itself."""
    told = [column.name for column in stream.columns if column.kind is not Kind.TIMESTAMP]
    each = ", ".join(f"if(o.{quoted(name)} is distinct from n.{quoted(name)}, '{name}', null)" for name in told)
    return f"list_filter([{each}], lambda one: one is not null)"


def _related(postings: Postings) -> str:
    known = [f"n.{quoted(name)}" for name in (postings.reverses, postings.corrects) if name]
    return f"coalesce({', '.join(known)})" if known else "null::bigint"


def _kind(postings: Postings, both: str) -> str:
    arrived = f"o.{quoted(postings.stream.primary_key[0])} is null"
    cases = []
    for name, kind in ((postings.reverses, Change.REVERSAL), (postings.corrects, Change.CORRECTION)):
        if name:
            cases.append(f"when {arrived} and n.{quoted(name)} is not null then '{kind}'")
    if postings.is_reversed:
        flag = quoted(postings.is_reversed)
        cases.append(f"when {both} and n.{flag} and not coalesce(o.{flag}, false) then '{Change.REVERSED}'")
    cases += [f"when {arrived} then '{Change.ARRIVED}'", f"when {both} then '{Change.CHANGED}'"]
    return f"case {' '.join(cases)} else '{Change.GONE}' end"
