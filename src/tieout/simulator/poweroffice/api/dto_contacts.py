"""Customers, suppliers, employees and what hangs on them, as the vendor shows them (contract 7.5, 7.6, 7.17)."""

from __future__ import annotations

from tieout.simulator.books.model import BankAccount, Books, ClientContact, Contact, ContactPerson, Named
from tieout.simulator.poweroffice.api.dto_shared import Row, address, code_of, employee_no
from tieout.simulator.poweroffice.api.wire import day, money, percent, stamp

HIDDEN = "hidden"  # how a person's identity number comes back without a special privilege


def _contact(books: Books, contact: Contact, role: str) -> Row:
    mail = {**address(contact.address), "ExternalCode": None, "Id": contact.id}
    mail["LastChangedDateTimeOffset"] = stamp(contact.changed, contact.id)
    return {
        "Id": contact.id,
        "ContactCreatedDateTimeOffset": stamp(contact.created, contact.id),
        "ContactGroupIds": list(contact.group_ids),
        "CreatedFromImportJournalId": None,
        "DateOfBirth": None,
        "EmailAddress": contact.email,
        "ExternalImportReference": None,
        "ExternalNumber": contact.external_no,
        "FirstName": contact.first_name,
        "IsArchived": contact.is_archived,
        "LastChangedDateTimeOffset": stamp(contact.changed, contact.id),
        "LastName": contact.last_name,
        "MailAddress": mail,
        "Number": getattr(contact, f"{role}_no"),
        "PhoneNumber": contact.phone,
        # One account for each role of a contact.
        "SubledgerAccountId": contact.id * 10 + ("customer", "supplier", "employee").index(role),
    }


def _firm(contact: Contact) -> Row:
    return {
        "CurrencyCode": contact.currency,
        "IsPerson": contact.is_person,
        "LegalName": None if contact.is_person else contact.name,
        "Name": None if contact.is_person else contact.name,
        "OrganizationNumber": contact.organisation_number,
        "WebsiteUrl": contact.website,
    }


def customer(books: Books, contact: Contact) -> Row:
    seller = contact.sales_person_id
    term = books.delivery_terms.get(contact.delivery_term_id or 0)
    return {
        **_contact(books, contact, "customer"),
        **_firm(contact),
        "Allowance": percent(contact.discount),
        "BillableRate": money(contact.billable_rate),
        "CustomerCreatedDateTimeOffset": stamp(contact.customer_since, contact.id),
        "CustomerSince": day(contact.customer_since.date()) if contact.customer_since else None,
        "DeliveryTerm": term.name if term else None,
        "DeliveryTermId": contact.delivery_term_id,
        "DepartmentCode": code_of(books.departments, contact.department_id),
        "DepartmentId": contact.department_id,
        "DoNotAddLatePaymentFees": False,
        "DoNotAddLatePaymentInterest": False,
        "DoNotAutomatePaymentNotifications": False,
        "InvoiceBrandingThemeCode": code_of(books.branding_themes, contact.branding_theme_id),
        "InvoiceBrandingThemeId": contact.branding_theme_id,
        "InvoiceDeliveryType": contact.delivery,
        "InvoiceEmailAddress": contact.invoice_email,
        "InvoiceEmailAddressCC": None,
        "IsActive": contact.is_active_customer,
        "IsVatFree": contact.is_vat_free,
        "NationalIdNumber": HIDDEN if contact.is_person else None,
        "NoticeOfDebtCollectionDeliveryType": "PdfByEmail",
        "PaymentReminderEmailAddress": contact.invoice_email,
        "PaymentTerm": contact.payment_days,
        "PaymentTermId": payment_term_id(books, contact.payment_days),
        "ReminderDeliveryType": "PdfByEmail",
        "SalesPersonEmployeeId": seller,
        "SalesPersonEmployeeNumber": employee_no(books, seller),
        "SendPaymentReminders": True,
        "TransferToDebtCollectionAgency": False,
        "UseInvoiceFee": False,
    }


