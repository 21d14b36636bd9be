"""What a connector is to the rest of Tieout: what it can read, how a company approves it, how its books are proved.

Portal and engine read these declarations and never ask which system they speak to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from tieout.catalog import Ask, Page, Stream
from tieout.connectors.turns import SOMEBODY, Claim, Priority
from tieout.connectors.usage import Used

__all__ = ["SOMEBODY", "Claim", "Priority", "Used"]  # what a reader is opened for, and what that amounted to


class Approval(StrEnum):
    """How a company lets us in."""

    REDIRECT = "redirect"  # an administrator approves in the system's own pages and comes back
    KEY = "key"  # somebody pastes a key


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: `repr` and `str` are masked, `reveal()` gives it."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        return self._text

    def __str__(self) -> str:
        return "********"

    __repr__ = __str__


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Whose books a key opens, as the system itself says.

    `organisation_number` is normalised to nine digits. `client_id` is the system's own identity of the company.
    """

    name: str
    organisation_number: str
    client_id: str | None = None
    valid_privileges: tuple[str, ...] = ()
    invalid_privileges: tuple[str, ...] = ()  # granted, but the company lacks the module behind them
    subscriptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardedCompany:
    """One company that an approval brought, with the key it gave. The key is shown by the system once only."""

    name: str
    organisation_number: str
    client_key: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarded:
    """What finalising an approval gave."""

    approver_email: str | None
    companies: tuple[OnboardedCompany, ...]


class CallbackStatus(StrEnum):
    """How the approver came back from the system's pages."""

    APPROVED = "approved"
    CANCELLED = "cancelled"
    COMPANY_NOT_FOUND = "company_not_found"
    NOT_ADMINISTRATOR = "not_administrator"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """The system's answer as read from the address of our callback. `raw_status` is safe to log."""

    status: CallbackStatus
    raw_status: str
    token: Secret | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where to send the approver's browser, and until when that address works (UTC)."""

    url: str
    valid_until: datetime


class Onboarding(Protocol):
    """The handshake of systems with `Approval.REDIRECT`: begin -> the person approves -> read_callback -> finish."""

    def begin(self, *, redirect_uri: str, organisation_number: str | None) -> Departure:
        """Ask the system for an address to send the approver to. Raises ConnectorError."""

    def read_callback(self, query: Mapping[str, str], headers: Mapping[str, str]) -> Callback:
        """Read what the approver's browser brought back. Never raises for odd values: status UNKNOWN."""

    def finish(self, token: Secret) -> Onboarded:
        """Exchange the token for keys. Answers once only: store the keys before anything else. Raises ConnectorError."""


@dataclass(frozen=True, slots=True)
class Names:
    """Where the names of accounts or parties lie: a stream, its column of numbers and its column of names."""

    stream: str
    number: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeesProof:
    """A subledger without a list of its own: postings that name an employee = the control accounts' balances."""

    check: str
    party_no: str  # column of the postings
    series: str  # stream of number series, and its columns
    series_type: str
    series_type_value: str
    series_account_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionProof:
    """A dimension by which the source tells its trial balance: the check's name and the column of the postings' codes."""

    check: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerProof:
    """Where the books lie in this connector's raw tables, so that sums can be compared with the source's trial balance.

    All names are streams and stored columns. `result_types` are the values of `account_type` whose accounts restart
    each fiscal year.
    """

    postings: str
    account_no: str
    posting_date: str
    amount: str  # debit positive
    voucher_id: str
    voucher_no: str
    opening_voucher_no: int | None  # exempt from "sums to zero": a real file's opening may not
    accounts: str
    account_type: str
    result_types: tuple[str, ...]
    names: Names | None = None
    created: str | None = None  # column: when a posting was made
    reverses_no: str | None = None  # columns: the voucher that a posting's own reverses
    corrects_no: str | None = None  # ... or corrects
    is_reversed: str | None = None
    imported_voucher_no: str | None = None  # column: the number that a voucher had in the system it came from
    employees: EmployeesProof | None = None
    dimensions: tuple[DimensionProof, ...] = ()  # of readers that are `BalancesByDimension`


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a subledger's entries are settled: columns of the entries, and the invoices that repeat what is open.

    Entries that share a `match` settle each other: their amounts come to what is still open of them (contract 6.3).
    """

    balance: str
    match: str
    voucher_id: str
    voucher_no: str
    voucher_type: str
    invoices: str  # stream, and its columns
    invoice_voucher_id: str
    invoice_voucher_no: str
    invoice_balance: str  # of either sign (contract 11.18)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubledgerProof:
    """Where one subledger lies: entries per party = the source's balances = the control accounts' sums."""

    check: str  # "customers" or "suppliers"
    entries: str
    party_no: str
    posting_date: str
    amount: str
    series: str  # stream of number series
    series_type: str  # column
    series_type_value: str
    series_account_no: str
    names: Names | None = None
    settlement: Settlement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Where the fiscal calendar lies: a stream of one row each, or None where the source has none."""

    settings: str | None = None
    fiscal_year_end_month: str | None = None  # column; a month number or an English month name
    conversion_date: str | None = None
    lock: str | None = None
    lock_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The means of proof that a source offers. What is None is not applicable, and said so."""

    ledger: LedgerProof | None = None
    subledgers: tuple[SubledgerProof, ...] = ()
    calendar: Calendar = Calendar()


class Reader(Protocol):
    """One company's books, open for reading. Thread-safe. Made by `Connector.open`."""

    @property
    def requests(self) -> int:
        """Requests sent since opening, those answered 429 included."""

    @property
    def throttled(self) -> int:
        """Answers 429 since opening."""

    def greet(self) -> None:
        """Make sure that we are let in and learn the source's clock, by one request at most. Raises ConnectorError."""

    def company(self) -> Company:
        """Who this is and what may be read. Raises ConnectorError."""

    def pages(self, ask: Ask, spool: Path) -> Iterator[Page]:
        """Pages of one question, spooled into the folder `spool` (which exists). Ends when the source has no more.

        Raises NotPermittedError for a stream that this company does not open to us, other ConnectorErrors else.
        """

    def total(self, ask: Ask) -> int | None:
        """The source's own number of rows that a question finds, None where it can't be had cheaply. Raises ConnectorError."""

    def trial_balance(self, on: date) -> dict[int, Decimal]:
        """Closing balance per account on a date, debit positive, the company's currency. Raises ConnectorError."""

    def party_balances(self, check: str, on: date) -> dict[int, Decimal]:
        """Balance per customer or supplier number, with the ledger's sign. Raises ConnectorError."""

    def server_time(self) -> datetime | None:
        """The source's clock as it was last told, carried on by our own; UTC. None before the first answer."""

    def close(self) -> None: ...


