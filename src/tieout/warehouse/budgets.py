"""Budgeted amounts by company, account and month: kept beside the books, so that views, feeds and copies read the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tieout.warehouse.publish import publish_planned

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetAmount:
    """Debit positive, the company's currency, a month by its first day. Codes are empty for the company as a whole."""

    account_no: int
    month: date
    amount: Decimal
    department_code: str = ""
    project_code: str = ""


def keep_budget(
    warehouse: DuckDBWarehouse,
    source_id: str,
    amounts: Sequence[BudgetAmount],
    *,
    first: date,
    last: date,
    at: datetime,
) -> None:
    """Put amounts in place of a company's budget from `first` to `last`, months by their first day, both included.

    All of them or none, here and in the published copy. No amounts: the budget of those months is gone.
    """
    rows = [
        (source_id, one.account_no, one.month, one.department_code, one.project_code, one.amount, at) for one in amounts
    ]
    with warehouse.writing() as connection:
        connection.execute(
            "delete from tieout.budget_amounts where source_id = ? and month between ? and ?", [source_id, first, last]
        )
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            connection.execute(
                "insert into tieout.budget_amounts select unnest(?::varchar[]), unnest(?::bigint[]), unnest(?::date[]), "
                "unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::decimal(18, 4)[]), unnest(?::timestamptz[])",
                columns,
            )
    publish_planned(warehouse, source_id)
