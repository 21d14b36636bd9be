"""What a tie-out says and what it rests on, as it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from tieout.catalog import Grade
from tieout.warehouse.incidents import Incident


class Verdict(StrEnum):
    """What a tie-out says. Couldn't check is not Proved."""

    PROVED = "proved"
    NOT_PROVED = "not_proved"
    COULD_NOT_CHECK = "could_not_check"


class CheckOutcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    COULD_NOT_CHECK = "could_not_check"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One comparison: `ledger`, `vouchers`, `customers`, `suppliers` (party by party and control account) or `counts`.

    `reason` is a code when it could not be made or does not apply. `compared` is how many figures were held together.
    """

    check: str
    date: date
    compared: int
    outcome: CheckOutcome
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Stored less vendor, debit positive, the company's currency. Counts have the stream's name and whole numbers."""

    check: str
    date: date
    stored: Decimal
    vendor: Decimal
    account_no: int | None = None
    party_no: int | None = None
    voucher_no: int | None = None
    stream: str | None = None
    dimension: str | None = None  # the code of a department or project, where the check is per dimension

    @property
    def difference(self) -> Decimal:
        return self.stored - self.vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """One account's closing balance as stored and as the source tells it, debit positive, the company's currency."""

    account_no: int
    stored: Decimal
    vendor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamGrade:
    """What a tie-out can say about one stream: `holds` is None while it is still filling or could not be checked."""

    stream: str
    grade: Grade
    on: date
    holds: bool | None
    filling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TieOut:
    """A verdict with all it rests on. `sync` is None when it was asked for alone. `at` is UTC.

    `balances` are the ledger's accounts at the newest date, `books` what the source says of its calendar, `incident` what
    was found wrong (mended, or still open): they are told once; what is kept of them is read by `SourceStore.incidents`
    and `SourceStore.data_status`.
    """

    at: datetime
    verdict: Verdict
    checks: tuple[Check, ...]
    differences: tuple[Difference, ...] = ()
    streams: tuple[StreamGrade, ...] = ()
    balances: tuple[AccountBalance, ...] = ()
    sync: int | None = None
    id: int | None = None
    incident: Incident | None = None
    lock_date: date | None = None
    newest_posting: date | None = None
    convention: str | None = None  # how the source forms its trial balance: `ledger.convention.Convention.code`
    is_after_sync: bool = True  # False: nothing was read before it, so the data are no newer than they were
