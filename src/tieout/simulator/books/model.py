"""The records of a company's books, and what may happen to them.

Amounts are whole øre (int), debit positive. Instants are UTC. `Books` is the state at its own system time: whoever
changes a record goes through its methods, so that stamps, subledgers and the list of planted changes stay true.
Records are never copied out: read them, don't write them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from tieout.simulator.books.records import (
    NO_TAGS,
    Account,
    Address,
    BankAccount,
    ClientContact,
    Contact,
    ContactBankAccount,
    ContactPerson,
    DeliveryAddress,
    Dimension,
    Named,
    Product,
    ProductGroup,
    Profile,
    Project,
    Record,
    Series,
    Tags,
    VatCode,
)

__all__ = [
    "JOURNALS",
    "NO_TAGS",
    "NO_TERMS",
    "Account",
    "Address",
    "BankAccount",
    "Books",
    "ClientContact",
    "Contact",
    "ContactBankAccount",
    "ContactPerson",
    "Day",
    "DeliveryAddress",
    "Dimension",
    "Draft",
    "Entry",
    "Expected",
    "Invoice",
    "InvoiceLine",
    "Named",
    "Posting",
    "Product",
    "ProductGroup",
    "Profile",
    "Project",
    "Record",
    "SalesOrder",
    "Series",
    "Tags",
    "Terms",
    "VatCode",
    "Voucher",
]

Day: TypeAlias = date  # for annotations where a field is called date


@dataclass(slots=True, kw_only=True)
class Posting(Record):
    """One line of a voucher on one account."""

    voucher: Voucher
    account_no: int
    date: Day  # posting date
    amount: int  # øre, debit positive, the company's currency
    currency: str = "NOK"
    currency_amount: int = 0  # in `currency`, hundredths
    description: str | None = None
    vat_code: str | None = None
    vat_amount: int = 0
    quantity: int | None = None  # hundredths
    tags: Tags = NO_TAGS
    contact_id: int | None = None
    role: str | None = None  # customer, supplier, employee: whose number stands on the posting
    entry: Entry | None = None  # the subledger entry that this posting made
    is_main_entry: bool = False
    bank_transfer_id: UUID | None = None  # of a remittance


@dataclass(slots=True, kw_only=True)
class Voucher:
    """One document in the books. Its postings sum to zero on each posting date, an opening voucher's (no. 0) need not."""

    id: UUID
    no: int
    type: str  # VoucherType of the vendor's vocabulary (contract 7.20): ManualJournal, OutgoingInvoice, ...
    date: Day
    created: datetime
    description: str | None = None
    postings: list[Posting] = field(default_factory=list, repr=False)
    is_reversed: bool = False
    reverses: Voucher | None = None
    corrects: Voucher | None = None
    imported_no: int | None = None
    drafted: datetime | None = None  # when its draft was made, where it had one
    from_ehf: bool = False


JOURNALS = frozenset({"IncomingInvoice", "IncomingCreditNote", "ManualJournal", "BankJournal"})  # made in journal entry


@dataclass(slots=True, kw_only=True)
class Draft:
    """A voucher in the making, seen in journal entry. Is posted under the same id, or deleted without a trace."""

    id: UUID
    type: str  # IncomingInvoice, ManualJournal
    created: datetime
    changed: datetime
    from_ehf: bool = False
    in_approval: bool = False


@dataclass(slots=True, kw_only=True)
class Entry(Record):
    """One entry of the customer or supplier ledger: invoices of customers positive, of suppliers negative.

    `settlements` are (posting date from which it counts, amount taken off, with `amount`'s sign, match id).
    """

    kind: str  # customer, supplier
    contact_id: int
    voucher: Voucher
    date: Day
    amount: int
    currency: str = "NOK"
    currency_amount: int = 0
    invoice_no: str | None = None
    kid: str | None = None
    due: Day | None = None
    settlements: list[tuple[Day, int, int]] = field(default_factory=list)
    match_id: int | None = None
    is_write_off: bool = False
    from_bank_account: str | None = None
    matching_reference: str | None = None
    tags: Tags = NO_TAGS

    def balance(self, on: Day | None = None) -> int:
        """What is left open, on a date or now; never of the other sign than `amount`."""
        return self.amount - sum(taken for when, taken, _ in self.settlements if on is None or when <= on)


