"""Tie-outs, certificates of them, and stamps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
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
    stamped_at: datetime
    sync: int
    as_of: datetime
    verdict: str | None


class Stamps(Page[Stamp]):
    pass


class NewStamp(Asked):
    name: StrictStr = Field(min_length=1, max_length=100)
    date: Day


class MovedAccount(Schema):
    """`account_no` null: the result of earlier years. Stamped + changes + untraced = now."""

    account_no: int | None
    name: str
    stamped: str
    changes: str
    untraced: str
    now: str


class ChangedVoucher(Schema):
    """What became of a voucher since a stamp; `amounts` by account number."""

    voucher_no: int | None
    voucher_id: str
    first_posting_date: date
    sync: int
    kinds: list[str]
    columns: list[str]
    related: list[int]
    amounts: dict[str, str]


class Changes(Stamp):
    """What became of a stamp: all accounts that moved, and some of the vouchers that did it, by date.

    `traced` is false where the rows of then are forgotten, so that no voucher can be named. `next` goes into `cursor` of the
    next request; null: these were the last vouchers.
    """

    traced: bool
    accounts: list[MovedAccount]
    vouchers: list[ChangedVoucher]
    vouchers_in_all: int
    next: str | None


class Witness(Schema):
    """A SAF-T file of the accounting system, held against what is stored. `first` and `last` are the days it spans."""

    witness: int
    source: UUID
    at: datetime
    file: str
    sha256: str
    first: date
    last: date
    agrees: bool
    accounts: int
    accounts_apart: int
    vouchers_equal: int
    vouchers_apart: int


class Witnesses(Page[Witness]):
    pass


class WitnessDifferences(Schema):
    """Accounts and vouchers that differ, and where the file contradicts itself; amounts are texts with two decimals."""

    accounts: list[dict[str, Any]]
    vouchers: list[dict[str, Any]]
    contradictions: list[dict[str, Any]]


class WitnessInFull(Witness):
    differences: WitnessDifferences
