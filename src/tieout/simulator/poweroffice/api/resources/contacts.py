"""Customers, suppliers and employees (roles of one contact), contact persons and groups (contract 6.2, 6.3, 6.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tieout.simulator.books.model import Contact
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always, none_of
from tieout.simulator.poweroffice.api.parameters import changed_after, ids, numbers, words
from tieout.simulator.poweroffice.api.properties import CHANGED, STAMPS, address, percent, single
from tieout.simulator.poweroffice.api.properties import amount as money
from tieout.simulator.poweroffice.api.view import View

_SUBLEDGERS = {"customer": 1, "supplier": 2, "employee": 3}


def _subledger_account(role: str) -> Callable[[Contact, View], int]:
    """An id per contact and role; the vendor's are numbers of their own too."""
    return lambda contact, view: contact.id * 10 + _SUBLEDGERS[role]


def _mail_address(contact: Contact, _view: View) -> dict[str, Any]:
    own = {"ExternalCode": None, "Id": contact.id, "LastChangedDateTimeOffset": contact.changed}
    return {**address(contact.address), **own}


def _is_person(contact: Contact, _view: View) -> bool:
    return contact.is_person


def _firm_name(contact: Contact, _view: View) -> str | None:
    """Persons have first and last name instead."""
    return None if contact.is_person else contact.name


def _first_name(contact: Contact, _view: View) -> str | None:
    if contact.first_name is None and contact.is_person:
        return contact.name.rpartition(" ")[0] or contact.name
    return contact.first_name


def _last_name(contact: Contact, _view: View) -> str | None:
    if contact.last_name is None and contact.is_person:
        return contact.name.rpartition(" ")[2]
    return contact.last_name


_CONTACT: Columns = {
    "ContactCreatedDateTimeOffset": lambda contact, view: contact.created,
    "ContactGroupIds": lambda contact, view: list(contact.group_ids),
    "EmailAddress": lambda contact, view: contact.email,
    "ExternalNumber": lambda contact, view: contact.external_no,
    "FirstName": _first_name,
    "Id": lambda contact, view: contact.id,
    "IsArchived": lambda contact, view: contact.is_archived,
    **CHANGED,
    "LastName": _last_name,
    "MailAddress": _mail_address,
    "PhoneNumber": lambda contact, view: contact.phone,
    **none_of("CreatedFromImportJournalId", "DateOfBirth", "ExternalImportReference"),
}

_FIRM: Columns = {
    **_CONTACT,
    "CurrencyCode": lambda contact, view: contact.currency,
    "IsPerson": _is_person,
    "LegalName": _firm_name,
    "Name": _firm_name,
    "OrganizationNumber": lambda contact, view: contact.organisation_number,
    "WebsiteUrl": lambda contact, view: contact.website,
}

CUSTOMER_COLUMNS: Columns = {
    **_FIRM,
    "Allowance": lambda contact, view: percent(contact.discount),
    "BillableRate": lambda contact, view: money(contact.billable_rate),
    "CustomerCreatedDateTimeOffset": lambda contact, view: contact.customer_since or contact.created,
    "CustomerSince": lambda contact, view: (contact.customer_since or contact.created).date(),
    "DeliveryTerm": lambda contact, view: view.name(view.books.delivery_terms, contact.delivery_term_id),
    "DeliveryTermId": lambda contact, view: contact.delivery_term_id,
    "DepartmentCode": lambda contact, view: view.code(view.books.departments, contact.department_id),
    "DepartmentId": lambda contact, view: contact.department_id,
    "DoNotAddLatePaymentFees": always(False),
    "DoNotAddLatePaymentInterest": always(False),
    "DoNotAutomatePaymentNotifications": always(False),
    "InvoiceBrandingThemeCode": lambda contact, view: view.code(view.books.branding_themes, contact.branding_theme_id),
    "InvoiceBrandingThemeId": lambda contact, view: contact.branding_theme_id,
    "InvoiceDeliveryType": lambda contact, view: contact.delivery,
    "InvoiceEmailAddress": lambda contact, view: contact.invoice_email,
    "IsActive": lambda contact, view: contact.is_active_customer,
    "IsVatFree": lambda contact, view: contact.is_vat_free,
    "NoticeOfDebtCollectionDeliveryType": always("PdfByEmail"),
    "Number": lambda contact, view: contact.customer_no,
    "PaymentReminderEmailAddress": lambda contact, view: contact.invoice_email,
    "PaymentTerm": lambda contact, view: contact.payment_days,
    "PaymentTermId": lambda contact, view: view.payment_terms.get(contact.payment_days),
    "ReminderDeliveryType": always("PdfByEmail"),
    "SalesPersonEmployeeId": lambda contact, view: contact.sales_person_id,
    "SalesPersonEmployeeNumber": lambda contact, view: view.employee_no(contact.sales_person_id),
    "SendPaymentReminders": always(True),
    "SubledgerAccountId": _subledger_account("customer"),
    "TransferToDebtCollectionAgency": always(False),
    "UseInvoiceFee": always(False),
    **none_of("InvoiceEmailAddressCC", "NationalIdNumber"),
}

SUPPLIER_COLUMNS: Columns = {
    **_FIRM,
    "IsActive": lambda contact, view: contact.is_active_supplier,
    "Number": lambda contact, view: contact.supplier_no,
    "Payout": always(True),
    "SubledgerAccountId": _subledger_account("supplier"),
    "SupplierCreatedDateTimeOffset": lambda contact, view: contact.supplier_since or contact.created,
}

