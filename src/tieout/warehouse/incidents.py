"""What was found wrong with stored books, by account and voucher, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Shape(StrEnum):
    """What a difference looks like, once the source was asked again. Stored is ours, the vendor's is theirs."""

    MISSING_VOUCHER = "missing_voucher"  # the source has a voucher that we lack
    MISSING_POSTING = "missing_posting"  # we have the voucher, and lack a line of it
    MISSING_MONTH = "missing_month"  # we lack every voucher of a month
    OPENING_MISSING = "opening_missing"  # the opening balance is not among our postings
    DOUBLED_VOUCHER = "doubled_voucher"  # we have a line twice
    SURPLUS_VOUCHER = "surplus_voucher"  # we have a voucher that the source lacks
    SURPLUS_POSTING = "surplus_posting"  # we have a line that the source's voucher lacks
    CORRECTED_IN_PLACE = "corrected_in_place"  # the same line with another amount
    WRONG_ACCOUNT = "wrong_account"  # the same line on another account
    SHIFTED_DATE = "shifted_date"  # the same line on another date
    POSTED_AFTER = "posted_after_the_check"  # made at the source after the books were read
    CUT_OFF = "cut_off"  # the difference is exactly the postings after a date
    ROWS_MISSING = "rows_missing"  # a stream has fewer rows than the source counts; figures are counts
    ROWS_SURPLUS = "rows_surplus"
    SOURCE_DIFFERS = "source_differs"  # the source's own list does not add up to its own balance
    UNEXPLAINED = "unexplained"  # the source could not be asked for the postings


class IncidentState(StrEnum):
    """What became of an incident."""

    OPEN = "open"
    MENDED = "mended"  # fetched again, replaced, and checked again
    GONE = "gone"  # a later tie-out proved the books without our mending


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One part of a difference: an account's sum in one voucher, as stored and as the source has it now.

    Debit positive, the company's currency. `month` is the first day of the month that the difference arose in, None where
    no date applies. `other_date` and `other_account_no`: where the source has what we have elsewhere.
    """

    shape: Shape
    stored: Decimal
    vendor: Decimal
    check: str = "ledger"
    month: date | None = None
    posting_date: date | None = None
    account_no: int | None = None
    voucher_no: int | None = None
    other_date: date | None = None
    other_account_no: int | None = None
    party_no: int | None = None
    stream: str | None = None
    is_mended: bool = False

    @property
    def difference(self) -> Decimal:
        """Stored less vendor."""
        return self.stored - self.vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Stored books that were not the source's. Times are UTC; `first_date` to `last_date` are the postings' months.

    `proved_at` is the last time before that the books were proved: since then, at the latest, something was wrong.
    `requests` is what finding and mending cost. `tie_out` is the one that told it.
    """

    opened_at: datetime
    state: IncidentState
    findings: tuple[Finding, ...] = ()
    closed_at: datetime | None = None
    proved_at: datetime | None = None
    first_date: date | None = None
    last_date: date | None = None
    requests: int = 0
    sync: int | None = None
    tie_out: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DataStatus:
    """Where one company's data stand, as it travels with them. Times are UTC.

    `as_of`: the data are as the source had them then (None before a first sync). `since`: from when on every tie-out came
    to this verdict. `reason` is a code: the checks that differ, or why they could not be made; None when proved.
    """

    source_id: str
    name: str
    organisation_number: str
    as_of: datetime | None
    checked_at: datetime
    verdict: str
    since: datetime
    proved_at: datetime | None
    lock_date: date | None
    newest_posting: date | None
    reason: str | None
    tie_out: int
