"""Sales orders, drafts and confirmed, and their lines (contract 6.4, 7.16). They vanish when they are invoiced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tieout.simulator.books.model import Invoice, InvoiceLine, SalesOrder, Tags
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, Shape, always, none_of
from tieout.simulator.poweroffice.api.parameters import (
    boolean,
    changed_after,
    codes,
    enum,
    ids,
    numbers,
    only,
    plain,
    projects,
)
from tieout.simulator.poweroffice.api.properties import (
    DEPARTMENT,
    DIMENSIONS,
    ORDINARY_VAT,
    PRODUCT,
    PROJECT,
    STAMPS,
    amount,
    percent,
    rate,
    share,
    single,
)
from tieout.simulator.poweroffice.api.terms import TERMS
from tieout.simulator.poweroffice.api.view import View


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line with the id that it has as long as it is an order's."""

    id: UUID
    order: SalesOrder
    line: InvoiceLine

    @property
    def tags(self) -> Tags:
        return self.line.tags


def _lines_of(order: SalesOrder) -> list[OrderLine]:
    lines = [OrderLine(number, order, line) for number, line in order.lines]
    return sorted(lines, key=lambda one: one.line.sort)


def _find(view: View) -> SalesOrder | None:
    try:
        return view.books.orders.get(UUID(view.path["id"]))
    except ValueError:
        return None


def _lines(view: View) -> Iterable[OrderLine] | None:
    order = _find(view)
    return None if order is None else _lines_of(order)


def _no_accrual(row: OrderLine, _view: View) -> dict[str, Any]:
    """The vendor's description has an object here always; ours is never active."""
    accounts = {f"{kind}Account{what}": None for kind in ("Balance", "Result") for what in ("Id", "No")}
    farms = {f"{kind}AccountAgricultureDepartment": "None" for kind in ("Balance", "Result")}
    return {**accounts, **farms, "FromDate": row.order.date, "ToDate": row.order.date, "IsActive": False}


COLUMNS: Columns = {
    **STAMPS,
    "CurrencyCode": lambda order, view: order.currency,
    "CurrencyExchangeRate": lambda order, view: rate(order.rate) if order.rate else 1,
    "CustomerId": lambda order, view: order.customer_id,
    "CustomerNo": lambda order, view: view.customer_no(order.customer_id),
    "CustomerReference": lambda order, view: order.reference,
    "Id": lambda order, view: order.id,
    "IsCreatedByCurrentIntegration": always(False),
    "LineCount": lambda order, view: len(order.lines),
    "NetAmount": lambda order, view: sum(line.net for _, line in order.lines) / 100,
    "PaymentTerm": lambda order, view: order.payment_days,
    "PaymentTermId": lambda order, view: view.payment_terms.get(order.payment_days),
    "SalesOrderDate": lambda order, view: order.date,
    "SalesOrderNo": lambda order, view: order.no,
    "SalesOrderStatus": lambda order, view: order.status,
    "SalesPersonEmployeeId": lambda order, view: order.terms.sellers_reference_id,
    "SalesPersonEmployeeNumber": lambda order, view: view.employee_no(order.terms.sellers_reference_id),
    "TotalAmount": lambda order, view: sum(line.net + line.vat for _, line in order.lines) / 100,
    **TERMS,
    **DIMENSIONS,
    **none_of("ContactDeliveryAddressId", "ExternalImportReference", "ImportedOrderNo", "RelatedInvoiceNo"),
}

LINE_COLUMNS: Columns = {
    "Allowance": lambda row, view: percent(row.line.discount),
    "Description": lambda row, view: row.line.description,
    "Id": lambda row, view: row.id,
    "LineType": lambda row, view: row.line.line_type,
    "NetAmount": lambda row, view: row.line.net / 100,
    "ProductUnitCost": lambda row, view: amount(row.line.unit_cost),
    "ProductUnitPrice": lambda row, view: amount(row.line.unit_price),
    "Quantity": lambda row, view: amount(row.line.quantity),
    "SalesOrderId": lambda row, view: row.order.id,
    "SellersReferenceEmployeeId": lambda row, view: row.line.sellers_reference_id,
    "SellersReferenceEmployeeNo": lambda row, view: view.employee_no(row.line.sellers_reference_id),
    "SortOrder": lambda row, view: row.line.sort,
    "TotalAmount": lambda row, view: (row.line.net + row.line.vat) / 100,
    "UnitOfMeasureCode": lambda row, view: row.line.unit,
    "UseStandardSalesAccount": always(True),
    "VatAmount": lambda row, view: row.line.vat / 100,
    "VatCode": lambda row, view: row.line.vat_code,
    "VatId": lambda row, view: view.vat_id(row.line.vat_code),
    "VatRate": lambda row, view: share(row.line.vat_rate),
    "VatReturnSpecification": ORDINARY_VAT,
    **DIMENSIONS,
    **PRODUCT,
    "Accrual": _no_accrual,
    **none_of("ExternalImportReference"),
}


