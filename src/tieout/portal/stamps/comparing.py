"""Stamp + changes = now, account by account, and the vouchers that the changes lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tieout.connectors.base import Connector
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.stamps.figures import EARLIER, Figure, as_they_are, in_order, read
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.vouchers.reading import asker
from tieout.warehouse import as_of
from tieout.warehouse.base import Sums
from tieout.warehouse.changes import ChangedVoucher, Changes, Effect, Postings, gathered
from tieout.warehouse.duckdb.file import Connection
from tieout.warehouse.duckdb.tables import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One account: `then` + `changes` + `untraced` = `now`. `untraced` is zero while the rows of then are remembered."""

    account_no: int | None
    name: str
    then: Decimal
    changes: Decimal
    now: Decimal

    @property
    def untraced(self) -> Decimal:
        return self.now - self.then - self.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`rows` are all accounts; `vouchers` one page of the changed ones, `vouchers_in_all` how many there are."""

    rows: Sequence[Row]
    vouchers: Sequence[ChangedVoucher]
    vouchers_in_all: int
    is_traced: bool  # False: the warehouse was made anew, or forgot what is old; then no voucher can be named

    @property
    def moved(self) -> list[Row]:
        """Accounts whose figure is another than the stamp's, or that changes touch."""
        return [row for row in self.rows if row.changes or row.now != row.then]

    @property
    def unmoved(self) -> int:
        return len(self.rows) - len(self.moved)


def compared(stamp: Stamp, *, limit: int | None = None, offset: int = 0) -> Comparison:
    """What became of a stamp's figures. Raises BusyError."""
    source = stamp.source
    then = read(stamp.figures)
    is_result = {one.account_no: one.is_result for one in then if one.account_no is not None}
    effects, vouchers, total = list[Effect](), list[ChangedVoucher](), 0
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        connection.execute("begin")  # figures and changes of one moment, whatever a sync stores meanwhile
        try:
            now = as_they_are(asker(connection), str(source.pk), stamp.on, stamp.year_start, is_result=is_result)
            is_traced = _remembers(stamp, then, connection)
            if is_traced:
                with changes_of(source, after=stamp.sync, up_to=stamp.on, on=connection) as changes:
                    effects = changes.effects(year_start=stamp.year_start)
                    vouchers, total = changes.vouchers(limit=limit, offset=offset), changes.count()
        finally:
            connection.execute("rollback")
    moved = by_figure(effects, {one.account_no: one.is_result for one in (*now, *then)})
    return Comparison(rows=_rows(then, now, moved), vouchers=vouchers, vouchers_in_all=total, is_traced=is_traced)


def _remembers(stamp: Stamp, then: Sequence[Figure], connection: Connection) -> bool:
    """Whether the rows that the warehouse takes for those of then still come to the stamp's figures."""
    source = stamp.source
    found = postings_of(connector_of(source))
    if found is None:
        return False
    rows, versions = (table(source.connector, found.stream.name, versions=old) for old in (False, True))
    body = as_of.postings(
        rows, versions, found.of, found.voucher_no, source_id=str(source.pk), sync=stamp.sync, until=stamp.on
    )
    sums = connection.execute(
        f"with postings as ({body}) select account_no, coalesce(sum(amount) filter (posting_date < $1), 0), "  # noqa: S608 - declared names
        "coalesce(sum(amount) filter (posting_date >= $1), 0) from postings where account_no is not null group by 1",
        [stamp.year_start],
    ).fetchall()
    effects = [Effect(account_no=account, before=before, since=since) for account, before, since in sums]
    held = by_figure(effects, {one.account_no: one.is_result for one in then})
    return _without_zeros(held) == _without_zeros({one.account_no: one.amount for one in then})


def _without_zeros(figures: Mapping[int | None, Decimal]) -> dict[int | None, Decimal]:
    return {number: amount for number, amount in figures.items() if amount}


@contextmanager
def changes_of(
    source: Source, *, after: int, up_to: date, until: int | None = None, on: Connection
) -> Iterator[Changes]:
    """What syncs after one (up to another) did to postings up to a date. `on` is a connection of the source's warehouse."""
    found = postings_of(connector_of(source))
    if found is None:
        raise ValueError("this connector declares no ledger")
    more = {} if until is None else {"until": until}
    with gathered(on, source.connector, str(source.pk), found, after=after, up_to=up_to, **more) as changes:
        yield changes


def postings_of(connector: Connector) -> Postings | None:
    """Where a connector's postings lie; None for one without a ledger."""
    ledger = connector.proof.ledger
    if ledger is None:
        return None
    return Postings(
        stream=next(stream for stream in connector.streams if stream.name == ledger.postings),
        of=Sums(ledger.postings, group=ledger.account_no, amount=ledger.amount, date=ledger.posting_date),
        voucher_id=ledger.voucher_id,
        voucher_no=ledger.voucher_no,
        reverses=ledger.reverses_no,
        corrects=ledger.corrects_no,
        is_reversed=ledger.is_reversed,
    )


def by_figure(effects: Sequence[Effect], is_result: Mapping[int | None, bool]) -> dict[int | None, Decimal]:
    """What changes do to each figure: of a result account, what lies before the year counts under EARLIER."""
    moved: dict[int | None, Decimal] = {}
    for one in effects:
        before = EARLIER if is_result.get(one.account_no, False) else one.account_no
        for number, amount in ((before, one.before), (one.account_no, one.since)):
            moved[number] = moved.get(number, Decimal(0)) + amount
    return moved


def _rows(then: Sequence[Figure], now: Sequence[Figure], moved: Mapping[int | None, Decimal]) -> list[Row]:
    before, after = ({one.account_no: one.amount for one in some} for some in (then, now))
    known = {one.account_no: one for one in (*then, *now)}  # the newer name wins
    nothing = Decimal(0)
    return [
        Row(
            account_no=one.account_no,
            name=one.name,
            then=before.get(one.account_no, nothing),
            changes=moved.get(one.account_no, nothing),
            now=after.get(one.account_no, nothing),
        )
        for one in sorted(known.values(), key=in_order)
    ]
