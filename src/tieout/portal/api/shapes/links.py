"""Approval links."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked


class Link(Schema):
    """An approval link. Its address is in the answer that made it, and nowhere again."""

    link: UUID
    state: Literal["open", "used", "expired", "revoked"]
    connector: str
    source: UUID | None
    organisation_number: str | None
    companies_left: list[str]
    recipient_name: str
    recipient_email: str
    note: str
    made_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    used_at: datetime | None
    sources: list[UUID]
    address: str | None = None


class Links(Page[Link]):
    pass


class LinkWish(Asked):
    """`send`: e-mail it to `recipient_email`; `sent_at` in the answer says whether the mail server took it."""

    recipient_name: StrictStr = Field("", max_length=100)
    recipient_email: StrictStr = Field("", max_length=254)
    note: StrictStr = Field("", max_length=300)
    valid_for: Literal["1h", "1d", "3d", "7d", "14d", "30d"] = "7d"
    send: StrictBool = False


class NewLink(LinkWish):
    """`organisation_numbers`: only these companies can be connected by it; none: whichever the approver chooses."""

    connector: StrictStr = Field(max_length=64)
    organisation_numbers: list[StrictStr] = Field([], max_length=500)


class Replacement(Asked):
    """`send`: e-mail the new one to the recipient of the old one."""

    send: StrictBool = False
