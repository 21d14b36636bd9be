"""Outgoing invoices and credit notes, and their lines (contract 6.4, 7.8, 7.9)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from tieout.simulator.books.model import Invoice, InvoiceLine
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always, none_of
from tieout.simulator.poweroffice.api.parameters import (
    boolean,
    changed_after,
    codes,
    from_date,
    ids,
    numbers,
    only,
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
    percent,
    rate,
    share,
    single,
)
from tieout.simulator.poweroffice.api.terms import TERMS
from tieout.simulator.poweroffice.api.view import View


def _signed(name: str, invoice: Invoice, view: View) -> float:
    """An amount of the invoice; that credit notes are negative is not proved (contract 11.18)."""
    value: int = getattr(invoice, name)
    positive = view.options.credit_note_sign == "positive" and invoice.is_credit_note
    return (abs(value) if positive else value) / 100


def _changed(invoice: Invoice, view: View) -> datetime:
    """Moves when the invoice falls due (contract 6.4)."""
    if invoice.due is None or invoice.due >= view.today or not (invoice.entry and invoice.entry.balance()):
        return invoice.changed
    return max(invoice.changed, datetime.combine(invoice.due + timedelta(days=1), time(), UTC))


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _delivery(part: str) -> Any:
    return lambda invoice, view: getattr(invoice.terms.delivery_address, part, None)


COLUMNS: Columns = {
    "Balance": lambda invoice, view: amount(invoice.entry.balance()) if invoice.entry else None,
    "BalanceLastChangedDateTimeOffset": lambda invoice, view: invoice.balance_changed,
    "Cid": lambda invoice, view: invoice.kid,
    **CREATED,
    "CurrencyCode": lambda invoice, view: invoice.currency,
    "CurrencyExchangeRate": lambda invoice, view: rate(invoice.rate) if invoice.rate else 1,
    "CustomerId": lambda invoice, view: invoice.contact_id,
    "CustomerNo": lambda invoice, view: view.customer_no(invoice.contact_id),
    "CustomerReference": lambda invoice, view: invoice.reference,
    "DeliveryAddress1": _delivery("line1"),
    "DeliveryAddress2": _delivery("line2"),
    "DeliveryAddressCity": _delivery("city"),
    "DeliveryAddressCountryCode": _delivery("country"),
    "DeliveryAddressZipCode": _delivery("zip_code"),
    "DueDate": lambda invoice, view: invoice.due,
    "Id": lambda invoice, view: invoice.voucher.id,
    "ImportedOrderNo": lambda invoice, view: None if invoice.sent else invoice.voucher.imported_no,
    "InvoiceDeliveryType": lambda invoice, view: invoice.delivery,
    "InvoiceNo": lambda invoice, view: _whole(invoice.invoice_no),
    "IsCreatedByCurrentIntegration": always(False),
    "IsReversed": lambda invoice, view: invoice.voucher.is_reversed,
    "LastChangedDateTimeOffset": _changed,
    "MatchId": lambda invoice, view: invoice.entry and invoice.entry.match_id,
    "NetAmount": lambda invoice, view: _signed("net", invoice, view),
    "NetPostedAmount": lambda invoice, view: _signed("net_nok", invoice, view),
    "OrderDate": lambda invoice, view: invoice.order_date,
    "OrderNo": lambda invoice, view: invoice.order_no,
    "PaymentTerm": lambda invoice, view: invoice.payment_days,
    "PaymentTermId": lambda invoice, view: view.payment_terms.get(invoice.payment_days),
    "RelatedInvoiceNo": lambda invoice, view: _whole(invoice.related_invoice_no),
    "SellersReferenceEmployeeId": lambda invoice, view: invoice.terms.sellers_reference_id,
    "SellersReferenceEmployeeNo": lambda invoice, view: view.employee_no(invoice.terms.sellers_reference_id),
    "SentDateTimeOffset": lambda invoice, view: invoice.sent,
    "TotalAmount": lambda invoice, view: _signed("total", invoice, view),
    "TotalPostedAmount": lambda invoice, view: _signed("total_nok", invoice, view),
    "VoucherDate": lambda invoice, view: invoice.date,
    "VoucherNo": lambda invoice, view: invoice.voucher.no,
    "VoucherType": lambda invoice, view: invoice.voucher.type,
    **TERMS,
    **DIMENSIONS,
    **none_of("ExternalImportReference"),
}

LINE_COLUMNS: Columns = {
    "AccountId": lambda line, view: view.account_id(line.account_no),
    "AccountNo": lambda line, view: line.account_no,
    "AgricultureDepartment": NO_FARM,
    "Allowance": lambda line, view: percent(line.discount),
    "Description": lambda line, view: line.description,
    "Id": lambda line, view: line.id,
    "IsAccrued": lambda line, view: line.is_accrued,
    "LineType": lambda line, view: line.line_type,
    "NetAmount": lambda line, view: line.net / 100,
    "NetPostedAmount": lambda line, view: line.net_nok / 100,
    "ProductUnitCost": lambda line, view: amount(line.unit_cost),
    "ProductUnitPrice": lambda line, view: line.unit_price / 100,
    "Quantity": lambda line, view: amount(line.quantity),
    "SellersReferenceEmployeeId": lambda line, view: line.sellers_reference_id,
    "SellersReferenceEmployeeNo": lambda line, view: view.employee_no(line.sellers_reference_id),
    "SortOrder": lambda line, view: line.sort,
    "TotalAmount": lambda line, view: (line.net + line.vat) / 100,
    "TotalPostedAmount": lambda line, view: (line.net_nok + _vat_nok(line)) / 100,
    "UnitOfMeasureCode": lambda line, view: line.unit,
    "VatAmount": lambda line, view: line.vat / 100,
    "VatCode": lambda line, view: line.vat_code,
    "VatId": lambda line, view: view.vat_id(line.vat_code),
    "VatRate": lambda line, view: share(line.vat_rate),
    "VatReturnSpecification": ORDINARY_VAT,
    **DIMENSIONS,
    **PRODUCT,
    **none_of("ExternalImportReference"),
}


def _vat_nok(line: InvoiceLine) -> int:
    """VAT in øre: as the line's net was posted."""
    return round(line.vat * line.net_nok / line.net) if line.net else line.vat


