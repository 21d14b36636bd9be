"""Everything that Tieout reads from PowerOffice Go, as one table (contract 6; blueprint 5), and how the books are proved.

Declarations only; client.py turns them into requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tieout.catalog import Column, Grade, How, Kind, Repeated, Rhythm, Stream
from tieout.connectors.base import (
    Calendar,
    DimensionProof,
    EmployeesProof,
    LedgerProof,
    Names,
    Proof,
    Settlement,
    SubledgerProof,
)
from tieout.connectors.poweroffice.columns import COLUMNS
from tieout.connectors.poweroffice.personal import WITH_CONTACTS, marked

CHANGED = {"changed": "lastChangedDateTimeOffsetGreaterThan"}
BALANCE = {"balance": "balanceLastChangedDateTimeOffsetGreaterThan"}
STOCK = {"stock": "stockOnHandLastChangedDatetimeOffsetGreaterThan"}  # the lower-case t is the vendor's (contract 9.3)
BALANCED, COUNTED, NOT_CHECKABLE = Grade.BALANCED, Grade.COUNTED, Grade.NOT_CHECKABLE
WHOLE, NUMBERED, PARENTS, SNAPSHOT = How.WHOLE, How.NUMBERED, How.PARENTS, How.SNAPSHOT
ALWAYS, MOVED, NIGHTLY, WEEKLY = Rhythm.ALWAYS, Rhythm.MOVED, Rhythm.NIGHTLY, Rhythm.WEEKLY
NOTHING: dict[str, str] = {}
# Whose codes other records repeat, by the column that repeats them; renamed, they change there without a stamp.
CODES = {
    "department": "departments",
    "project": "projects",
    "product": "products",
    "location": "locations",
    "dim1": "custom_dimensions",
    "dim2": "custom_dimensions",
    "dim3": "custom_dimensions",
}


class Span(Enum):
    """Whether fromDate and toDate are understood. Both are inclusive (contract 5.3)."""

    NONE = 0
    OPTIONAL = 1
    REQUIRED = 2
    WHOLE = 3  # required, and toDate must not lie in the past: balances would be of that day (contract 6.3)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row of the table: where a stream's records come from.

    `path` may hold `{parent}`. Any of `privileges` opens it, each as X or X_Full (contract 8.4). `changes` maps a kind of
    change to the filter that asks for it. `always` goes with every request. `only` restricts the fields asked for.
    `paged` is false for single objects and for lists that take no paging (contract 6.8).
    """

    stream: Stream
    path: str
    privileges: tuple[str, ...]
    changes: dict[str, str]
    always: dict[str, str]
    only: tuple[str, ...] = ()
    span: Span = Span.NONE
    paged: bool = True
    divided_by: str = ""  # the parameter that asks for a range of the stream's `divided_by`


def _endpoint(
    name: str,
    path: str,
    schema: str,
    privilege: str,
    how: How = How.CHANGED,
    key: tuple[str, ...] = ("id",),
    *,
    grade: Grade = COUNTED,
    changes: dict[str, str] | None = None,
    always: dict[str, str] = NOTHING,
    only: tuple[str, ...] = (),
    span: Span = Span.NONE,
    paged: bool = True,
    windowed: bool = False,
    window: str | None = None,
    number: str | None = None,
    divided_by: tuple[str, str] | None = None,
    parent: tuple[str, str, Column] | None = None,
    deferred: bool = False,
    rhythm: Rhythm = ALWAYS,
    key_scan: bool = False,
    vanishes: bool = False,
    revised_by: tuple[str, str] | None = None,
    posted_as: tuple[str, ...] = (),
) -> Endpoint:
    asked = changes if changes is not None else (CHANGED if how is How.CHANGED else NOTHING)
    fixed = [Column("date", "", Kind.DATE)] if how is SNAPSHOT else []
    fixed += [parent[2]] if parent else []
    known = marked(schema, COLUMNS[schema])
    told = [c for c in known if (not only or c.field in only) and c.name not in {f.name for f in fixed}]
    stream = Stream(
        name=name,
        columns=(*fixed, *told),
        primary_key=key,
        how=how,
        windowed=windowed,
        window_column="date" if how is SNAPSHOT else window,
        changed_by=tuple(asked),
        number_column=number,
        divided_by=divided_by[0] if divided_by else None,
        parent=parent[0] if parent else None,
        parent_key=parent[1] if parent else "id",
        parent_column=parent[2].name if parent else None,
        deferred=deferred,
        rhythm=rhythm,
        key_scan=key_scan,
        vanishes=vanishes,
        repeats=_repeats(tuple(told)),
        revised_by=revised_by,
        posted_as=("voucher_no", "voucher_type", posted_as) if posted_as else None,
        grade=grade,
        has_contacts=schema in WITH_CONTACTS,
    )
    parameter = divided_by[1] if divided_by else ""
    return Endpoint(stream, path, tuple(privilege.split()), asked, always, only, span, paged, parameter)


def _repeats(columns: tuple[Column, ...]) -> tuple[Repeated, ...]:
    names = {column.name for column in columns}
    pairs = [(f"{name}_code", f"{name}_id", stream) for name, stream in CODES.items()]
    return tuple(Repeated(code, by, stream, code="code") for code, by, stream in pairs if code in names and by in names)