@dataclass(slots=True, kw_only=True)
class InvoiceLine(Record):
    sort: int
    description: str | None = None
    line_type: str = "Normal"  # Normal, Text, Summary, InvoiceFee, TotalHours
    account_no: int | None = None
    product_id: int | None = None
    quantity: int = 100  # hundredths
    unit: str = "EA"
    unit_price: int = 0  # in the document's currency, hundredths
    unit_cost: int | None = None
    discount: int = 0  # basis points
    net: int = 0  # document's currency, hundredths, before VAT
    net_nok: int = 0
    vat: int = 0
    vat_code: str | None = None
    vat_rate: int = 0  # basis points
    is_accrued: bool = False
    sellers_reference_id: int | None = None  # contact in the role of employee
    tags: Tags = NO_TAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an order and its invoice say beside lines and amounts. Replaced, never changed."""

    sellers_reference_id: int | None = None  # contact in the role of employee
    contact_person_id: int | None = None
    delivery_term_id: int | None = None
    branding_theme_id: int | None = None
    delivery_date: date | None = None
    delivery_address: Address | None = None
    contract_no: str | None = None
    purchase_order: str | None = None
    matching_reference: str | None = None


NO_TERMS = Terms()


@dataclass(slots=True, kw_only=True)
class Invoice:
    """An invoice or credit note, outgoing or incoming. `voucher.id` is its identity. Amounts have the ledger's sign."""

    kind: str  # outgoing, incoming
    voucher: Voucher
    contact_id: int
    invoice_no: str | None
    entry: Entry | None
    date: Day
    due: Day | None
    net: int  # document's currency, hundredths
    total: int
    net_nok: int
    total_nok: int
    created: datetime  # outgoing: when its draft was made
    changed: datetime
    currency: str = "NOK"
    rate: int | None = None  # NOK for one unit of currency, millionths
    sent: datetime | None = None  # None: imported
    balance_changed: datetime | None = None
    kid: str | None = None
    order_no: int | None = None
    order_date: Day | None = None
    related_invoice_no: str | None = None
    delivery: str = "PdfByEmail"
    reference: str | None = None
    payment_days: int | None = None
    terms: Terms = NO_TERMS
    tags: Tags = NO_TAGS
    lines: list[InvoiceLine] = field(default_factory=list)

    @property
    def is_credit_note(self) -> bool:
        return self.voucher.type.endswith("CreditNote")


