"""What was checked beside the verdict, as it was found last: the ledger per department and project, and at days asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tieout.warehouse.months import LedgerAt

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse

_LATEST = """
select c."check", arg_max(c.date, t.id), arg_max(c.compared, t.id), arg_max(c.outcome, t.id), arg_max(c.reason, t.id),
       arg_max(t.made_at, t.id), max(t.id)
from tieout.tie_out_checks as c
join tieout.tie_outs as t on t.id = c.tie_out_id and t.source_id = c.source_id
where c.source_id = ? and starts_with(c."check", 'per_')
group by c."check"
order by c."check"
"""
_DIFFERING = """
select tie_out_id, "check", list(distinct dimension order by dimension)
from tieout.tie_out_differences
where source_id = ? and dimension is not null
group by tie_out_id, "check"
"""
# A day's latest comparison may be a tie-out's own: a month end is one of its dates, and so is today.
_DAYS = """
with days as (select distinct date from tieout.tie_out_checks where source_id = $1 and "check" = 'day')
select c.date, arg_max(c.outcome, t.id), arg_max(t.made_at, t.id), max(t.id)
from tieout.tie_out_checks as c
join days using (date)
join tieout.tie_outs as t on t.id = c.tie_out_id and t.source_id = c.source_id
where c.source_id = $1 and c."check" in ('day', 'ledger')
group by c.date
order by c.date desc
"""
_OFF_ON_DAYS = """
select tie_out_id, date, count(distinct account_no)
from tieout.tie_out_differences
where source_id = ? and "check" in ('day', 'ledger')
group by tie_out_id, date
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PerDimension:
    """One dimension's latest comparison. `differing` are codes, `compared` how many were asked for; `made_at` is UTC."""

    check: str
    on: date
    compared: int
    outcome: str
    reason: str | None
    made_at: datetime
    differing: tuple[str, ...]


def per_dimension(warehouse: DuckDBWarehouse, source_id: str) -> list[PerDimension]:
    """Every dimension that a source's ledger was ever compared by."""
    with warehouse.connection() as connection:
        latest = connection.execute(_LATEST, [source_id]).fetchall()
        apart = {
            (number, check): codes for number, check, codes in connection.execute(_DIFFERING, [source_id]).fetchall()
        }
    return [
        PerDimension(
            check=check,
            on=on,
            compared=compared,
            outcome=outcome,
            reason=reason,
            made_at=made_at,
            differing=tuple(apart.get((number, check), ())),
        )
        for check, on, compared, outcome, reason, made_at, number in latest
    ]


def days_asked_for(warehouse: DuckDBWarehouse, source_id: str) -> list[LedgerAt]:
    """Every day at which somebody had the ledger compared, newest first, each as it was compared last."""
    with warehouse.connection() as connection:
        latest = connection.execute(_DAYS, [source_id]).fetchall()
        apart = {(number, on): many for number, on, many in connection.execute(_OFF_ON_DAYS, [source_id]).fetchall()}
    return [
        LedgerAt(on=on, outcome=outcome, differing=apart.get((number, on), 0), made_at=made_at)
        for on, outcome, made_at, number in latest
    ]
