"""Reports, and the cards that they lead to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema


class ReportName(Schema):
    """A report that there is; `title`, `says` and `sign` are in the language that the request asks for."""

    report: str
    title: str
    says: str
    sign: str


class ReportNames(Schema):
    items: list[ReportName]


class ReportColumn(Schema):
    name: str
    title: str
    kind: Literal["text", "amount", "share", "count", "date"]


class ReportRow(Schema):
    """`values` by the name of their column: amounts and shares (0 to 1) are exact decimals as text."""

    label: str
    style: Literal["", "detail", "sum", "total"]
    values: dict[str, Any]


class Sheet(Schema):
    title: str
    label: str
    columns: list[ReportColumn]
    lines: list[ReportRow]
    notes: list[str]


class Standing(Schema):
    """How fresh and how proved figures are; of several companies the oldest and the worst."""

    as_of: datetime | None
    verdict: str | None
    verdict_at: datetime | None
    currency: str | None


class Report(Standing):
    """A report as its page shows it. `as_of_sync`: how it was at that sync's end; null: now.

    `missing`: names of companies that were asked for, and of which nothing is stored of then.
    """

    report: str
    title: str
    sign: str
    companies: list[UUID]
    fiscal_year: int
    first: date
    last: date
    before_first: date | None
    before_last: date | None
    as_of_sync: int | None
    missing: list[str]
    sheets: list[Sheet]


class OpenItem(Schema):
    """An open item of a customer or supplier, oldest first; what is owed is positive."""

    voucher_no: int | None
    invoice_no: str | None
    posting_date: date | None
    due_date: date | None
    days_overdue: int | None
    amount: str
    open_amount: str


class Card(Standing):
    """A customer, supplier, project, department or product, and its months.

    `fields` are what the books say of it. `open_items` null: nothing can be open; at most 1,000 are told, `open` adds them up.
    """

    name: str
    fields: dict[str, Any]
    sheet: Sheet
    open: str | None
    open_items: list[OpenItem] | None
