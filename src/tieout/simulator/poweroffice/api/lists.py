"""The vendor's GET endpoints as one table (contract 6): where rows come from, how they look, what filters them, who may ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from tieout.simulator.books.model import Books, Contact, Entry, Invoice, Posting, SalesOrder, Tags
from tieout.simulator.poweroffice.api import dto_contacts, dto_invoices, dto_ledger, dto_registers
from tieout.simulator.poweroffice.api import query as q
from tieout.simulator.poweroffice.api.dto_shared import Row, code_of
from tieout.simulator.poweroffice.api.endpoints import Asked, Endpoint, compile_path
from tieout.simulator.poweroffice.api.query import NOT_SIMULATED, Filter
from tieout.simulator.poweroffice.api.wire import ticks

Filters = dict[str, Filter]


def _changed(record: Any) -> q.Instant:
    return ticks(record.changed, _digit(record))


def _created(record: Any) -> q.Instant:
    return ticks(record.created, _digit(record))


def _digit(record: Any) -> int:
    """The record's own number, whose last digit is the seventh decimal of its stamps."""
    if isinstance(record, Invoice):
        return record.voucher.no
    number: int = record.no if isinstance(record, SalesOrder) else record.id
    return number


def _optional(moment_of: Callable[[Any], Any]) -> Filter:
    return q.after(lambda record: ticks(moment, _digit(record)) if (moment := moment_of(record)) else None)


CHANGED: Filters = {"lastChangedDateTimeOffsetGreaterThan": q.after(_changed)}
CREATED: Filters = {"createdDateTimeOffsetGreaterThan": q.after(_created)}


def _not_simulated(*names: str) -> Filters:
    return dict.fromkeys(names, NOT_SIMULATED)


# Dimensions of anything that has tags. Sub-projects are found by their code's beginning.
def _tag_code(register: str, attribute: str) -> Callable[[Any, Books], str | None]:
    return lambda record, books: code_of(getattr(books, register), getattr(record.tags, attribute))


def _project_filters(include: str = "includeSubProject") -> Filters:
    return {"projectCodes": q.coded(_tag_code("projects", "project_id"), blank=True), include: q.unused(q.a_bool)}


DEPARTMENTS: Filters = {"departmentCodes": q.coded(_tag_code("departments", "department_id"), blank=True)}


def _with_sub_projects(asked: Asked, records: Iterable[Any], tags_of: Callable[[Any], Tags]) -> list[Any]:
    """With includeSubProject the project filter means the children too, so it is applied here and not by the filter."""
    wanted = asked.values.get("projectcodes")
    if not wanted or not asked.values.get("includesubproject"):
        return list(records)
    codes = {project.code for project in asked.books.projects.values() if project.code.split(".")[0] in wanted}
    return [record for record in records if code_of(asked.books.projects, tags_of(record).project_id) in codes]


# --- bookkeeping ---


def _transactions(asked: Asked) -> list[Posting]:
    rows = asked.books.postings.values()
    if not asked.options.opening_in_transactions:
        return [posting for posting in rows if posting.voucher.no]
    return list(rows)


TRANSACTIONS = Endpoint(
    path="/AccountTransactions",
    rows=_transactions,
    show=lambda asked, posting: dto_ledger.account_transaction(asked.books, posting),
    required=("fromDate", "toDate"),
    privileges=("AccountTransaction",),
    filters={
        "fromDate": q.since(lambda posting: posting.date),
        "toDate": q.until(lambda posting: posting.date),
        "accountNos": q.numbered(lambda posting, _: posting.account_no),
        "voucherNos": q.numbered(lambda posting, _: posting.voucher.no),
        "voucherTypes": q.coded(lambda posting, _: posting.voucher.type),
        "vatCodes": q.coded(lambda posting, _: posting.vat_code),
        "productCodes": q.coded(_tag_code("products", "product_id"), blank=True),
        **DEPARTMENTS,
        **_project_filters(),
        **CHANGED,
        **CREATED,
        **_not_simulated("agricultureDepartments"),
    },
)


