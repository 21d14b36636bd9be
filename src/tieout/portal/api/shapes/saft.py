"""SAF-T Financial files that are written here, and where each account goes in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked


class SaftFile(Schema):
    """A file that was written and checked. Months are those of the fiscal year, 1 to 12; debit and credit its totals.

    `findings`: how many things do not add up; 0 in a file that can be handed over. `is_kept`: it can still be fetched.
    """

    file: UUID
    source: UUID
    name: str
    fiscal_year: int
    first_month: int
    last_month: int
    made_at: datetime
    bytes: int
    sha256: str
    transactions: int
    lines: int
    debit: str
    credit: str
    accounts_by_rule: int
    findings: int
    is_kept: bool


class SaftFiles(Page[SaftFile]):
    pass


class SaftCheck(Schema):
    """One check of a file; `sentences` tell the first of its findings."""

    check: str
    findings: int
    sentences: list[str]


class SaftFileInFull(SaftFile):
    checks: list[SaftCheck]


class NewSaftFile(Asked):
    """`contact`: first and last name of whom the tax authority may ask; it stands in the file."""

    fiscal_year: StrictInt = Field(ge=1900, le=2200)
    first_month: StrictInt = Field(1, ge=1, le=12)
    last_month: StrictInt = Field(12, ge=1, le=12)
    contact: StrictStr = Field(min_length=3, max_length=100)


class GroupingCode(Schema):
    """Where an account goes in the tax authority’s statement; by rule until somebody confirmed it."""

    account_no: int
    name: str
    category: str
    code: str
    is_confirmed: bool


class GroupingCodes(Page[GroupingCode]):
    pass


class ChosenCode(Asked):
    """`code` null: by the rule again."""

    account_no: StrictInt = Field(ge=0, lt=10**18)
    code: StrictStr | None = Field(None, max_length=10)


class CodesChange(Asked):
    """`confirm_rest`: what still goes by the rule is confirmed as it is."""

    codes: list[ChosenCode] = Field([], max_length=50_000)
    confirm_rest: StrictBool = False


class CodesChanged(Schema):
    """How many accounts are confirmed now, and how many go by the rule."""

    confirmed: int
    by_rule: int
