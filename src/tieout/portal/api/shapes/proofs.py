"""Tie-outs, certificates of them, and stamps."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked, Day


class Check(Schema):
    check: str
    date: str | None
    compared: int
    outcome: str
    reason: str | None


class Difference(Schema):
    check: str
    date: str | None
    account_no: int | None
    party_no: int | None
    voucher_no: int | None
    stream: str | None
    name: str | None
    stored: str
    vendor: str
    difference: str


class TieOut(Schema):
    """One tie-out. `carried_from`: checks that a quiet sync left out are those of then."""

    sync: int
    at: datetime
    verdict: str
    checks: list[Check]
    differing: int
    convention: str | None
    cause: str | None
    carried_from: datetime | None = None


class TieOuts(Page[TieOut]):
    pass


class Differences(Page[Difference]):
    pass


class Certificate(Schema):
    certificate: int
    source: UUID
    verdict: str
    date: date | None
    tied_out_at: datetime
    issued_at: datetime
    sha256: str


class Certificates(Page[Certificate]):
    pass


class Stamp(Schema):
    """What a company's books said on a date when somebody reported it; never changed."""

    stamp: UUID
    source: UUID
    name: str
    date: date
    made_at: datetime
    sync: int
    as_of: datetime
    verdict: str | None


class Stamps(Page[Stamp]):
    pass


class NewStamp(Asked):
    name: StrictStr = Field(min_length=1, max_length=100)
    date: Day


class MovedAccount(Schema):
    account_no: int | None
    name: str
    then: str
    changes: str
    now: str


class Changes(Schema):
    """What became of a stamp: the accounts that moved, and how many vouchers did it. Then + changes = now."""

    stamp: UUID
    is_traced: bool
    accounts: list[MovedAccount]
    vouchers: int
