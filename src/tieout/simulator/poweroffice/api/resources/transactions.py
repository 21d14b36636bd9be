"""AccountTransactions: every posting of the books (contract 6.1.1, 7.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tieout.simulator.books.model import Posting, VatCode
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, none_of
from tieout.simulator.poweroffice.api.parameters import (
    boolean,
    changed_after,
    codes,
    from_date,
    numbers,
    plain,
    projects,
    to_date,
    words,
)
from tieout.simulator.poweroffice.api.properties import (
    CREATED,
    DEPARTMENT,
    DIMENSIONS,
    NO_FARM,
    ORDINARY_VAT,
    PRODUCT,
    PROJECT,
    amount,
    share,
)
from tieout.simulator.poweroffice.api.view import View

NO_VAT = "0"  # the code of postings without VAT


def _vat(posting: Posting, view: View) -> VatCode | None:
    codes = view.books.vat_codes
    return codes.get(posting.vat_code or NO_VAT)


def _number_of(role: str, look_up: Callable[[View, int | None], int | None]) -> Callable[[Posting, View], int | None]:
    return lambda posting, view: look_up(view, posting.contact_id) if posting.role == role else None


def _vat_property(name: str, missing: object) -> Callable[[Posting, View], Any]:
    def get(posting: Posting, view: View) -> Any:
        vat = _vat(posting, view)
        return missing if vat is None else getattr(vat, name)

    return get


def _changed(posting: Posting, view: View) -> Any:
    """With the switch on, the reversal moves the rows of what it reverses (contract 11.15)."""
    if not view.options.reversal_stamps or not posting.voucher.is_reversed:
        return posting.changed
    reversal = view.reversals.get(posting.voucher.id)
    return max(posting.changed, reversal.created) if reversal else posting.changed


COLUMNS: Columns = {
    "AccountId": lambda posting, view: view.account_id(posting.account_no),
    "AccountNo": lambda posting, view: posting.account_no,
    "AgricultureDepartment": NO_FARM,
    "Amount": lambda posting, view: posting.amount / 100,
    "BankTransferId": lambda posting, view: posting.bank_transfer_id,
    "ContactId": lambda posting, view: posting.contact_id,
    "CorrectionOfVoucherId": lambda posting, view: posting.voucher.corrects and posting.voucher.corrects.id,
    "CorrectionOfVoucherNo": lambda posting, view: posting.voucher.corrects and posting.voucher.corrects.no,
    **CREATED,
    "CurrencyAmount": lambda posting, view: (
        (posting.amount if posting.currency == "NOK" else posting.currency_amount) / 100
    ),
    "CurrencyCode": lambda posting, view: posting.currency,
    "CustomerAccountNo": _number_of("customer", View.customer_no),
    "Description": lambda posting, view: posting.description,
    "EmployeeAccountNo": _number_of("employee", View.employee_no),
    "Id": lambda posting, view: posting.id,
    "ImportedVoucherNo": lambda posting, view: posting.voucher.imported_no,
    "IsNoteMainEntry": lambda posting, view: posting.is_main_entry,
    "IsReversed": lambda posting, view: posting.voucher.is_reversed,
    "LastChangedDateTimeOffset": _changed,
    "PostingDate": lambda posting, view: posting.date,
    "Quantity": lambda posting, view: amount(posting.quantity),
    "ReversedVoucherId": lambda posting, view: posting.voucher.reverses and posting.voucher.reverses.id,
    "ReversedVoucherNo": lambda posting, view: posting.voucher.reverses and posting.voucher.reverses.no,
    "SubLedgerEntryId": lambda posting, view: posting.entry and posting.entry.id,
    "SupplierAccountNo": _number_of("supplier", View.supplier_no),
    "VatAmount": lambda posting, view: posting.vat_amount / 100,
    "VatCode": _vat_property("code", None),
    "VatId": _vat_property("id", 0),
    "VatRate": lambda posting, view: share(_vat_property("rate", 0)(posting, view)),
    "VatReturnSpecification": ORDINARY_VAT,
    "VoucherDate": lambda posting, view: posting.voucher.date,
    "VoucherDescription": lambda posting, view: posting.voucher.description,
    "VoucherId": lambda posting, view: posting.voucher.id,
    "VoucherNo": lambda posting, view: posting.voucher.no,
    "VoucherType": lambda posting, view: posting.voucher.type,
    **DIMENSIONS,
    **PRODUCT,
    **none_of("CreatedFromImportJournalId", "ExternalImportReference", "Quantity2"),
}


def _rows(view: View) -> Iterable[Posting]:
    if view.options.opening_in_transactions:
        return view.books.postings.values()
    return (posting for posting in view.books.postings.values() if posting.voucher.no)


ENDPOINTS = (
    Endpoint(
        path="/AccountTransactions",
        schema="AccountTransactionDto",
        privileges=("AccountTransaction",),
        rows=_rows,
        columns=COLUMNS,
        parameters=(
            from_date(COLUMNS["PostingDate"], required=True),
            to_date(COLUMNS["PostingDate"], required=True),
            changed_after("createdDateTimeOffsetGreaterThan", COLUMNS["CreatedDateTimeOffset"]),
            changed_after("lastChangedDateTimeOffsetGreaterThan", COLUMNS["LastChangedDateTimeOffset"]),
            numbers("accountNos", COLUMNS["AccountNo"]),
            numbers("voucherNos", COLUMNS["VoucherNo"]),
            words("voucherTypes", COLUMNS["VoucherType"]),
            words("vatCodes", COLUMNS["VatCode"]),
            codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
            codes("productCodes", PRODUCT["ProductCode"]),
            projects("projectCodes", PROJECT["ProjectCode"], children="includeSubProject"),
            plain("includeSubProject", boolean),
        ),
        not_simulated=("agricultureDepartments",),
    ),
)
