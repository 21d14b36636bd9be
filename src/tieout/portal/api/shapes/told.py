"""What people and programs are told: incidents, webhooks, how everything stands."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

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


class AlertChoices(Schema):
    """What the token's person is told of, by kind of incident; with `digest` warnings come together in the morning.

    `is_told`: the person is among those whom the workspace tells.
    """

    kinds: list[str]
    choosable: list[str]
    digest: bool
    is_told: bool


class AlertChange(Asked):
    """What is left out stays. `kinds` are all that the person wants to be told of."""

    kinds: list[StrictStr] | None = Field(None, max_length=100)
    digest: StrictBool | None = None


class Receivers(Schema):
    """Who is told of incidents: the `chosen` ones, by their ids; nobody chosen: the usual ones. `told` is who that makes."""

    chosen: list[int]
    told: list[int]


class ReceiversOfAll(Receivers):
    """`responsible_first`: messages about a company go to its responsible person first."""

    responsible_first: bool


class ReceiversChange(Asked):
    chosen: list[StrictInt] = Field(max_length=500)


class ReceiversOfAllChange(Asked):
    """What is left out stays."""

    chosen: list[StrictInt] | None = Field(None, max_length=500)
    responsible_first: StrictBool | None = None


class Wish(Schema):
    """Whether the token's person gets one e-mail when the data source is proved."""

    is_wished: bool


class MailTest(Schema):
    """Whom the mail server took a test for."""

    to: str