def supplier(books: Books, contact: Contact) -> Row:
    return {
        **_contact(books, contact, "supplier"),
        **_firm(contact),
        "IsActive": contact.is_active_supplier,
        "Payout": True,
        "SupplierCreatedDateTimeOffset": stamp(contact.supplier_since, contact.id),
    }


def employee(books: Books, contact: Contact) -> Row:
    return {
        **_contact(books, contact, "employee"),
        "DepartmentCode": code_of(books.departments, contact.department_id),
        "DepartmentId": contact.department_id,
        "EmployeeCreatedDateTimeOffset": stamp(contact.employee_since, contact.id),
        "EndDate": None,
        "ExpenseBankAccountId": None,
        "Gender": None,
        "HiredDate": day(contact.hired),
        "InternationalIdCountryCode": None,
        "InternationalIdNumber": None,
        "InternationalIdReportToAltinn": False,
        "InternationalIdType": None,
        "JobTitle": contact.job_title,
        "LocationCode": code_of(books.locations, contact.location_id),
        "LocationId": contact.location_id,
        "ManagerEmployeeId": contact.manager_id,
        "ManagerEmployeeNo": employee_no(books, contact.manager_id),
        "NationalIdNumber": HIDDEN,
        "SalaryBankAccountId": None,
        "StartDate": day(contact.hired),
        "TravelExpenseBankAccountId": None,
    }


def contact_person(_books: Books, person: ContactPerson) -> Row:
    return {
        "Id": person.id,
        "ContactId": person.contact_id,
        "CreatedDateTimeOffset": stamp(person.created, person.id),
        "EmailAddress": person.email,
        "ExternalCode": person.external_code,
        "FirstName": person.first_name,
        "IsActive": person.is_active,
        "IsDefault": person.is_default,
        "LastChangedDateTimeOffset": stamp(person.changed, person.id),
        "LastName": person.last_name,
        "MailAddress": address(person.address),
        "PhoneNumber": person.phone,
        "Title": person.title,
    }


def contact_group(_books: Books, group: Named) -> Row:
    return {**_stamped(group), "Name": group.name}


def payment_term(_books: Books, term: Named) -> Row:
    more = {"CreditDays": term.days, "IsActive": term.is_active, "IsDefault": term.is_default}
    return {**_stamped(term), "Name": term.name, **more}


def delivery_term(_books: Books, term: Named) -> Row:
    return {**_stamped(term), "Name": term.name, "IsDefault": term.is_default}


def branding_theme(_books: Books, theme: Named) -> Row:
    return {
        **_stamped(theme),
        "Code": theme.code,
        "Name": theme.name,
        "IsDefault": theme.is_default,
        "LanguageCode": "nb-NO",
    }


def client_bank_account(books: Books, bank: BankAccount) -> Row:
    return {
        **_stamped(bank),
        "ActiveIncomingPaymentService": bank.is_primary,
        "ActiveOutgoingPaymentServices": bank.is_primary,
        "AgricultureDepartment": None,
        "AllowOverdraft": False,
        "BankAccountNumber": bank.number,
        "BankName": bank.bank,
        "BicSwift": bank.bic or "",
        "CountryCode": "NO",
        "CurrencyCode": bank.currency,
        "GeneralLedgerAccountId": books.accounts[bank.account_no].id,
        "GeneralLedgerAccountNo": bank.account_no,
        "IsActive": True,
        "IsClientTrustAccount": False,
        "IsPrimaryAccount": bank.is_primary,
        "OverdraftLimit": None,
    }


def client_contact(_books: Books, contact: ClientContact) -> Row:
    first, _, last = contact.name.rpartition(" ")
    mine = {"Id": contact.id, "Role": contact.role, "YearOfBirth": None}
    return {**mine, "FirstName": first or last, "LastName": last, "Email": contact.email, "Phone": contact.phone}


def payment_term_id(books: Books, days: int | None) -> int | None:
    return next((term.id for term in books.payment_terms.values() if term.days == days), None)


def _stamped(record: Named | BankAccount) -> Row:
    return {
        "Id": record.id,
        "CreatedDateTimeOffset": stamp(record.created, record.id),
        "LastChangedDateTimeOffset": stamp(record.changed, record.id),
    }
