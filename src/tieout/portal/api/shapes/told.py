"""What people and programs are told: incidents, webhooks, how everything stands."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked


class Incident(Schema):
    """What people are told of. `title` and `means` are in the language that the request asks for."""

    incident: UUID
    kind: str
    gravity: Literal["error", "warning", "news"]
    source: UUID | None
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    title: str
    means: str
    who: str
    url: str


class Incidents(Page[Incident]):
    pass


class Webhook(Schema):
    """Where events are posted. `signing_secret` is in the answer that made it, and nowhere again."""

    webhook: UUID
    name: str
    form: Literal["signed", "chat"]
    types: list[str]
    host: str
    is_on: bool
    is_disabled_by_failure: bool
    made_at: datetime
    signing_secret: str | None = None


class Webhooks(Page[Webhook]):
    pass


class NewWebhook(Asked):
    name: StrictStr = Field(min_length=1, max_length=100)
    url: StrictStr = Field(min_length=1, max_length=2_000)
    form: Literal["signed", "chat"] = "signed"
    types: list[Literal["sync.finished", "incident.opened", "incident.closed"]] = Field(min_length=1, max_length=3)


class WebhookChange(Asked):
    is_on: StrictBool


class Delivery(Schema):
    delivery: UUID
    type: str
    made_at: datetime
    tries: int
    delivered_at: datetime | None
    status: int | None


class Deliveries(Page[Delivery]):
    pass


class Tested(Schema):
    is_taken: bool


class IncidentLine(Schema):
    kind: str
    gravity: str
    since: str
    workspace: str | None
    source: str | None
    about: str | None


class SourceLine(Schema):
    source: str
    workspace: str
    name: str
    organisation_number: str
    health: str
    freshness: str
    verdict: str | None
    last_complete_at: str | None
    next_sync_at: str | None


class Status(Schema):
    """How everything stands that the token may see; keys as `tieout status --json` has them."""

    version: str
    at: str
    health: dict[str, int]
    verdicts: dict[str, int]
    incidents_open: list[IncidentLine]
    sources: list[SourceLine]
