"""Which of the vendor's fields hold personal data, and in which records (decision 0018). Declarations only."""

from __future__ import annotations

from dataclasses import replace

from tieout.catalog import Column, Mark, Personal, Where

_PERSON = (Where("is_person", ("true",), or_missing=True),)
_PEOPLE, _OF_A_PERSON = Mark(Personal.PEOPLE), Mark(Personal.PEOPLE, _PERSON)
_IDENTITY = Mark(Personal.IDENTITY)
_PAYROLL_TEXT = Mark(Personal.PAYROLL_TEXTS, (Where("voucher_type", ("PayrollJournal",)), Where("employee_account_no")))
# Rows that repeat a name do not say whether it is a person's.
_OF_CUSTOMER = Mark(Personal.PEOPLE, of=("customers", "customer_id"))
_OF_SUPPLIER = Mark(Personal.PEOPLE, of=("suppliers", "supplier_id"))

_NAMES = {"FirstName": _PEOPLE, "LastName": _PEOPLE}
# A company's e-mail address and telephone are often those of who works there.
_REACHED = {"EmailAddress": _PEOPLE, "PhoneNumber": _PEOPLE}
_PARTY = {
    **_NAMES,
    **_REACHED,
    "DateOfBirth": _IDENTITY,
    "LegalName": _OF_A_PERSON,
    "MailAddress": _OF_A_PERSON,
    "Name": _OF_A_PERSON,
    "WebsiteUrl": _OF_A_PERSON,
}
MARKS: dict[str, dict[str, Mark]] = {
    "AccountTransactionDto": {"Description": _PAYROLL_TEXT, "VoucherDescription": _PAYROLL_TEXT},
    "ContactPersonDto": {**_NAMES, **_REACHED, "MailAddress": _PEOPLE, "Title": _PEOPLE},
    "CustomerBalanceDto": {"CustomerName": _OF_CUSTOMER},
    "CustomerDto": {
        **_PARTY,
        "InvoiceEmailAddress": _PEOPLE,
        "InvoiceEmailAddressCC": _PEOPLE,
        "NationalIdNumber": _IDENTITY,
        "PaymentReminderEmailAddress": _PEOPLE,
    },
    "CustomerLedgerEntryDto": {
        "CustomerName": _OF_CUSTOMER,
        "PaidFromBankAccount": Mark(Personal.BANK_ACCOUNTS, of=("customers", "customer_id")),
    },
    "EmployeeDto": _NAMES,  # nothing else is ever asked for
    "OutgoingInvoiceDto": {
        "CustomerReference": _OF_CUSTOMER,
        "DeliveryAddress1": _OF_CUSTOMER,
        "DeliveryAddress2": _OF_CUSTOMER,
        "DeliveryAddressCity": _OF_CUSTOMER,
        "DeliveryAddressZipCode": _OF_CUSTOMER,
    },
    "SalesOrderDto": {"CustomerReference": _OF_CUSTOMER},
    "SupplierBalanceDto": {"SupplierName": _OF_SUPPLIER},
    "SupplierDto": _PARTY,
    "SupplierLedgerEntryDto": {"SupplierName": _OF_SUPPLIER},
}
WITH_CONTACTS = ("ContactPersonDto", "CustomerDto", "EmployeeDto", "SupplierDto")


def marked(schema: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns of one of the vendor's schemas with their marks."""
    marks = MARKS.get(schema, {})
    return tuple(replace(column, mark=marks.get(column.field)) for column in columns)
