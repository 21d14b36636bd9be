"""Earlier versions of a voucher's rows: what they said, between which syncs that held, and what became different."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tieout.connectors.base import Connector, LedgerProof
from tieout.portal.vouchers.reading import Ask, Row
from tieout.warehouse.duckdb.tables import table
from tieout.warehouse.sql import quoted

OURS = ("_source_id", "_sync_id", "_valid_from_sync", "_valid_to_sync", "_deleted_at")
SYNCS = "select id, finished_at from tieout.syncs where id in (select unnest(?))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a row said from one sync until another. `changes` are (column, then, afterwards); none where the row went."""

    posting: str  # its key at the source
    account_no: int | None
    posting_date: date | None
    amount: Decimal | None
    came_in: int
    came_at: datetime | None
    ended_in: int
    ended_at: datetime | None
    is_gone: bool
    changes: Sequence[tuple[str, Any, Any]]


def versions_of(
    ask: Ask, connector: Connector, source_id: str, *, number: int, voucher_id: str | None
) -> list[Version]:
    """Every earlier version of the rows that are or were a voucher's, newest first. `voucher_id` None: all of that number."""
    ledger = connector.proof.ledger
    if ledger is None:
        return []
    old, new = (_rows(ask, connector, ledger, source_id, number, voucher_id, is_old=is_old) for is_old in (True, False))
    if not old:
        return []
    key = next(stream.primary_key for stream in connector.streams if stream.name == ledger.postings)
    ended = {row["id"]: row["finished_at"] for row in ask(SYNCS, _sync_numbers(old))}
    after = {_key(row, key): row for row in new}
    told = []
    for row in sorted(old, key=lambda row: row["_valid_to_sync"], reverse=True):
        following = after.get(_key(row, key))
        told.append(_version(row, following, ledger, ended, posting=" ".join(map(str, _key(row, key)))))
        after[_key(row, key)] = row
    return told


def _version(
    row: Row, following: Row | None, ledger: LedgerProof, ended: dict[int, datetime | None], *, posting: str
) -> Version:
    is_gone = row["_deleted_at"] is not None or following is None
    return Version(
        posting=posting,
        account_no=row[ledger.account_no],
        posting_date=row[ledger.posting_date],
        amount=row[ledger.amount],
        came_in=row["_valid_from_sync"],
        came_at=ended.get(row["_valid_from_sync"]),
        ended_in=row["_valid_to_sync"],
        ended_at=ended.get(row["_valid_to_sync"]),
        is_gone=is_gone,
        changes=() if is_gone or following is None else _changes(row, following),
    )


def _changes(row: Row, following: Row) -> list[tuple[str, Any, Any]]:
    return [
        (name, row[name], following[name])
        for name in row
        if name not in OURS and name in following and row[name] != following[name]
    ]


def _rows(
    ask: Ask,
    connector: Connector,
    ledger: LedgerProof,
    source_id: str,
    number: int,
    voucher_id: str | None,
    *,
    is_old: bool,
) -> list[Row]:
    column, wanted = (ledger.voucher_no, str(number)) if voucher_id is None else (ledger.voucher_id, voucher_id)
    return ask(
        f"select * from {table(connector.name, ledger.postings, versions=is_old)} "  # noqa: S608 - names are declared
        f"where _source_id = ? and {quoted(column)}::varchar = ?",
        source_id,
        wanted,
    )


def _sync_numbers(rows: Sequence[Row]) -> list[int]:
    return sorted({row[name] for row in rows for name in ("_valid_from_sync", "_valid_to_sync")})


def _key(row: Row, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in key)