def _all_lines(order: SalesOrder, view: View) -> list[dict[str, Any]]:
    return [{name: get(row, view) for name, get in LINE_COLUMNS.items()} for row in _lines_of(order)]


def _line(view: View) -> Iterable[OrderLine] | None:
    order = _find(view)
    return None if order is None else [row for row in _lines_of(order) if str(row.id) == view.path["lineId"].lower()]


def _sendable(view: View) -> Iterable[SalesOrder | Invoice]:
    """Orders and invoices by the ids asked for; none without."""
    wanted = view.given.get("id", set())
    everything: list[SalesOrder | Invoice] = [*view.books.orders.values(), *view.books.outgoing.values()]
    return [one for one in everything if str(_sendable_id(one)) in wanted]


def _sendable_id(one: SalesOrder | Invoice) -> UUID:
    return one.voucher.id if isinstance(one, Invoice) else one.id


SENT_STATE: Columns = {
    "DueDate": lambda one, view: getattr(one, "due", None),
    "Id": lambda one, view: _sendable_id(one),
    "InvoiceDeliveryType": lambda one, view: getattr(one, "delivery", "Auto"),
    "InvoiceNo": lambda one, view: int(one.invoice_no or 0) or None if isinstance(one, Invoice) else None,
    "IsInvoiceBeingProcessed": always(False),
    "SentDateTimeOffset": lambda one, view: getattr(one, "sent", None),
    **none_of("LastErrorMessage"),
}

_INHERITED = plain("showInherited", boolean)  # books hold no inherited values apart, so it changes nothing

SALES_ORDERS = Endpoint(
    path="/SalesOrders",
    schema="SalesOrderDto",
    privileges=("SalesOrders",),
    rows=lambda view: view.books.orders.values(),
    columns=COLUMNS,
    parameters=(
        changed_after("lastChangedDateTimeOffsetGreaterThan", COLUMNS["LastChangedDateTimeOffset"]),
        numbers("customerNos", COLUMNS["CustomerNo"]),
        enum("orderStatus", ("Draft", "Confirmed"), COLUMNS["SalesOrderStatus"]),
        codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
        projects("projectCodes", PROJECT["ProjectCode"], children="includeSubProject"),
        plain("includeSubProject", boolean),
        only("onlyCreatedByCurrentIntegration", always(False)),
        _INHERITED,
    ),
)

ENDPOINTS = (
    SALES_ORDERS,
    single(SALES_ORDERS),
    Endpoint(
        path="/SalesOrders/{id}/Lines",
        schema="SalesOrderLineDto",
        privileges=("SalesOrders",),
        rows=_lines,
        columns=LINE_COLUMNS,
    ),
    Endpoint(
        path="/SalesOrders/{id}/Complete",
        schema="SalesOrderCompleteDto",
        privileges=("SalesOrders",),
        rows=lambda view: [order] if (order := _find(view)) else None,
        columns={**COLUMNS, "SalesOrderLines": _all_lines},
        parameters=(_INHERITED,),
        shape=Shape.OBJECT,
    ),
    Endpoint(
        path="/SalesOrders/{id}/Lines/{lineId}",
        schema="SalesOrderLineDto",
        privileges=("SalesOrders",),
        rows=_line,
        columns=LINE_COLUMNS,
        shape=Shape.OBJECT,
    ),
    Endpoint(
        path="/SalesOrders/sentState",
        schema="InvoiceSentStateDto",
        privileges=("SalesOrders_Full",),  # part of sending, not of reading
        rows=_sendable,
        columns=SENT_STATE,
        parameters=(ids("id", lambda one, view: _sendable_id(one)),),
    ),
)