# A line carries its parent's Id, since the vendor's lines do not (contract 7.9) or may not (7.16).
_INVOICE = ("outgoing_invoices", "id", Column("outgoing_invoice_id", "", Kind.UUID))
_ORDER = ("sales_orders", "id", Column("sales_order_id", "SalesOrderId", Kind.UUID))
_CURRENCY = ("account_transactions", "currency_code", Column("currency_code", "CurrencyCode", Kind.TEXT))
# Nothing else tells that a voucher was reversed (contract 6.1.1, 6.4).
_REVERSALS = ("account_transactions", "reversed_voucher_no")
_NAMES = ("Id", "Number", "FirstName", "LastName")  # of employees nothing else is ever asked for


def _list(
    name: str,
    path: str,
    schema: str,
    privilege: str,
    *,
    key: str = "id",
    always: dict[str, str] = NOTHING,
    rhythm: Rhythm = WEEKLY,
) -> Endpoint:
    """A short list that changes seldom."""
    return _endpoint(name, path, schema, privilege, WHOLE, (key,), always=always, rhythm=rhythm)


def _settings(
    name: str,
    path: str,
    schema: str,
    key: tuple[str, ...] = (),
    privilege: str = "CommonServices",
    *,
    rhythm: Rhythm = WEEKLY,
) -> Endpoint:
    """One object, or a list that takes no paging."""
    return _endpoint(name, path, schema, privilege, WHOLE, key, grade=NOT_CHECKABLE, paged=False, rhythm=rhythm)


# fmt: off
ENDPOINTS = (
    # bookkeeping
    _endpoint("account_transactions", "/AccountTransactions", "AccountTransactionDto", "AccountTransaction",
              grade=BALANCED, span=Span.REQUIRED, windowed=True, window="posting_date", revised_by=_REVERSALS),
    _endpoint("general_ledger_accounts", "/GeneralLedgerAccounts", "GeneralLedgerAccountDto", "GeneralLedgerAccount", WHOLE,
              rhythm=MOVED),
    _list("vat_codes", "/VatCodes", "VatCodeDto", "CommonServices", always={"includeExpired": "true"}),
    _list("currencies", "/Currencies", "CurrencyDto", "CommonServices", key="code"),
    _endpoint("currency_rates", "/CurrencyRates", "CurrencyRateDto", "CommonServices", SNAPSHOT, ("currency_code", "date"),
              grade=NOT_CHECKABLE, parent=_CURRENCY, paged=False, deferred=True, rhythm=NIGHTLY),
    _settings("financial_settings", "/FinancialSettings", "FinancialSettingsDto", rhythm=NIGHTLY),
    _settings("organization_settings", "/OrganizationSettings", "OrganizationSettingDto"),
    _settings("vat_settings", "/VatSettings", "VatSettingsDto"),
    _settings("lock_date_settings", "/LockDateSettings", "LockDateSettingsDto", rhythm=NIGHTLY),
    _list("sub_ledger_number_series", "/SubLedgerNumberSeries", "SubLedgerNumberSeriesDto", "CommonServices"),
    _list("locations", "/Locations", "LocationDto", "Location", rhythm=NIGHTLY),
    _endpoint("custom_dimensions", "/CustomDimensions", "CustomDimensionDto", "CustomDimension", key_scan=True, rhythm=NIGHTLY),
    _settings("custom_dimension_settings", "/CustomDimensionSettings", "CustomDimensionSettingsDto",
              ("ordinal",), "CustomDimension"),
    _endpoint("trial_balances", "/TrialBalance", "TrialBalanceLineDto", "TrialBalance", SNAPSHOT, ("account_id",),
              grade=NOT_CHECKABLE, rhythm=MOVED),
    # accounts receivable
    _endpoint("customers", "/Customers", "CustomerDto", "Customer", key_scan=True),
    _endpoint("contact_persons", "/ContactPersons", "ContactPersonDto", "ContactPerson Customer Supplier", key_scan=True,
              rhythm=NIGHTLY),
    _endpoint("contact_groups", "/ContactGroups", "ContactGroupDto", "ContactGroup", key_scan=True, rhythm=NIGHTLY),
    _list("payment_terms", "/PaymentTerms", "PaymentTermDto", "CommonServices"),
    _list("delivery_terms", "/DeliveryTerms", "DeliveryTermDto", "CommonServices"),
    _endpoint("customer_ledger_entries", "/Customerledger/Statement", "CustomerLedgerEntryDto", "CustomerLedger",
              grade=BALANCED, span=Span.WHOLE, divided_by=("customer_account_no", "customerNos")),
    _endpoint("customer_balances", "/Customerledger/CustomerBalances", "CustomerBalanceDto", "CustomerLedger",
              SNAPSHOT, ("customer_id",), grade=NOT_CHECKABLE, rhythm=MOVED),
    # accounts payable
    _endpoint("suppliers", "/Suppliers", "SupplierDto", "Supplier", key_scan=True),
    _endpoint("supplier_ledger_entries", "/Supplierledger/Statement", "SupplierLedgerEntryDto", "SupplierLedger",
              grade=BALANCED, span=Span.WHOLE, divided_by=("supplier_account_no", "supplierNos")),
    _endpoint("supplier_balances", "/Supplierledger/SupplierBalances", "SupplierBalanceDto", "SupplierLedger",
              SNAPSHOT, ("supplier_id",), grade=NOT_CHECKABLE, rhythm=MOVED),
    # invoices and orders
    _endpoint("outgoing_invoices", "/OutgoingInvoices", "OutgoingInvoiceDto", "OutgoingInvoice", NUMBERED,
              changes=BALANCE, number="voucher_no", span=Span.OPTIONAL, revised_by=_REVERSALS, rhythm=MOVED,
              posted_as=("OutgoingInvoice", "OutgoingCreditNote")),
    _endpoint("outgoing_invoice_lines", "/OutgoingInvoices/{parent}/Lines", "OutgoingInvoiceLineDto", "OutgoingInvoice",
              PARENTS, grade=NOT_CHECKABLE, parent=_INVOICE, deferred=True),
    _endpoint("incoming_invoices", "/IncomingInvoices", "IncomingInvoiceListItemDto", "IncomingInvoice", NUMBERED,
              changes=BALANCE, number="voucher_no", span=Span.OPTIONAL, revised_by=_REVERSALS, rhythm=MOVED,
              posted_as=("IncomingInvoice", "IncomingCreditNote")),
    _endpoint("sales_orders", "/SalesOrders", "SalesOrderDto", "SalesOrders", key_scan=True, vanishes=True),
    _endpoint("sales_order_lines", "/SalesOrders/{parent}/Lines", "SalesOrderLineDto", "SalesOrders",
              PARENTS, grade=NOT_CHECKABLE, parent=_ORDER),
    _list("branding_themes", "/BrandingThemes", "BrandingThemeDto", "CommonServices"),
    # projects, products, departments
    _endpoint("projects", "/Projects", "ProjectDto", "Project", key_scan=True),
    _endpoint("employees", "/Employees", "EmployeeDto", "Employee", only=_NAMES, key_scan=True, rhythm=NIGHTLY),
    _endpoint("products", "/Products", "ProductDto", "Product", changes=CHANGED | STOCK, key_scan=True),
    _endpoint("product_groups", "/ProductGroups", "ProductGroupDto", "Product", key_scan=True, rhythm=NIGHTLY),
    _endpoint("departments", "/Departments", "DepartmentDto", "Department", key_scan=True),
)
# fmt: on

