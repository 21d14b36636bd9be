"""Bookkeeping and subledgers as the vendor shows them (contract 7.1-7.4, 7.7)."""

from __future__ import annotations

from datetime import date

from tieout.simulator.books.model import Account, Books, Contact, Entry, Posting, Series, VatCode
from tieout.simulator.poweroffice.api.dto_shared import Row, tags, vat_id
from tieout.simulator.poweroffice.api.wire import day, money, ratio, stamp


def account_transaction(books: Books, posting: Posting) -> Row:
    voucher, contact = posting.voucher, books.contacts.get(posting.contact_id) if posting.contact_id else None
    account = books.accounts[posting.account_no]
    rate = books.vat_codes[posting.vat_code].rate if posting.vat_code in books.vat_codes else 0
    return {
        "Id": posting.id,
        "AccountId": account.id,
        "AccountNo": posting.account_no,
        "AgricultureDepartment": None,
        "Amount": money(posting.amount),
        "BankTransferId": posting.bank_transfer_id,
        "ContactId": posting.contact_id,
        "CorrectionOfVoucherId": voucher.corrects.id if voucher.corrects else None,
        "CorrectionOfVoucherNo": voucher.corrects.no if voucher.corrects else None,
        "CreatedDateTimeOffset": stamp(posting.created, posting.id),
        "CreatedFromImportJournalId": None,
        "CurrencyAmount": money(posting.currency_amount),
        "CurrencyCode": posting.currency,
        "CustomerAccountNo": contact.customer_no if contact and posting.role == "customer" else None,
        "Description": posting.description,
        "EmployeeAccountNo": contact.employee_no if contact and posting.role == "employee" else None,
        "ExternalImportReference": None,
        "ImportedVoucherNo": voucher.imported_no,
        "IsNoteMainEntry": posting.is_main_entry,
        "IsReversed": voucher.is_reversed,
        "LastChangedDateTimeOffset": stamp(posting.changed, posting.id),
        "PostingDate": day(posting.date),
        "Quantity": money(posting.quantity),
        "Quantity2": None,
        "ReversedVoucherId": voucher.reverses.id if voucher.reverses else None,
        "ReversedVoucherNo": voucher.reverses.no if voucher.reverses else None,
        "SubLedgerEntryId": posting.entry.id if posting.entry else None,
        "SupplierAccountNo": contact.supplier_no if contact and posting.role == "supplier" else None,
        "VatAmount": money(posting.vat_amount),
        "VatCode": posting.vat_code,
        "VatId": vat_id(books, posting.vat_code) or 0,
        "VatRate": ratio(rate),
        "VatReturnSpecification": None,
        "VoucherDate": day(voucher.date),
        "VoucherDescription": voucher.description,
        "VoucherId": voucher.id,
        "VoucherNo": voucher.no,
        "VoucherType": voucher.type,
        **tags(books, posting.tags, product=True),
    }


def trial_balance_line(books: Books, account: Account, balance: int) -> Row:
    return {
        "AccountId": account.id,
        "AccountName": account.name,
        "AccountNo": account.no,
        "AgricultureDepartment": None,
        "Balance": money(balance),
    }


def general_ledger_account(books: Books, account: Account) -> Row:
    return {
        "Id": account.id,
        "AccountNo": account.no,
        "AgricultureDepartment": None,
        "CurrencyCode": account.currency,
        "DepartmentCode": None,
        "DepartmentId": None,
        "GeneralLedgerAccountType": account.type,
        "IsActive": account.is_active,
        "IsDepartmentRequired": account.is_department_required,
        "IsProjectRequired": account.is_project_required,
        "IsVatCodeLocked": account.vat_code is not None,
        "LastChangedDateTimeOffset": stamp(account.changed, account.id),
        "Name": account.name,
        "Unit1": None,
        "Unit2": None,
        "VatCode": account.vat_code,
        "VatCodeId": vat_id(books, account.vat_code),
        "VatReturnSpecification": None,
    }


def vat_code(books: Books, code: VatCode) -> Row:
    base = vat_id(books, code.base_code)
    return {
        "Id": code.id,
        "BaseVatCodeId": base,
        "Code": code.code,
        "Description": code.name,
        "IsActive": code.is_active,
        "IsCustom": code.base_code is not None,
        "Name": code.name,
        "Rate": ratio(code.rate),
        "ValidFrom": day(code.valid_from),
        "ValidTo": day(code.valid_to),
        "VatBasisRatio": ratio(code.basis_ratio),
        "VatBasisRatioValidFrom": stamp(code.created, code.id) if code.basis_ratio != 10_000 else None,
        "VatBasisRatios": [{"VatBasisRatio": ratio(code.basis_ratio), "VatBasisRatioValidFrom": day(code.valid_from)}]
        if code.basis_ratio != 10_000
        else None,
    }


def ledger_entry(books: Books, entry: Entry, on: date | None) -> Row:
    """`on`: the day whose open balance is shown; None is now (contract 6.2 Statement)."""
    party = entry.kind.capitalize()
    contact = books.contacts.get(entry.contact_id)
    row = {
        "Id": entry.id,
        "Amount": money(entry.amount),
        "Balance": money(entry.balance(on)),
        "Cid": entry.kid,
        "CreatedDateTimeOffset": stamp(entry.created, entry.id),
        "CreatedFromImportJournalId": None,
        "CurrencyAmount": money(entry.currency_amount),
        "CurrencyCode": entry.currency,
        "CustomMatchingReference": entry.matching_reference,
        f"{party}AccountNo": getattr(contact, f"{entry.kind}_no") if contact else None,
        f"{party}ExternalNo": contact.external_no if contact else None,
        f"{party}Id": entry.contact_id,
        f"{party}Name": contact.name if contact else None,
        "DueDate": day(entry.due),
        "ExternalImportReference": None,
        "InvoiceNo": entry.invoice_no,
        "IsCreatedByCurrentIntegration": False,
        "IsWriteOff": entry.is_write_off,
        "LastChangedDateTimeOffset": stamp(entry.changed, entry.id),
        "MatchId": entry.match_id,
        "PostingDate": day(entry.date),
        "VoucherDate": day(entry.voucher.date),
        "VoucherId": entry.voucher.id,
        "VoucherNo": entry.voucher.no,
        "VoucherType": entry.voucher.type,
        **tags(books, entry.tags),
    }
    if entry.kind == "customer":
        row["PaidFromBankAccount"] = entry.from_bank_account
    return row


def party_balance(books: Books, kind: str, contact: Contact, balance: int) -> Row:
    party = kind.capitalize()
    return {
        "Balance": money(balance),
        f"{party}AccountNo": getattr(contact, f"{kind}_no"),
        f"{party}ExternalNo": contact.external_no,
        f"{party}Id": contact.id,
        f"{party}Name": contact.name,
    }


def number_series(books: Books, series: Series) -> Row:
    account = books.accounts[series.account_no]
    return {
        "Id": series.id,
        "FromInclusive": series.first,
        "GeneralLedgerAccountId": account.id,
        "GeneralLedgerAccountNo": series.account_no,
        "IsClientTrust": False,
        "IsDefault": series.is_default,
        "Name": series.name,
        "SubLedgerNumberSeriesType": series.kind,
        "ToInclusive": series.last,
    }