def _trial_balance(asked: Asked) -> list[tuple[Any, int]]:
    on = asked.values["date"]
    if names := [name for name in ("departmentcodes", "projectcode", "productcode") if name in asked.values]:
        sums = _dimension_sums(asked, names)
    else:
        sums = asked.books.trial_balance(on)
    accounts = asked.books.accounts.values()
    return [(account, sums.get(account.no, 0)) for account in sorted(accounts, key=lambda account: account.no)]


def _dimension_sums(asked: Asked, names: Sequence[str]) -> dict[int, int]:
    books, on = asked.books, asked.values["date"]
    tests = {
        "departmentcodes": _tag_code("departments", "department_id"),
        "projectcode": _tag_code("projects", "project_id"),
        "productcode": _tag_code("products", "product_id"),
    }
    start = books.fiscal_year_start(on)
    sums: dict[int, int] = {}
    for posting in books.postings.values():
        is_inside = posting.date <= on and (posting.date >= start or not books.is_result(posting.account_no))
        if is_inside and all(
            (tests[name](posting, books) or q.BLANK_DIMENSION) in asked.values[name] for name in names
        ):
            sums[posting.account_no] = sums.get(posting.account_no, 0) + posting.amount
    return sums


TRIAL_BALANCE = Endpoint(
    path="/TrialBalance",
    rows=_trial_balance,
    show=lambda asked, line: dto_ledger.trial_balance_line(asked.books, *line),
    key=lambda line: line[0].id,
    required=("date",),
    privileges=("TrialBalance",),
    changes=lambda _asked: True,
    filters={
        "date": q.unused(q.a_date),
        "accountNos": q.numbered(lambda line, _: line[0].no),
        "hideAccountsWithZeroBalance": q.when(q.a_bool, lambda line, _: line[1] != 0),
        "departmentCodes": q.unused(q.codes),
        "projectCode": q.unused(q.codes),
        "productCode": q.unused(q.codes),
        **_not_simulated("agricultureDepartments", "includeSubProject"),
    },
)

ACCOUNTS = Endpoint(
    path="/GeneralLedgerAccounts",
    rows=lambda asked: asked.books.accounts.values(),
    show=lambda asked, account: dto_ledger.general_ledger_account(asked.books, account),
    privileges=("GeneralLedgerAccount",),
    filters={
        "accountNos": q.numbered(lambda account, _: account.no),
        **CHANGED,
        **_not_simulated("agricultureDepartments"),
    },
)


def _vat_codes(asked: Asked) -> list[Any]:
    """Expired codes only where asked for (contract 9.3)."""
    shown = asked.values.get("includeexpired", False)
    return [
        code for code in asked.books.vat_codes.values() if shown or not code.valid_to or code.valid_to >= asked.today
    ]


VAT_CODES = Endpoint(
    path="/VatCodes",
    rows=_vat_codes,
    show=lambda asked, code: dto_ledger.vat_code(asked.books, code),
    privileges=("CommonServices",),
    filters={"includeExpired": q.unused(q.a_bool), "isActive": q.equal(q.a_bool, lambda code, _: code.is_active)},
)


# --- subledgers ---


def _entries(kind: str) -> Callable[[Asked], list[Entry]]:
    def rows(asked: Asked) -> list[Entry]:
        found = (entry for entry in asked.books.entries.values() if entry.kind == kind)
        return _with_sub_projects(asked, found, lambda entry: entry.tags)

    return rows


def _party(books: Books, contact_id: int) -> Contact | None:
    return books.contacts.get(contact_id)


def _entry_filters(kind: str, flag: str) -> Filters:
    def number(entry: Entry, books: Books) -> int | None:
        contact = _party(books, entry.contact_id)
        return getattr(contact, f"{kind}_no") if contact else None

    def external(entry: Entry, books: Books) -> int | None:
        contact = _party(books, entry.contact_id)
        return contact.external_no if contact else None

    return {
        f"{kind}Nos": q.numbered(number),
        "externalNos": q.numbered(external),
        "contactGroupIds": q.touching(_groups_of_entry),
        "invoiceNos": q.coded(lambda entry, _: entry.invoice_no),
        "customMatchingReferences": q.coded(lambda entry, _: entry.matching_reference),
        "voucherTypes": q.coded(lambda entry, _: entry.voucher.type),
        "subLedgerNumberSeriesIds": q.among(
            q.uuids, lambda entry, books: _series_id(books, kind, number(entry, books))
        ),
        flag: q.when(
            q.a_bool, lambda entry, _: abs(entry.balance()) < abs(entry.amount) and entry.match_id is not None
        ),
        "onlyCreatedByCurrentIntegration": q.when(q.a_bool, lambda _entry, _books: False),
        **DEPARTMENTS,
        **_project_filters(),
        **CHANGED,
        **CREATED,
    }


