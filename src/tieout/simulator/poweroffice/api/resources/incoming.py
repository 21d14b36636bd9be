"""Incoming invoices and credit notes (contract 6.4, 7.10). Their signs are not known for certain: a switch."""

from __future__ import annotations

from tieout.simulator.books.model import Invoice
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, none_of
from tieout.simulator.poweroffice.api.parameters import (
    boolean,
    changed_after,
    codes,
    from_date,
    numbers,
    only,
    plain,
    projects,
    to_date,
    words,
)
from tieout.simulator.poweroffice.api.properties import DEPARTMENT, DIMENSIONS, PROJECT, STAMPS, rate, single
from tieout.simulator.poweroffice.api.view import View


def _signed(value: int, view: View) -> float:
    """The ledger's sign (invoices negative), or the other one (contract 11.18)."""
    return (-value if view.options.incoming_sign == "positive" else value) / 100 or 0.0


def _balance(invoice: Invoice, view: View) -> float:
    return _signed(invoice.entry.balance() if invoice.entry else 0, view)


COLUMNS: Columns = {
    "Balance": _balance,
    "BalanceLastChangedDateTimeOffset": lambda invoice, view: invoice.balance_changed,
    "Cid": lambda invoice, view: invoice.kid,
    "ContractNo": lambda invoice, view: invoice.terms.contract_no,
    **STAMPS,
    "CurrencyCode": lambda invoice, view: invoice.currency,
    "CurrencyExchangeRate": lambda invoice, view: rate(invoice.rate) if invoice.rate else 1,
    "CustomMatchingReference": lambda invoice, view: invoice.terms.matching_reference,
    "DueDate": lambda invoice, view: invoice.due or invoice.date,
    "Id": lambda invoice, view: invoice.voucher.id,
    "InvoiceNo": lambda invoice, view: invoice.invoice_no,
    "IsReversed": lambda invoice, view: invoice.voucher.is_reversed,
    "MatchId": lambda invoice, view: invoice.entry and invoice.entry.match_id,
    "NetAmount": lambda invoice, view: _signed(invoice.net, view),
    "NetPostedAmount": lambda invoice, view: _signed(invoice.net_nok, view),
    "PurchaseOrderReference": lambda invoice, view: invoice.terms.purchase_order,
    "RelatedInvoiceNo": lambda invoice, view: invoice.related_invoice_no,
    "SupplierId": lambda invoice, view: invoice.contact_id,
    "SupplierNo": lambda invoice, view: view.supplier_no(invoice.contact_id) or 0,
    "TotalAmount": lambda invoice, view: _signed(invoice.total, view),
    "TotalPostedAmount": lambda invoice, view: _signed(invoice.total_nok, view),
    "VoucherDate": lambda invoice, view: invoice.date,
    "VoucherNo": lambda invoice, view: invoice.voucher.no,
    "VoucherType": lambda invoice, view: invoice.voucher.type,
    **DIMENSIONS,
    **none_of("ExternalImportReference"),
}

INCOMING_INVOICES = Endpoint(
    path="/IncomingInvoices",
    schema="IncomingInvoiceListItemDto",
    privileges=("IncomingInvoice",),
    rows=lambda view: view.books.incoming.values(),
    columns=COLUMNS,
    parameters=(
        from_date(COLUMNS["VoucherDate"]),
        to_date(COLUMNS["VoucherDate"]),
        changed_after("balanceLastChangedDateTimeOffsetGreaterThan", COLUMNS["BalanceLastChangedDateTimeOffset"]),
        numbers("voucherNos", COLUMNS["VoucherNo"]),
        numbers("supplierNos", COLUMNS["SupplierNo"]),
        words("voucherTypes", COLUMNS["VoucherType"]),
        codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
        projects("projectCodes", PROJECT["ProjectCode"], children="includeSubProject"),
        plain("includeSubProject", boolean),
        only("onlyUnpaidInvoices", lambda invoice, view: invoice.entry and invoice.entry.balance()),
    ),
)

ENDPOINTS = (INCOMING_INVOICES, single(INCOMING_INVOICES))
