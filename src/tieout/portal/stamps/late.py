"""What arrived or changed in a period that was reported or locked before: by sync, for whoever tells people of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tieout.connectors.base import Calendar
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.stamps.comparing import changes_of, postings_of
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.warehouse.changes import LAST, ChangedVoucher
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.tables import table
from tieout.warehouse.sql import quoted

SHOWN = 50
FIRST_WHOLE = "select min(id) from tieout.syncs where source_id = ? and kind = 'sync' and outcome = 'succeeded'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Nothing could be posted up to `to` any more, as syncs after `since` and up to `until` knew."""

    to: date
    since: int
    until: int = LAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """Changes in a period that `stamp` reported or, without one, that was locked. `vouchers` are the newest of `in_all`."""

    stamp: Stamp | None
    up_to: date
    vouchers: Sequence[ChangedVoucher]
    in_all: int


def late_changes(source: Source, *, sync: int) -> Iterator[Late]:
    """What one sync (the warehouse's number) did to periods stamped or locked before it; nothing where it did nothing.

    Raises BusyError.
    """
    if postings_of(connector_of(source)) is None or not warehouses.exists(source.workspace):
        return
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        for stamp in Stamp.objects.filter(source=source, sync__lt=sync):
            yield from _late(source, connection, stamp, stamp.on, after=sync - 1, until=sync)
        for lock in locks_of(source, connection):
            if lock.since < sync <= lock.until:
                yield from _late(source, connection, None, lock.to, after=sync - 1, until=sync)


def in_locked_periods(source: Source) -> list[Late]:
    """All that came into periods while they were locked, newest lock first. Raises BusyError."""
    if postings_of(connector_of(source)) is None or not warehouses.exists(source.workspace):
        return []
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        locks = sorted(locks_of(source, connection), key=lambda lock: lock.since, reverse=True)
        return [
            late
            for lock in locks
            for late in _late(source, connection, None, lock.to, after=lock.since, until=lock.until)
        ]


def locks_of(source: Source, connection: Connection) -> list[Lock]:
    """Every lock date that was met, and between which syncs. What the first whole sync brought was there before."""
    calendar: Calendar = connector_of(source).proof.calendar
    first = connection.execute(FIRST_WHOLE, [str(source.pk)]).fetchone()
    if calendar.lock is None or calendar.lock_date is None or first is None or first[0] is None:
        return []
    rows, versions = (table(source.connector, calendar.lock, versions=old) for old in (False, True))
    column = quoted(calendar.lock_date)
    found = connection.execute(
        f"select {column}::date, _sync_id, {LAST} from {rows} where _source_id = $1 union all "  # noqa: S608 - declared
        f"select {column}::date, _valid_from_sync, _valid_to_sync from {versions} where _source_id = $1",
        [str(source.pk)],
    ).fetchall()
    return [
        Lock(to=to, since=max(since, first[0]), until=until)
        for to, since, until in found
        if to is not None and until > first[0]
    ]


def _late(
    source: Source, connection: Connection, stamp: Stamp | None, up_to: date, *, after: int, until: int
) -> Iterator[Late]:
    with changes_of(source, after=after, until=until, up_to=up_to, on=connection) as changes:
        total = changes.count()
        if total:
            yield Late(stamp=stamp, up_to=up_to, vouchers=changes.vouchers(limit=SHOWN), in_all=total)