def _groups_of_entry(entry: Entry, books: Books) -> tuple[int, ...]:
    contact = _party(books, entry.contact_id)
    return contact.group_ids if contact else ()


def _series_id(books: Books, kind: str, number: int | None) -> UUID | None:
    series = (s for s in books.series if s.kind.lower() == kind and number is not None and s.first <= number <= s.last)
    found = next(series, None)
    return found.id if found else None


def _statement(kind: str, flag: str) -> Endpoint:
    def show(asked: Asked, entry: Entry) -> Row:
        on = asked.values["todate"]
        return dto_ledger.ledger_entry(asked.books, entry, on if on < asked.today else None)

    return Endpoint(
        path=f"/{kind.capitalize()}ledger/Statement",
        rows=_entries(kind),
        show=show,
        required=("fromDate", "toDate"),
        privileges=(f"{kind.capitalize()}Ledger",),
        changes=lambda asked: asked.values["todate"] < asked.today,
        filters={
            "fromDate": q.since(lambda entry: entry.date),
            "toDate": q.until(lambda entry: entry.date),
            **_entry_filters(kind, flag),
        },
    )


def _open_items(kind: str, flag: str) -> Endpoint:
    def rows(asked: Asked) -> list[Entry]:
        on = asked.values["date"]
        return [entry for entry in _entries(kind)(asked) if entry.date <= on and entry.balance(on)]

    return Endpoint(
        path=f"/{kind.capitalize()}ledger/OpenItems",
        rows=rows,
        show=lambda asked, entry: dto_ledger.ledger_entry(asked.books, entry, asked.values["date"]),
        required=("date",),
        privileges=(f"{kind.capitalize()}Ledger",),
        changes=lambda _asked: True,
        filters={"date": q.unused(q.a_date), **_entry_filters(kind, flag)},
    )


def _balances(kind: str) -> Endpoint:
    def rows(asked: Asked) -> list[tuple[Contact, int]]:
        books, on = asked.books, asked.values["date"]
        sums = books.party_balances(kind, on)
        if asked.values.get("includeonlyopenitems"):
            opened = {e.contact_id for e in books.entries.values() if e.kind == kind and e.date <= on and e.balance(on)}
            sums = {contact: amount for contact, amount in sums.items() if contact in opened}
        return [(books.contacts[contact], amount) for contact, amount in sums.items()]

    def number(line: tuple[Contact, int]) -> int | None:
        own: int | None = getattr(line[0], f"{kind}_no")
        return own

    return Endpoint(
        path=f"/{kind.capitalize()}ledger/{kind.capitalize()}Balances",
        rows=rows,
        show=lambda asked, line: dto_ledger.party_balance(asked.books, kind, *line),
        key=lambda line: line[0].id,
        required=("date",),
        privileges=(f"{kind.capitalize()}Ledger",),
        changes=lambda _asked: True,
        filters={
            "date": q.unused(q.a_date),
            "includeOnlyOpenItems": q.unused(q.a_bool),
            "contactGroupIds": q.touching(lambda line, _: line[0].group_ids),
            "subLedgerNumberSeriesIds": q.among(q.uuids, lambda line, books: _series_id(books, kind, number(line))),
        },
    )


def _by_match(kind: str) -> Endpoint:
    return Endpoint(
        path=f"/{kind.capitalize()}ledger/EntriesByMatchId",
        rows=_entries(kind),
        show=lambda asked, entry: dto_ledger.ledger_entry(asked.books, entry, None),
        required=("matchId",),
        privileges=(f"{kind.capitalize()}Ledger",),
        filters={"matchId": q.equal(q.an_int, lambda entry, _: entry.match_id)},
    )


