"""What a reader finds in a file, whatever its format. Amounts are whole øre, debit positive; ids are the file's own texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.model import Address, Day


@dataclass(slots=True, kw_only=True)
class AccountRow:
    """`closing` is published for the end of the file's year or span; `result` is the same of a result account."""

    id: str
    name: str
    type: str | None = None  # of the model's vocabulary, where the file tells it
    category: str | None = None  # GroupingCategory
    opening: int = 0
    closing: int | None = None
    result: int | None = None


@dataclass(frozen=True, slots=True)
class PartyBalance:
    account_id: str | None
    opening: int
    closing: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    first_name: str
    last_name: str
    title: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(slots=True, kw_only=True)
class PartyRow:
    kind: str  # customer, supplier
    id: str
    name: str
    organisation_number: str | None = None
    address: Address = field(default_factory=Address)
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    persons: list[PersonRow] = field(default_factory=list)
    payment_days: int | None = None
    currency: str | None = None
    is_archived: bool = False
    is_person: bool = False
    balances: list[PartyBalance] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRow:
    code: str
    name: str
    rate: int | None = None  # basis points; None: the standard code's own
    standard: str | None = None
    is_compensation: bool = False
    basis_ratio: int = 10_000  # basis points
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRow:
    type: str
    id: str
    name: str
    type_name: str = ""
    start: date | None = None
    end: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRow:
    number: str
    bank: str
    account_id: str | None = None
    currency: str = "NOK"
    bic: str | None = None


@dataclass(slots=True, kw_only=True)
class LineRow:
    account_id: str
    amount: int
    currency: str = "NOK"
    currency_amount: int | None = None
    description: str | None = None
    customer_id: str | None = None
    supplier_id: str | None = None
    tax_code: str | None = None
    tax_rate: int | None = None  # basis points
    tax_amount: int = 0
    quantity: int | None = None  # hundredths
    analyses: tuple[tuple[str, str, int | None], ...] = ()  # (type, id, part of the amount)
    reference: str | None = None  # of the invoice
    kid: str | None = None
    due: date | None = None
    cross_reference: str | None = None
    entered: datetime | None = None
    line: int | None = None  # in the file


@dataclass(slots=True, kw_only=True)
class VoucherRow:
    key: str  # what makes it this voucher within its file
    number: str  # as the file writes it
    date: Day
    posting_date: Day
    type: str | None = None  # the file's own code
    description: str | None = None
    entered: datetime | None = None
    modified: datetime | None = None
    lines: list[LineRow] = field(default_factory=list)
    line: int | None = None  # in the file


@dataclass(slots=True, kw_only=True)
class Content:
    """One company's file. `vouchers` may be read only once, and may raise BooksFileError while it is."""

    format: str
    name: str
    first_day: date
    last_day: date
    remarks: Remarks
    vouchers: Iterable[VoucherRow]
    year_end_month: int = 12
    organisation_number: str | None = None
    address: Address = field(default_factory=Address)
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    has_norwegian_chart: bool = True
    accounts: list[AccountRow] = field(default_factory=list)
    parties: list[PartyRow] = field(default_factory=list)
    vat_codes: list[VatRow] = field(default_factory=list)
    dimensions: list[DimensionRow] = field(default_factory=list)
    slots: dict[str, str] = field(default_factory=dict)  # type of dimension -> slot, where the format fixes it
    banks: list[BankRow] = field(default_factory=list)
    contacts: list[PersonRow] = field(default_factory=list)
    monthly: dict[tuple[str, int, int], int] = field(default_factory=dict)  # (account id, year, month) -> movement
