"""Accounting firms and their clients."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked

State = Literal["listed", "wanted", "checking", "connected", "refused"]


class Firm(Schema):
    """A firm's own access to a system. `may_add`: the firm may let us in to its clients itself, with one yes.

    `trouble` tells why connecting stands still; null: it does not.
    """

    connector: str
    name: str
    organisation_number: str
    may_add: bool
    made_at: datetime
    listed_at: datetime | None
    trouble: str | None


class NewFirm(Asked):
    """The firm's own client key. It is proved before anything is stored, and never shown again."""

    client_key: StrictStr = Field(min_length=1, max_length=200)


class Client(Schema):
    """A client of the firm, as the system lists it. `source` is its data source here, if it is one already."""

    client: int
    name: str
    organisation_number: str
    is_active: bool
    state: State
    reason: str | None
    source: UUID | None


class Clients(Page[Client]):
    pass


class Listed(Schema):
    clients: int


class ClientsWish(Asked):
    """`clients`: those to be connected, by their ids; `all`: every one that is not connected."""

    clients: list[StrictInt] = Field([], max_length=5_000)
    all: StrictBool = False


class Begun(Schema):
    """How many are being connected now; the list of clients tells how far each has come."""

    clients: int