# --- contacts ---


def _contacts(role: str) -> Callable[[Asked], list[Contact]]:
    return lambda asked: [c for c in asked.books.contacts.values() if getattr(c, f"{role}_no") is not None]


def _contact_list(path: str, role: str, show: Callable[[Books, Contact], Row], privilege: str) -> Endpoint:
    def since(contact: Contact) -> Any:
        return getattr(contact, f"{role}_since")

    return Endpoint(
        path=path,
        rows=_contacts(role),
        show=lambda asked, contact: show(asked.books, contact),
        privileges=(privilege,),
        filters={
            f"{role}Nos": q.numbered(lambda contact, _: getattr(contact, f"{role}_no")),
            "externalNos": q.numbered(lambda contact, _: contact.external_no),
            "contactGroupIds": q.touching(lambda contact, _: contact.group_ids),
            f"{role}CreatedDateTimeOffsetGreaterThan": _optional(since),
            **CHANGED,
            **_not_simulated("externalImportReference"),
        },
    )


def _one_contact(path: str, role: str, show: Callable[[Books, Contact], Row], privilege: str) -> Endpoint:
    def rows(asked: Asked) -> list[Contact]:
        contact = asked.books.contacts[q.an_int(asked.path_values["id"])]
        if getattr(contact, f"{role}_no") is None:
            raise LookupError
        return [contact]

    return Endpoint(
        path=path,
        rows=rows,
        show=lambda a, c: show(a.books, c),
        privileges=(privilege,),
        is_paged=False,
        is_single=True,
    )


# --- invoices and orders ---


def _invoices(kind: str) -> Callable[[Asked], list[Invoice]]:
    def rows(asked: Asked) -> list[Invoice]:
        found: dict[UUID, Invoice] = getattr(asked.books, kind)
        return _with_sub_projects(asked, found.values(), lambda invoice: invoice.tags)

    return rows


def _invoice_filters(role: str) -> Filters:
    def number(invoice: Invoice, books: Books) -> int | None:
        contact = _party(books, invoice.contact_id)
        return getattr(contact, f"{role}_no") if contact else None

    def is_unpaid(invoice: Invoice, _books: Books) -> bool:
        return invoice.entry is not None and invoice.entry.balance() != 0

    return {
        "fromDate": q.since(lambda invoice: invoice.date),
        "toDate": q.until(lambda invoice: invoice.date),
        "balanceLastChangedDateTimeOffsetGreaterThan": _optional(lambda invoice: invoice.balance_changed),
        "onlyUnpaidInvoices": q.when(q.a_bool, is_unpaid),
        f"{role}Nos": q.numbered(number),
        "voucherNos": q.numbered(lambda invoice, _: invoice.voucher.no),
        **DEPARTMENTS,
        **_project_filters(),
    }


def _invoice_no(invoice: Invoice, _books: Books) -> int | None:
    return int(invoice.invoice_no) if invoice.invoice_no and invoice.invoice_no.isdigit() else None


OUTGOING = Endpoint(
    path="/OutgoingInvoices",
    rows=_invoices("outgoing"),
    show=lambda asked, invoice: dto_invoices.outgoing_invoice(asked.books, invoice, asked.options),
    key=lambda invoice: invoice.voucher.id,
    privileges=("OutgoingInvoice",),
    filters={
        **_invoice_filters("customer"),
        "invoiceIds": q.among(q.uuids, lambda invoice, _: invoice.voucher.id),
        "invoiceNos": q.numbered(_invoice_no),
        "sentDateTimeOffsetGreaterThan": _optional(lambda invoice: invoice.sent),
        "customMatchingReferences": q.coded(lambda invoice, _: invoice.terms.matching_reference),
        "onlyCreatedByCurrentIntegration": q.when(q.a_bool, lambda _invoice, _books: False),
    },
)

INCOMING = Endpoint(
    path="/IncomingInvoices",
    rows=_invoices("incoming"),
    show=lambda asked, invoice: dto_invoices.incoming_invoice(asked.books, invoice, asked.options),
    key=lambda invoice: invoice.voucher.id,
    privileges=("IncomingInvoice",),
    filters={**_invoice_filters("supplier"), "voucherTypes": q.coded(lambda invoice, _: invoice.voucher.type)},
)


