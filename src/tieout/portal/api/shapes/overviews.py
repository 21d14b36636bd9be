"""The close board, what the shared limit is used for, and the state of the installation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Schema


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


class Board(Schema):
    """Which companies can be closed, worst first. Counts are of all of the group and person chosen."""

    items: list[BoardRow]
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
