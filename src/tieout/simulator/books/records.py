"""The registers of a company's books: whatever postings and invoices refer to. `model` gives all names on.

Amounts are whole øre (int), rates basis points. Instants are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(slots=True, kw_only=True)
class Record:
    """What every record has: a number of its own, never used again, and its two stamps."""

    id: int
    created: datetime
    changed: datetime


@dataclass(slots=True, kw_only=True)
class Address:
    line1: str | None = None
    line2: str | None = None
    zip_code: str | None = None
    city: str | None = None
    country: str = "NO"


@dataclass(slots=True, kw_only=True)
class Account(Record):
    no: int
    name: str
    type: str  # Asset, Liability, Equity, Income, Expense
    vat_code: str | None = None
    is_active: bool = True
    is_department_required: bool = False
    is_project_required: bool = False
    currency: str | None = None


@dataclass(slots=True, kw_only=True)
class VatCode(Record):
    code: str
    name: str
    rate: int  # basis points: 2500 = 25 %
    account_no: int | None = None
    valid_from: date = date(1970, 1, 1)
    valid_to: date | None = None
    base_code: str | None = None  # of a custom code
    basis_ratio: int = 10_000  # basis points
    is_active: bool = True


@dataclass(slots=True, kw_only=True)
class Contact(Record):
    """A person or firm in up to three roles. Numbers are per role; the id is shared by all of them."""

    name: str
    first_name: str | None = None
    last_name: str | None = None
    is_person: bool = False
    organisation_number: str | None = None
    customer_no: int | None = None
    supplier_no: int | None = None
    employee_no: int | None = None
    customer_since: datetime | None = None
    supplier_since: datetime | None = None
    employee_since: datetime | None = None
    email: str | None = None
    phone: str | None = None
    address: Address = field(default_factory=Address)
    currency: str = "NOK"
    payment_days: int = 14
    external_no: int | None = None
    is_archived: bool = False
    is_active_customer: bool = True
    is_active_supplier: bool = True
    group_ids: tuple[int, ...] = ()
    department_id: int | None = None
    job_title: str | None = None
    website: str | None = None
    invoice_email: str | None = None
    delivery: str = "PdfByEmail"  # InvoiceDeliveryType
    delivery_term_id: int | None = None
    branding_theme_id: int | None = None
    sales_person_id: int | None = None  # contact in the role of employee
    discount: int = 0  # basis points
    billable_rate: int | None = None  # øre an hour
    is_vat_free: bool = False
    hired: date | None = None  # employees
    manager_id: int | None = None  # employees: contact
    location_id: int | None = None  # employees


@dataclass(slots=True, kw_only=True)
class ContactPerson(Record):
    contact_id: int
    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    is_active: bool = True
    is_default: bool = False
    external_code: str | None = None
    address: Address = field(default_factory=Address)


@dataclass(slots=True, kw_only=True)
class ContactBankAccount(Record):
    """Where a contact is paid. National numbers have eleven digits, others are IBANs with a BIC."""

    contact_id: int
    number: str
    country: str = "NO"
    bic: str | None = None
    is_active: bool = True


@dataclass(slots=True, kw_only=True)
class DeliveryAddress(Record):
    """Where a contact wants goods, beside its own address."""

    contact_id: int
    address: Address
    external_code: str | None = None
    is_primary: bool = False


@dataclass(slots=True, kw_only=True)
class Named(Record):
    """Contact groups, payment terms (days), delivery terms, branding themes (code)."""

    name: str
    days: int | None = None
    code: str | None = None
    is_default: bool = False
    is_active: bool = True


@dataclass(slots=True, kw_only=True)
class Dimension(Record):
    """A department, a location, or a value of custom dimension 1, 2 or 3 (`ordinal`)."""

    code: str
    name: str
    is_active: bool = True
    ordinal: int | None = None
    manager_id: int | None = None  # contact


@dataclass(slots=True, kw_only=True)
class Project(Record):
    code: str  # parent.sub for sub-projects
    name: str
    status: str = "Active"  # Tentative, Active, Archived, NotStarted, Complete
    is_active: bool = True
    parent_id: int | None = None
    customer_id: int | None = None  # None on a sub-project: inherited
    department_id: int | None = None
    manager_id: int | None = None
    start: date | None = None
    end: date | None = None
    is_billable: bool = True
    is_internal: bool = False
    fixed_price: int | None = None  # øre
    billable_rate: int | None = None  # øre an hour
    budgeted_hours: int | None = None
    budgeted_revenue: int | None = None  # øre
    budgeted_billable_rate: int | None = None  # øre an hour
    budgeted_goods: int | None = None  # øre
    budgeted_payroll: int | None = None  # øre
    budgeted_other: int | None = None  # øre
    billing_method: str = "Time"  # FixedPrice, Time, TimeAndExpenses
    progress: int | None = None  # percent
    contract_no: str | None = None
    purchase_order: str | None = None
    external_no: int | None = None
    location_id: int | None = None
    contact_person_id: int | None = None
    branding_theme_id: int | None = None
    delivery_term_id: int | None = None
    payment_days: int | None = None


@dataclass(slots=True, kw_only=True)
class Product(Record):
    code: str
    name: str
    group_id: int | None = None
    type: str = "Service"  # Product, Service
    unit: str = "EA"
    unit_price: int | None = None  # øre; None: inherited from the group
    unit_cost: int | None = None
    sales_account: int | None = None
    vat_free_sales_account: int | None = None
    is_archived: bool = False
    is_stock_item: bool = False
    stock_on_hand: int | None = None
    stock_changed: datetime | None = None
    gtin: str | None = None
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class ProductGroup(Record):
    code: str
    name: str
    type: str = "Service"
    unit: str = "EA"
    unit_price: int | None = None
    unit_cost: int | None = None
    sales_account: int | None = None
    vat_free_sales_account: int | None = None
    is_archived: bool = False
    description: str | None = None


@dataclass(slots=True, kw_only=True)
class BankAccount(Record):
    number: str
    bank: str
    account_no: int
    currency: str = "NOK"
    is_primary: bool = False
    bic: str | None = None


@dataclass(slots=True, kw_only=True)
class ClientContact(Record):
    name: str
    role: str
    email: str | None = None
    phone: str | None = None


@dataclass(slots=True, kw_only=True)
class Series:
    """A subledger number series: numbers first..last are posted through one control account."""

    id: UUID
    kind: str  # Customer, Supplier, Employee
    name: str
    account_no: int
    first: int
    last: int
    is_default: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """Dimensions of a posting, an invoice or a line; all are record ids. Shared by many, so replaced, never changed."""

    department_id: int | None = None
    project_id: int | None = None
    product_id: int | None = None
    location_id: int | None = None
    dim1_id: int | None = None
    dim2_id: int | None = None
    dim3_id: int | None = None


NO_TAGS = Tags()


@dataclass(slots=True, kw_only=True)
class Profile:
    """The company itself and its settings."""

    name: str
    organisation_number: str
    client_id: UUID
    conversion_date: date  # opening balances lie on the day before
    year_end_month: int = 12
    lock_date: date | None = None
    address: Address = field(default_factory=Address)
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    is_vat_registered: bool = True
    vat_period: str = "BiMonthly"
    rounding_account_no: int | None = None
    currency_gains_account_no: int | None = None
    currency_losses_account_no: int | None = None
    subscriptions: tuple[str, ...] = ("Accounting",)  # modules; contract 7.18
    dimension_names: tuple[str | None, str | None, str | None] = (None, None, None)
    settings_changed: datetime | None = None