@dataclass(slots=True, kw_only=True)
class SalesOrder:
    """A draft or confirmed order. Becomes an outgoing invoice with the same id, with new line ids, and vanishes here."""

    id: UUID
    no: int
    customer_id: int
    status: str  # Draft, Confirmed
    date: Day
    created: datetime
    changed: datetime
    currency: str = "NOK"
    reference: str | None = None
    rate: int | None = None  # NOK for one unit of currency, millionths
    payment_days: int | None = None
    terms: Terms = NO_TERMS
    tags: Tags = NO_TAGS
    lines: list[tuple[UUID, InvoiceLine]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a loaded file itself says the books must come to; kept as truth, never served.

    Amounts in øre. `closing`: account -> balance at the end of the file's (last) year, balance accounts; `result`:
    the year's sum of result accounts, opening included where the file has one; `monthly`: (account, year, month) -> movement;
    `parties`: (customer or supplier, contact id) -> closing balance; `on`: the last day of the file's (last) year or span;
    `account_numbers`: the file's own account ids that could not be kept -> the numbers they got.
    """

    on: Day | None = None
    closing: dict[int, int] = field(default_factory=dict)
    result: dict[int, int] = field(default_factory=dict)
    monthly: dict[tuple[int, int, int], int] = field(default_factory=dict)
    parties: dict[tuple[str, int], int] = field(default_factory=dict)
    account_numbers: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True, repr=False)
class Books:
    """One company's books at `now`. Each dict is keyed by the record's own id."""

    profile: Profile
    now: datetime
    accounts: dict[int, Account] = field(default_factory=dict)  # by account number
    vat_codes: dict[str, VatCode] = field(default_factory=dict)  # by code
    contacts: dict[int, Contact] = field(default_factory=dict)
    contact_persons: dict[int, ContactPerson] = field(default_factory=dict)
    contact_bank_accounts: dict[int, ContactBankAccount] = field(default_factory=dict)
    delivery_addresses: dict[int, DeliveryAddress] = field(default_factory=dict)
    contact_groups: dict[int, Named] = field(default_factory=dict)
    payment_terms: dict[int, Named] = field(default_factory=dict)
    delivery_terms: dict[int, Named] = field(default_factory=dict)
    branding_themes: dict[int, Named] = field(default_factory=dict)
    departments: dict[int, Dimension] = field(default_factory=dict)
    locations: dict[int, Dimension] = field(default_factory=dict)
    custom_dimensions: dict[int, Dimension] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    products: dict[int, Product] = field(default_factory=dict)
    product_groups: dict[int, ProductGroup] = field(default_factory=dict)
    bank_accounts: dict[int, BankAccount] = field(default_factory=dict)
    client_contacts: dict[int, ClientContact] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    vouchers: dict[UUID, Voucher] = field(default_factory=dict)
    postings: dict[int, Posting] = field(default_factory=dict)  # ascending ids, insertion order
    entries: dict[int, Entry] = field(default_factory=dict)
    matches: defaultdict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))  # by match id
    outgoing: dict[UUID, Invoice] = field(default_factory=dict)  # by voucher id
    incoming: dict[UUID, Invoice] = field(default_factory=dict)
    orders: dict[UUID, SalesOrder] = field(default_factory=dict)
    drafts: dict[UUID, Draft] = field(default_factory=dict)
    rates: dict[tuple[str, date], int] = field(default_factory=dict)  # (currency, date) -> NOK millionths
    expected: Expected | None = None  # loaded files only
    remarks: list[str] = field(default_factory=list)  # what a loader had to say, in sentences
    planted: list[tuple[datetime, str, str]] = field(default_factory=list)  # (when, kind of change, what)
    version: int = 0  # grows with every change: whoever caches looks here
    _last_id: int = 0
    _last_voucher_no: int = 0
    _last_match_id: int = 0

    def new_id(self) -> int:
        """The next record id; one sequence for the whole company, never used twice."""
        self._last_id += 1
        return self._last_id

    def new_voucher_no(self) -> int:
        """The next number of the company's one ascending series, from 1."""
        self._last_voucher_no += 1
        return self._last_voucher_no

    def new_match_id(self) -> int:
        self._last_match_id += 1
        return self._last_match_id

    def touch(self, record: Record) -> None:
        """Stamp a record that was just changed."""
        record.changed = self.now
        self.version += 1

    def add_voucher(self, voucher: Voucher, *, must_balance: bool = True) -> None:
        """Put a complete voucher into the books, its postings and their subledger entries with it.

        Raises ValueError if it does not sum to zero on each posting date (voucher no. 0 excepted, and whatever a loader
        found so in a real file: it is never altered, the tie-out is to tell it).
        """
        if voucher.no and must_balance:
            sums: defaultdict[date, int] = defaultdict(int)
            for posting in voucher.postings:
                sums[posting.date] += posting.amount
            if any(sums.values()):
                raise ValueError(f"voucher {voucher.no} does not balance: {dict(sums)}")
        self.vouchers[voucher.id] = voucher
        for posting in voucher.postings:
            self.postings[posting.id] = posting
            if posting.entry is not None:
                self.entries[posting.entry.id] = posting.entry
        self.version += 1

    def trial_balance(self, on: date) -> dict[int, int]:
        """Balance per account at the end of `on`, øre, debit positive, zeros left out.

        Result accounts restart at the beginning of the fiscal year that `on` lies in; balance accounts never do.
        """
        year_start = self.fiscal_year_start(on)
        sums: defaultdict[int, int] = defaultdict(int)
        for posting in self.postings.values():
            if posting.date <= on and (posting.date >= year_start or not self.is_result(posting.account_no)):
                sums[posting.account_no] += posting.amount
        return {no: amount for no, amount in sorted(sums.items()) if amount}

    def fiscal_year_start(self, on: date) -> date:
        """First day of the fiscal year that `on` lies in."""
        month = self.profile.year_end_month % 12 + 1
        return date(on.year if on.month >= month else on.year - 1, month, 1)

    def is_result(self, account_no: int) -> bool:
        """Whether an account is income or expense, and so restarts each fiscal year."""
        return self.accounts[account_no].type in ("Income", "Expense")

    def control_account(self, kind: str, number: int) -> int | None:
        """The ledger account behind a customer, supplier or employee number; None where no series holds it."""
        for series in self.series:
            if series.kind.lower() == kind and series.first <= number <= series.last:
                return series.account_no
        return None

    def party_balances(self, kind: str, on: date) -> dict[int, int]:
        """Sum of entries per contact id up to a date, øre; contacts without entries are left out."""
        sums: defaultdict[int, int] = defaultdict(int)
        for entry in self.entries.values():
            if entry.kind == kind and entry.date <= on:
                sums[entry.contact_id] += entry.amount
        return dict(sums)