def _uuid(asked: Asked) -> UUID:
    try:
        return UUID(asked.path_values["id"])
    except ValueError as error:
        raise LookupError from error


def _one_invoice(listing: Endpoint, kind: str) -> Endpoint:
    return Endpoint(
        path=f"{listing.path}/{{id}}",
        rows=lambda asked: [getattr(asked.books, kind)[_uuid(asked)]],
        show=listing.show,
        privileges=listing.privileges,
        is_paged=False,
        is_single=True,
    )


LINES = Endpoint(
    path="/OutgoingInvoices/{id}/Lines",
    rows=lambda asked: asked.books.outgoing[_uuid(asked)].lines,
    show=lambda asked, line: dto_invoices.outgoing_invoice_line(asked.books, asked.books.outgoing[_uuid(asked)], line),
    privileges=("OutgoingInvoice",),
)

ORDERS = Endpoint(
    path="/SalesOrders",
    rows=lambda asked: _with_sub_projects(asked, asked.books.orders.values(), lambda order: order.tags),
    show=lambda asked, order: dto_invoices.sales_order(asked.books, order),
    privileges=("SalesOrders",),
    filters={
        "customerNos": q.numbered(
            lambda order, books: c.customer_no if (c := _party(books, order.customer_id)) else None
        ),
        "orderStatus": q.coded(lambda order, _: order.status),
        "onlyCreatedByCurrentIntegration": q.when(q.a_bool, lambda _order, _books: False),
        "showInherited": q.unused(q.a_bool),
        **DEPARTMENTS,
        **_project_filters(),
        **CHANGED,
    },
)


def _one_order(path: str, show: Callable[[Books, SalesOrder], Row]) -> Endpoint:
    return Endpoint(
        path=path,
        rows=lambda asked: [asked.books.orders[_uuid(asked)]],
        show=lambda asked, order: show(asked.books, order),
        privileges=("SalesOrders",),
        filters={"showInherited": q.unused(q.a_bool)},
        is_paged=False,
        is_single=True,
    )


ORDER_LINES = Endpoint(
    path="/SalesOrders/{id}/Lines",
    rows=lambda asked: asked.books.orders[_uuid(asked)].lines,
    show=lambda asked, line: dto_invoices.sales_order_line(asked.books, asked.books.orders[_uuid(asked)], *line),
    key=lambda line: line[0],
    privileges=("SalesOrders",),
)

# --- registers ---


def _register(
    path: str, register: str, show: Callable[[Books, Any], Row], *privileges: str, filters: Filters | None = None
) -> Endpoint:
    return Endpoint(
        path=path,
        rows=lambda asked: getattr(asked.books, register).values(),
        show=lambda asked, record: show(asked.books, record),
        privileges=privileges,
        filters=filters or {},
    )


def _names(*extra: str) -> Filters:
    return {name: q.coded(lambda record, _: record.name) for name in extra}


CODES: Filters = {"codes": q.coded(lambda record, _: record.code)}
PRODUCT_FILTERS: Filters = {
    **CODES,
    **_names("names"),
    "isArchived": q.equal(q.a_bool, lambda record, _: record.is_archived),
    "type": q.equal(str, lambda record, _: record.type),
    **CHANGED,
    **CREATED,
}


def _projects(asked: Asked) -> list[Any]:
    wanted, deep = asked.values.get("projectcodes"), asked.values.get("includesubprojects")
    projects = asked.books.projects.values()
    if not wanted:
        return list(projects)
    return [p for p in projects if p.code in wanted or (deep and p.code.split(".")[0] in wanted)]


