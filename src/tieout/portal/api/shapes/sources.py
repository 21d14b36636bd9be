"""Data sources and their streams, syncs and what those told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked, Day

Kind = Literal["people", "identity", "bank_accounts", "payroll_texts"]
Choice = Literal["fetched", "hidden", "not_fetched"]


class Source(Schema):
    """A data source: one company in one system. `source` is its id; `organisation_number` never changes.

    `where_to_end` tells where at the system its administrator ends the approval, which removing a data source does not do.
    """

    source: UUID
    organisation_number: str
    name: str
    company_name: str
    connector: str
    approval: Literal["waiting", "approved", "withdrawn"]
    health: str
    freshness: str
    verdict: str | None
    verdict_as_of: datetime | None
    activity: str | None
    cause: str | None
    reason: str | None
    rows: int
    schedule: str
    is_paused: bool
    responsible: int | None
    groups: list[int]
    created_at: datetime
    last_complete_at: datetime | None
    next_sync_at: datetime | None
    where_to_end: str
    personal: dict[Kind, Choice]


class Sources(Page[Source]):
    pass


class NewSource(Asked):
    """A company whose client key is known. The key is proved before anything is stored, and never shown again."""

    connector: StrictStr = Field(max_length=64)
    client_key: StrictStr = Field(min_length=1, max_length=200)
    organisation_number: StrictStr = Field("", max_length=24)
    only_new: StrictBool = Field(False, description="refuse a company that is a data source already, changing nothing")


class SourceChange(Asked):
    """What is left out stays. `schedule` is minutes and hours, as in `60.always`; `responsible` a person's id, null: nobody.

    `personal`: what becomes of kinds of personal data, also of what is stored already.
    """

    name: StrictStr | None = Field(None, min_length=1, max_length=200)
    schedule: StrictStr | None = Field(None, max_length=20)
    is_paused: StrictBool | None = None
    responsible: StrictInt | None = Field(None, ge=1)
    personal: dict[Kind, Choice] | None = None


class Stream(Schema):
    stream: str
    state: str
    grade: str | None
    holds: bool | None
    rows: int
    newest: date | None
    reason: str | None
    last_success_at: datetime | None
    unknown_fields: list[str]


class Streams(Schema):
    items: list[Stream]


class Sync(Schema):
    """One attempt to bring a data source up to date. `outcome` is null while it waits or runs."""

    sync: int
    source: UUID
    asked_by: str
    state: str
    outcome: str | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None
    rows: int
    requests: int
    throttled: int
    verdict: str | None
    cause: str | None
    reason: str | None


class SyncWish(Asked):
    """`full`: read everything anew. `skip`: streams that are left out, by name."""

    full: StrictBool = False
    skip: list[Annotated[StrictStr, Field(min_length=1, max_length=64)]] = Field([], max_length=100)


class Syncs(Page[Sync]):
    pass


class Event(Schema):
    """What a sync told, as `tieout source sync --json` prints it; `facts` differ from event to event."""

    number: int
    event: str
    at: datetime
    stream: str | None
    facts: dict[str, Any]


class Events(Page[Event]):
    pass


class Cancelled(Schema):
    syncs: int


class CheckWish(Asked):
    """`date`: compare the ledger at the end of that day too."""

    date: Day | None = None
