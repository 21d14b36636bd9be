"""Reports, cards, the close board, what the shared limit is used for, and the state of the installation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from tieout.portal.api.cursors import Page


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


class BoardCheck(Schema):
    outcome: str | None
    compared: int
    differing: int


class BoardRow(Schema):
    """A company on the close board. `locked_to` is the last day that its books are locked."""

    source: UUID
    name: str
    readiness: Literal["needs_you", "not_ready", "ready"]
    verdict: str | None
    health: str
    freshness: str
    checks: dict[str, BoardCheck]
    locked_to: date | None
    is_locked: bool
    responsible: int | None


class Board(Page[BoardRow]):
    """Which companies can be closed, worst first. Counts are of all of the group and person chosen."""

    month: str
    needs_you: int
    not_ready: int
    ready: int


class RequestsOfOne(Schema):
    """Requests of one data source of this workspace; `source` null: of what has none here, under its `name`."""

    source: UUID | None
    name: str
    hour: int
    day: int
    refused: int


class RequestsOfHour(Schema):
    began: datetime
    requests: int
    refused: int


class RequestsOfSystem(Schema):
    """What is used of a system's limit, of the last hour and day. Shares are percentages of what the vendor allows."""

    system: str
    per_second: str
    hour: int
    hour_share: str
    day: int
    day_share: str
    refused: int
    by_source: list[RequestsOfOne]
    by_hour: list[RequestsOfHour]


class Requests(Schema):
    items: list[RequestsOfSystem]


class Finding(Schema):
    """One line of the doctor."""

    subject: str
    state: Literal["well", "notice", "unknown", "wrong", "company", "later"]
    found: str
    advice: str


class Findings(Schema):
    items: list[Finding]


class Attachment(Schema):
    """What can be fetched of a voucher, and as what kind of file."""

    kind: Literal["ehf", "pdf", "images", "order"]
    ending: str


class Attachments(Schema):
    items: list[Attachment]