PROJECTS = Endpoint(
    path="/Projects",
    rows=_projects,
    show=lambda asked, project: dto_registers.project(asked.books, project),
    privileges=("Project",),
    filters={
        "projectCodes": q.unused(q.codes),
        "includeSubProjects": q.unused(q.a_bool),
        "excludeArchivedProject": q.when(q.a_bool, lambda project, _: project.status != "Archived"),
        "status": q.equal(str, lambda project, _: project.status),
        "name": q.equal(str, lambda project, _: project.name),
        "projectBillingMethod": q.equal(str, lambda project, _: project.billing_method),
        "departmentCodes": q.coded(
            lambda project, books: code_of(books.departments, project.department_id), blank=True
        ),
        "customerNos": q.numbered(lambda p, books: c.customer_no if (c := _party(books, p.customer_id or 0)) else None),
        **CHANGED,
        **CREATED,
        **_not_simulated("projectManagerEmployeeNos"),
    },
)


def _object(path: str, show: Callable[[Asked], Any], *privileges: str, filters: Filters | None = None) -> Endpoint:
    """A single object that always exists."""
    return Endpoint(
        path=path,
        rows=lambda asked: [asked.books],
        show=lambda asked, _books: show(asked),
        key=id,
        privileges=privileges,
        filters=filters or {},
        is_paged=False,
        is_single=True,
    )


def _integration(asked: Asked) -> Row:
    client = asked.client
    return {
        "ActiveClientSubscriptions": list(client.subscriptions),
        "AllowSendInvoice": False,
        "ClientId": client.client_id,
        "ClientName": client.client_name,
        "InvalidPrivileges": list(client.invalid_privileges),
        "ValidPrivileges": list(client.valid_privileges),
    }


def _rate(asked: Asked) -> Row:
    values = asked.values
    found = dto_registers.currency_rate(
        asked.books, values["fromcurrency"].upper(), values["tocurrency"].upper(), values["asondate"]
    )
    if found is None:
        raise LookupError
    return found


COMMON_SERVICES = "CommonServices"

