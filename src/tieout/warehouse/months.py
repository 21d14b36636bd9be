"""How the ledger stood at every date at which it was ever held against the source's own balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse

_LATEST = """
select c.date, arg_max(c.outcome, t.id), arg_max(t.made_at, t.id), max(t.id)
from tieout.tie_out_checks as c
join tieout.tie_outs as t on t.id = c.tie_out_id and t.source_id = c.source_id
where c.source_id = ? and c."check" = 'ledger' and c.outcome <> 'not_applicable'
group by c.date
order by c.date
"""
_DIFFERING = """
select tie_out_id, date, count(distinct account_no)
from tieout.tie_out_differences
where source_id = ? and "check" = 'ledger'
group by tie_out_id, date
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerAt:
    """The latest comparison of the ledger at one date. `outcome` is a `CheckOutcome`, `made_at` is UTC."""

    on: date
    outcome: str
    differing: int  # accounts
    made_at: datetime


def ledger_by_date(warehouse: DuckDBWarehouse, source_id: str) -> list[LedgerAt]:
    """Every date at which a source's ledger was compared, oldest first, each as it was compared last."""
    with warehouse.connection() as connection:
        latest = connection.execute(_LATEST, [source_id]).fetchall()
        apart = {(tie_out, on): many for tie_out, on, many in connection.execute(_DIFFERING, [source_id]).fetchall()}
    return [
        LedgerAt(on=on, outcome=outcome, differing=apart.get((tie_out, on), 0), made_at=made_at)
        for on, outcome, made_at, tie_out in latest
    ]