@runtime_checkable
class BalancesByDimension(Protocol):
    """A reader whose source tells its trial balance by dimension."""

    def dimension_balances(self, check: str, code: str, on: date) -> dict[int, Decimal]:
        """Closing balance per account of the postings with one code of a dimension. Raises ConnectorError."""


class Connector(Protocol):
    """One accounting system. A folder of its own and one line in `registry.py`."""

    name: str  # the folder; raw tables lie in schema raw_<name>
    title: str  # as people know it
    approval: Approval
    streams: tuple[Stream, ...]
    proof: Proof

    def onboarding(self) -> Onboarding:
        """The handshake. Only for `Approval.REDIRECT`."""

    def open(self, key: Secret, *, company: str = "", hurried: bool = False, claim: Claim = SOMEBODY) -> Reader:
        """Open a company's books with the key its approval gave. `company` (organisation number) names it in errors.

        `hurried`: somebody waits, so all calls together give up with TryLaterError after about 20 seconds.
        `claim`: for whom and what, where companies share a limit.
        """

    def where_to_end(self) -> str:
        """One sentence: where an administrator of the company ends the approval in the system itself."""


@runtime_checkable
class SharesLimit(Protocol):
    """A connector whose companies share one limit."""

    title: str
    requests_per_second: float  # of all of them together

    def used(self, since: datetime) -> list[Used]:
        """Requests since a moment, by whom and what for; a week is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsClient:
    """A client of an accounting firm, as the system lists it. `organisation_number` is normalised, or "" where none is told."""

    id: str
    name: str
    organisation_number: str
    is_active: bool


class Partner(Protocol):
    """An accounting firm's own access: its clients, and letting us in to them."""

    def may_list(self, privileges: tuple[str, ...]) -> bool:
        """Whether these privileges of the firm's own key are enough to list its clients."""

    def may_add(self, privileges: tuple[str, ...]) -> bool:
        """Whether they are enough to let us in to clients with one yes of the firm."""

    def clients(self) -> list[FirmsClient]:
        """All clients of the firm. Raises ConnectorError."""

    def add(self, client: FirmsClient) -> OnboardedCompany:
        """Let us in to one client, and give its key, which may be shown once only. Raises ConnectorError.

        NeedsCompanyError where the system refuses this client; others can still be added.
        """

    def close(self) -> None: ...


@runtime_checkable
class KnowsPartners(Protocol):
    """A connector whose system knows accounting firms and their clients."""

    def partner(self, key: Secret, *, hurried: bool = False) -> Partner:
        """Open a firm's own access with the firm's own key."""


OpenConnector = Callable[[], Connector]