ENDPOINTS: tuple[Endpoint, ...] = (
    TRANSACTIONS,
    TRIAL_BALANCE,
    ACCOUNTS,
    VAT_CODES,
    _statement("customer", "onlyBalancesLessThanAmount"),
    _open_items("customer", "onlyBalancesLessThanAmount"),
    _balances("customer"),
    _by_match("customer"),
    _statement("supplier", "onlyBalancesGreaterThanAmount"),
    _open_items("supplier", "onlyBalancesGreaterThanAmount"),
    _balances("supplier"),
    _by_match("supplier"),
    _contact_list("/Customers", "customer", dto_contacts.customer, "Customer"),
    _one_contact("/Customers/{id}", "customer", dto_contacts.customer, "Customer"),
    _contact_list("/Suppliers", "supplier", dto_contacts.supplier, "Supplier"),
    _one_contact("/Suppliers/{id}", "supplier", dto_contacts.supplier, "Supplier"),
    _contact_list("/Employees", "employee", dto_contacts.employee, "Employee"),
    OUTGOING,
    _one_invoice(OUTGOING, "outgoing"),
    LINES,
    INCOMING,
    _one_invoice(INCOMING, "incoming"),
    ORDERS,
    _one_order("/SalesOrders/{id}", dto_invoices.sales_order),
    ORDER_LINES,
    _one_order("/SalesOrders/{id}/Complete", dto_invoices.sales_order_complete),
    PROJECTS,
    _register(
        "/Products",
        "products",
        dto_registers.product,
        "Product",
        filters={
            **PRODUCT_FILTERS,
            "productGroupCodes": q.coded(lambda product, books: code_of(books.product_groups, product.group_id)),
            "stockOnHandLastChangedDatetimeOffsetGreaterThan": _optional(lambda product: product.stock_changed),
        },
    ),
    _register("/ProductGroups", "product_groups", dto_registers.product_group, "Product", filters=PRODUCT_FILTERS),
    _register(
        "/Departments",
        "departments",
        dto_registers.department,
        "Department",
        filters={
            **CODES,
            "isActive": q.equal(q.a_bool, lambda record, _: record.is_active),
            "name": q.equal(str, lambda record, _: record.name),
            **CHANGED,
            **CREATED,
            **_not_simulated("createdFromImportJournalId", "managerEmployeeNo"),
        },
    ),
    _register("/Locations", "locations", dto_registers.location, "Location", filters={**CODES, **CREATED}),
    _register(
        "/CustomDimensions",
        "custom_dimensions",
        dto_registers.custom_dimension,
        "CustomDimension",
        filters={
            **CODES,
            "ordinal": q.numbered(lambda record, _: record.ordinal),
            **CHANGED,
            **CREATED,
            **_not_simulated("externalImportReference"),
        },
    ),
    Endpoint(
        path="/CustomDimensionSettings",
        rows=lambda asked: dto_registers.custom_dimension_settings(asked.books),
        show=lambda _asked, row: row,
        key=lambda row: row["Ordinal"],
        privileges=("CustomDimension",),
        is_paged=False,
        changes=lambda _asked: True,
    ),
    _register(
        "/ContactGroups",
        "contact_groups",
        dto_contacts.contact_group,
        "ContactGroup",
        filters={**_names("names"), **CHANGED, **CREATED},
    ),
    _register(
        "/ContactPersons",
        "contact_persons",
        dto_contacts.contact_person,
        "ContactPerson",
        "Customer",
        "Supplier",
        filters={
            "contactIds": q.numbered(lambda person, _: person.contact_id),
            "externalCodes": q.coded(lambda person, _: person.external_code),
            **CHANGED,
            **CREATED,
        },
    ),
    _register(
        "/ClientBankAccounts",
        "bank_accounts",
        dto_contacts.client_bank_account,
        "ClientBankAccount",
        filters={"bankAccountNumbers": q.coded(lambda bank, _: bank.number), **CHANGED, **CREATED},
    ),
    _register("/ClientContacts", "client_contacts", dto_contacts.client_contact, COMMON_SERVICES),
    _register("/PaymentTerms", "payment_terms", dto_contacts.payment_term, COMMON_SERVICES),
    _register("/DeliveryTerms", "delivery_terms", dto_contacts.delivery_term, COMMON_SERVICES),
    _register("/BrandingThemes", "branding_themes", dto_contacts.branding_theme, COMMON_SERVICES),
    Endpoint(
        path="/SubLedgerNumberSeries",
        rows=lambda asked: asked.books.series,
        show=lambda asked, series: dto_ledger.number_series(asked.books, series),
        privileges=(COMMON_SERVICES,),
        filters={
            "generalLedgerAccountNos": q.numbered(lambda series, _: series.account_no),
            "isDefault": q.equal(q.a_bool, lambda series, _: series.is_default),
            "subLedgerNumberSeriesType": q.equal(str, lambda series, _: series.kind),
        },
    ),
    Endpoint(
        path="/Currencies",
        rows=lambda asked: dto_registers.currencies(asked.books),
        show=lambda _asked, row: row,
        key=lambda row: row["Code"],
        privileges=(COMMON_SERVICES,),
        filters={
            "currencyCode": q.equal(str, lambda row, _: row["Code"]),
            "isActive": q.equal(q.a_bool, lambda row, _: row["IsActive"]),
        },
    ),
    Endpoint(
        path="/CurrencyRates",
        rows=lambda asked: [_rate(asked)],
        show=lambda _asked, row: row,
        required=("fromCurrency", "toCurrency", "asOnDate"),
        privileges=(COMMON_SERVICES,),
        filters={"fromCurrency": q.unused(), "toCurrency": q.unused(), "asOnDate": q.unused(q.a_date)},
        is_paged=False,
        is_single=True,
    ),
    _object("/ClientIntegrationInformation", _integration),
    _object("/OrganizationSettings", lambda asked: dto_registers.organization_settings(asked.books), COMMON_SERVICES),
    _object("/FinancialSettings", lambda asked: dto_registers.financial_settings(asked.books), COMMON_SERVICES),
    _object("/VatSettings", lambda asked: dto_registers.vat_settings(asked.books), COMMON_SERVICES),
    _object("/LockDateSettings", lambda asked: dto_registers.lock_date_settings(asked.books), COMMON_SERVICES),
)

_ROUTES = [(compile_path(endpoint.path), endpoint) for endpoint in ENDPOINTS]


def route(path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """The endpoint behind a path after /v2, and the values in the path; None where the gateway knows none."""
    for pattern, endpoint in _ROUTES:
        if match := pattern.fullmatch(path.rstrip("/")):
            return endpoint, match.groupdict()
    return None
