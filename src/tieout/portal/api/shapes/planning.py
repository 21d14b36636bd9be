"""Report lines of a workspace's own, and budgets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictInt, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked

Statement = Literal["income_statement", "balance_sheet"]
Sign = Literal["debit", "credit"]


class ReportLine(Asked):
    """A line of a statement: it has `accounts` (3000-3999, 4500; on a balance sheet also result), or adds lines up.

    Lines stand in `order` within their statement; a subtotal adds up the lines from order `sum_from` to its own. `sign` is
    the side that shows as positive.
    """

    statement: Statement
    order: StrictInt = Field(ge=1, lt=1_000_000)
    line: StrictStr = Field(min_length=1, max_length=120)
    accounts: StrictStr = ""
    sign: Sign
    sum_from: StrictInt | None = Field(None, ge=1, lt=1_000_000)


class ReportLines(Schema):
    lines: list[ReportLine]


class Layout(Schema):
    """Report lines under a name."""

    layout: UUID
    name: str
    changed_at: datetime


class Layouts(Page[Layout]):
    pass


class Unmapped(Schema):
    """What no line takes, as a line's `accounts` would name it, and how many companies have it."""

    statement: Statement
    accounts: str
    companies: int


class LayoutInFull(Layout):
    lines: list[ReportLine]
    unmapped: list[Unmapped]


class NewLayout(Asked):
    """Without `lines` it begins with those of the Norwegian Accounting Act."""

    name: StrictStr = Field(min_length=1, max_length=80)
    lines: list[ReportLine] | None = Field(None, min_length=1, max_length=5_000)


class LayoutChange(Asked):
    """What is left out stays; `lines` take the place of all lines."""

    name: StrictStr | None = Field(None, min_length=1, max_length=80)
    lines: list[ReportLine] | None = Field(None, min_length=1, max_length=5_000)


class Budget(Schema):
    """A company's budget of a fiscal year; income, costs and result positive as a report shows them."""

    source: UUID
    fiscal_year: int
    income: str
    costs: str
    result: str


class Budgets(Page[Budget]):
    pass


class BudgetAmount(Asked):
    """`month` is YYYY-MM; `amount` an exact decimal as text. Department and project are codes, empty for none."""

    account_no: StrictInt = Field(ge=0, lt=10**15)
    month: StrictStr = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    amount: StrictStr = Field(pattern=r"^-?\d{1,14}(\.\d{1,4})?$")
    department: StrictStr = ""
    project: StrictStr = ""


class BudgetInFull(Budget):
    """`amounts` in report sign: income positive, costs positive."""

    amounts: list[BudgetAmount]


class NewBudget(Asked):
    """Takes the place of the budget of the fiscal years that it has amounts for.

    `sign` of the amounts: report (income positive, costs positive) or ledger (income negative, costs positive).
    """

    sign: Literal["report", "ledger"]
    amounts: list[BudgetAmount] = Field(min_length=1, max_length=50_000)


class BudgetTaken(Schema):
    fiscal_years: list[int]