BY_NAME = {endpoint.stream.name: endpoint for endpoint in ENDPOINTS}
STREAMS = tuple(endpoint.stream for endpoint in ENDPOINTS)


def _subledger(check: str, party: str, invoices: str) -> SubledgerProof:
    return SubledgerProof(
        check=check,
        entries=f"{party.lower()}_ledger_entries",
        party_no=f"{party.lower()}_account_no",
        posting_date="posting_date",
        amount="amount",
        series="sub_ledger_number_series",
        series_type="sub_ledger_number_series_type",
        series_type_value=party,
        series_account_no="general_ledger_account_no",
        names=Names(check, number="number", name="name"),
        settlement=Settlement(
            balance="balance",
            match="match_id",
            voucher_id="voucher_id",
            voucher_no="voucher_no",
            voucher_type="voucher_type",
            invoices=invoices,
            invoice_voucher_id="id",  # an invoice's Id is its VoucherId (contract 6.4)
            invoice_voucher_no="voucher_no",
            invoice_balance="balance",
        ),
    )


PROOF = Proof(
    ledger=LedgerProof(
        postings="account_transactions",
        account_no="account_no",
        posting_date="posting_date",
        amount="amount",
        voucher_id="voucher_id",
        voucher_no="voucher_no",
        opening_voucher_no=0,  # contract 11.16
        accounts="general_ledger_accounts",
        account_type="general_ledger_account_type",
        result_types=("Income", "Expense"),
        names=Names("general_ledger_accounts", number="account_no", name="name"),
        created="created_date_time_offset",
        reverses_no="reversed_voucher_no",
        corrects_no="correction_of_voucher_no",
        is_reversed="is_reversed",
        imported_voucher_no="imported_voucher_no",
        dimensions=(
            DimensionProof(check="per_department", code="department_code"),
            DimensionProof(check="per_project", code="project_code"),
        ),
        employees=EmployeesProof(  # the one subledger without an endpoint (contract 6.3)
            check="employees",
            party_no="employee_account_no",
            series="sub_ledger_number_series",
            series_type="sub_ledger_number_series_type",
            series_type_value="Employee",
            series_account_no="general_ledger_account_no",
        ),
    ),
    subledgers=(
        _subledger("customers", "Customer", "outgoing_invoices"),
        _subledger("suppliers", "Supplier", "incoming_invoices"),
    ),
    calendar=Calendar(
        settings="financial_settings",
        fiscal_year_end_month="financial_year_end_month",
        conversion_date="conversion_date",
        lock="lock_date_settings",
        lock_date="lock_date",
    ),
)