EMPLOYEE_COLUMNS: Columns = {
    **_CONTACT,
    "DepartmentCode": lambda contact, view: view.code(view.books.departments, contact.department_id),
    "DepartmentId": lambda contact, view: contact.department_id,
    "EmployeeCreatedDateTimeOffset": lambda contact, view: contact.employee_since or contact.created,
    "Gender": always("Hidden"),
    "HiredDate": lambda contact, view: contact.hired,
    "JobTitle": lambda contact, view: contact.job_title,
    "LocationCode": lambda contact, view: view.code(view.books.locations, contact.location_id),
    "LocationId": lambda contact, view: contact.location_id,
    "ManagerEmployeeId": lambda contact, view: contact.manager_id,
    "ManagerEmployeeNo": lambda contact, view: view.employee_no(contact.manager_id),
    "NationalIdNumber": always("hidden"),  # set, and kept from us (contract 5.4)
    "Number": lambda contact, view: contact.employee_no,
    "StartDate": lambda contact, view: contact.hired,
    "SubledgerAccountId": _subledger_account("employee"),
    **dict.fromkeys(
        ("ExpenseBankAccountId", "SalaryBankAccountId", "TravelExpenseBankAccountId"),
        lambda contact, view: view.paid_into.get(contact.id),
    ),
    **none_of(
        "EndDate",
        "InternationalIdCountryCode",
        "InternationalIdNumber",
        "InternationalIdReportToAltinn",
        "InternationalIdType",
    ),
}

PERSON_COLUMNS: Columns = {
    "ContactId": lambda person, view: person.contact_id,
    **STAMPS,
    "EmailAddress": lambda person, view: person.email,
    "ExternalCode": lambda person, view: person.external_code,
    "FirstName": lambda person, view: person.first_name,
    "Id": lambda person, view: person.id,
    "IsActive": lambda person, view: person.is_active,
    "IsDefault": lambda person, view: person.is_default,
    "LastName": lambda person, view: person.last_name,
    "MailAddress": lambda person, view: address(person.address),
    "PhoneNumber": lambda person, view: person.phone,
    "Title": lambda person, view: person.title,
}

GROUP_COLUMNS: Columns = {
    **STAMPS,
    "Id": lambda group, view: group.id,
    "Name": lambda group, view: group.name,
}

_CHANGED = changed_after("lastChangedDateTimeOffsetGreaterThan", CHANGED["LastChangedDateTimeOffset"])
_CREATED = changed_after("createdDateTimeOffsetGreaterThan", STAMPS["CreatedDateTimeOffset"])
_GROUPS = ids("contactGroupIds", lambda contact, view: contact.group_ids)
_EXTERNAL = numbers("externalNos", _CONTACT["ExternalNumber"])


def _in_role(role: str) -> Callable[[View], list[Contact]]:
    """Contacts that have the role; what becomes of archived and lost ones is not known (contract 11.20, 11.29)."""

    def rows(view: View) -> list[Contact]:
        found = [contact for contact in view.books.contacts.values() if getattr(contact, f"{role}_no") is not None]
        if view.options.archived == "left out":
            found = [contact for contact in found if not contact.is_archived]
        if view.options.lost_role == "gone":
            found = [contact for contact in found if getattr(contact, f"is_active_{role}", True)]
        return found

    return rows


def _party(path: str, schema: str, role: str, columns: Columns, *more: str) -> Endpoint:
    """A list of contacts in one role."""
    since = f"{role}CreatedDateTimeOffsetGreaterThan"
    looked_up = {"organizationNumbers": "OrganizationNumber", "emailAddresses": "EmailAddress"}
    looked_up |= {"employeeEmails": "EmailAddress", "subLedgerAccountIds": "SubledgerAccountId"}
    return Endpoint(
        path=path,
        schema=schema,
        privileges=(role.capitalize(),),
        rows=_in_role(role),
        columns=columns,
        parameters=(
            _CHANGED,
            _GROUPS,
            _EXTERNAL,
            changed_after(since, columns[f"{role.capitalize()}CreatedDateTimeOffset"]),
            numbers(f"{role}Nos", columns["Number"]),
            *(words(name, columns[looked_up[name]]) for name in more),
        ),
        not_simulated=("externalImportReference",),
    )


CUSTOMERS = _party("/Customers", "CustomerDto", "customer", CUSTOMER_COLUMNS, "organizationNumbers")
SUPPLIERS = _party("/Suppliers", "SupplierDto", "supplier", SUPPLIER_COLUMNS, "organizationNumbers", "emailAddresses")
EMPLOYEES = _party("/Employees", "EmployeeDto", "employee", EMPLOYEE_COLUMNS, "employeeEmails", "subLedgerAccountIds")
CONTACT_GROUPS = Endpoint(
    path="/ContactGroups",
    schema="ContactGroupDto",
    privileges=("ContactGroup",),
    rows=lambda view: view.books.contact_groups.values(),
    columns=GROUP_COLUMNS,
    parameters=(_CREATED, _CHANGED, words("names", GROUP_COLUMNS["Name"])),
)

CONTACT_PERSONS = Endpoint(
    path="/ContactPersons",
    schema="ContactPersonDto",
    privileges=("ContactPerson", "Customer", "Supplier"),
    rows=lambda view: view.books.contact_persons.values(),
    columns=PERSON_COLUMNS,
    parameters=(
        _CREATED,
        _CHANGED,
        ids("contactIds", PERSON_COLUMNS["ContactId"]),
        words("externalCodes", PERSON_COLUMNS["ExternalCode"]),
    ),
)

ENDPOINTS = (
    CUSTOMERS,
    single(CUSTOMERS),
    SUPPLIERS,
    single(SUPPLIERS),
    EMPLOYEES,
    single(EMPLOYEES),
    CONTACT_GROUPS,
    single(CONTACT_GROUPS),
    CONTACT_PERSONS,
    single(CONTACT_PERSONS, owner="ContactId"),
)