def _lines(view: View) -> Iterable[InvoiceLine] | None:
    """None for an invoice that does not exist; what one without lines gives is not known (contract 11.32)."""
    try:
        invoice = view.books.outgoing.get(UUID(view.path["id"]))
    except ValueError:
        return None
    if invoice is None or (not invoice.lines and view.options.no_lines == "404"):
        return None
    return sorted(invoice.lines, key=lambda line: line.sort)


OUTGOING_INVOICES = Endpoint(
    path="/OutgoingInvoices",
    schema="OutgoingInvoiceDto",
    privileges=("OutgoingInvoice",),
    rows=lambda view: view.books.outgoing.values(),
    columns=COLUMNS,
    parameters=(
        from_date(COLUMNS["VoucherDate"]),
        to_date(COLUMNS["VoucherDate"]),
        changed_after("balanceLastChangedDateTimeOffsetGreaterThan", COLUMNS["BalanceLastChangedDateTimeOffset"]),
        changed_after("sentDateTimeOffsetGreaterThan", COLUMNS["SentDateTimeOffset"]),
        numbers("voucherNos", COLUMNS["VoucherNo"]),
        numbers("invoiceNos", COLUMNS["InvoiceNo"]),
        numbers("customerNos", COLUMNS["CustomerNo"]),
        numbers("orderNos", COLUMNS["OrderNo"]),
        ids("invoiceIds", COLUMNS["Id"]),
        words("customMatchingReferences", COLUMNS["CustomMatchingReference"]),
        codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
        projects("projectCodes", PROJECT["ProjectCode"], children="includeSubProject"),
        plain("includeSubProject", boolean),
        only("onlyUnpaidInvoices", lambda invoice, view: invoice.entry and invoice.entry.balance()),
        only("onlyCreatedByCurrentIntegration", always(False)),
    ),
    not_simulated=("importedOrderNos", "externalImportReferences"),
)

ENDPOINTS = (
    OUTGOING_INVOICES,
    single(OUTGOING_INVOICES),
    Endpoint(
        path="/OutgoingInvoices/{id}/Lines",
        schema="OutgoingInvoiceLineDto",
        privileges=("OutgoingInvoice",),
        rows=_lines,
        columns=LINE_COLUMNS,
    ),
)
