"""Invoices and orders as the vendor shows them (contract 7.8-7.10, 7.16)."""

from __future__ import annotations

from uuid import UUID

from tieout.simulator.books.model import Address, Books, Invoice, InvoiceLine, SalesOrder, Terms
from tieout.simulator.poweroffice.api.dto_contacts import payment_term_id
from tieout.simulator.poweroffice.api.dto_shared import Row, code_of, employee_no, number_of, tags, vat_id
from tieout.simulator.poweroffice.api.wire import day, money, percent, rate, ratio, stamp
from tieout.simulator.poweroffice.options import Options

ONE = 1_000_000  # a rate of one, in millionths


def _amounts(invoice: Invoice, sign: int) -> Row:
    return {
        "CurrencyCode": invoice.currency,
        "CurrencyExchangeRate": rate(invoice.rate or ONE),
        "NetAmount": money(sign * invoice.net),
        "NetPostedAmount": money(sign * invoice.net_nok),
        "TotalAmount": money(sign * invoice.total),
        "TotalPostedAmount": money(sign * invoice.total_nok),
    }


def _header(books: Books, invoice: Invoice, sign: int) -> Row:
    """What outgoing and incoming invoices share. Balance is that of the ledger entry."""
    voucher, entry = invoice.voucher, invoice.entry
    return {
        "Id": voucher.id,
        **_amounts(invoice, sign),
        "Balance": money(sign * entry.balance()) if entry else money(0),
        "BalanceLastChangedDateTimeOffset": stamp(invoice.balance_changed, voucher.no),
        "Cid": invoice.kid,
        "ContractNo": invoice.terms.contract_no,
        "CreatedDateTimeOffset": stamp(invoice.created, voucher.no),
        "CustomMatchingReference": invoice.terms.matching_reference,
        "DueDate": day(invoice.due),
        "IsReversed": voucher.is_reversed,
        "LastChangedDateTimeOffset": stamp(invoice.changed, voucher.no),
        "MatchId": entry.match_id if entry else None,
        "PurchaseOrderReference": invoice.terms.purchase_order,
        "VoucherDate": day(invoice.date),
        "VoucherNo": voucher.no,
        "VoucherType": voucher.type,
        **tags(books, invoice.tags),
    }


def outgoing_invoice(books: Books, invoice: Invoice, options: Options) -> Row:
    sign = -1 if invoice.is_credit_note and options.credit_note_sign == "positive" else 1
    contact = books.contacts.get(invoice.contact_id)
    return {
        **_header(books, invoice, sign),
        **_terms(books, invoice.terms),
        **_delivery(invoice.terms.delivery_address or Address()),
        "CustomerId": invoice.contact_id,
        "CustomerNo": number_of(contact, "customer"),
        "CustomerReference": invoice.reference,
        "ExternalImportReference": None,
        "ImportedOrderNo": None,
        "InvoiceDeliveryType": invoice.delivery,
        "InvoiceNo": _as_number(invoice.invoice_no),
        "IsCreatedByCurrentIntegration": False,
        "OrderDate": day(invoice.order_date),
        "OrderNo": invoice.order_no,
        "PaymentTerm": invoice.payment_days,
        "PaymentTermId": payment_term_id(books, invoice.payment_days),
        "RelatedInvoiceNo": _as_number(invoice.related_invoice_no),
        "SellersReferenceEmployeeId": invoice.terms.sellers_reference_id,
        "SellersReferenceEmployeeNo": employee_no(books, invoice.terms.sellers_reference_id),
        "SentDateTimeOffset": stamp(invoice.sent, invoice.voucher.no),
    }


def incoming_invoice(books: Books, invoice: Invoice, options: Options) -> Row:
    sign = -1 if options.incoming_sign == "positive" else 1
    return {
        **_header(books, invoice, sign),
        "InvoiceNo": invoice.invoice_no,
        "RelatedInvoiceNo": invoice.related_invoice_no,
        "SupplierId": invoice.contact_id,
        "SupplierNo": number_of(books.contacts.get(invoice.contact_id), "supplier"),
    }


def _terms(books: Books, terms: Terms) -> Row:
    term = books.delivery_terms.get(terms.delivery_term_id or 0)
    return {
        "BrandingThemeCode": code_of(books.branding_themes, terms.branding_theme_id),
        "BrandingThemeId": terms.branding_theme_id,
        "CustomerReferenceContactPersonId": terms.contact_person_id,
        "DeliveryDate": day(terms.delivery_date),
        "DeliveryTerm": term.name if term else None,
        "DeliveryTermId": terms.delivery_term_id,
    }


def _delivery(address: Address) -> Row:
    is_given = address.line1 is not None
    return {
        "DeliveryAddress1": address.line1,
        "DeliveryAddress2": address.line2,
        "DeliveryAddressCity": address.city,
        "DeliveryAddressCountryCode": address.country if is_given else None,
        "DeliveryAddressZipCode": address.zip_code,
    }


def _line(books: Books, line: InvoiceLine) -> Row:
    seller = line.sellers_reference_id
    product = books.products.get(line.product_id or 0)
    return {
        "Allowance": percent(line.discount) if line.discount else None,
        "Description": line.description,
        "ExternalImportReference": None,
        "LineType": line.line_type,
        "NetAmount": money(line.net),
        "ProductUnitCost": money(line.unit_cost),
        "ProductUnitPrice": money(line.unit_price),
        "Quantity": money(line.quantity),
        "SellersReferenceEmployeeId": seller,
        "SellersReferenceEmployeeNo": employee_no(books, seller),
        "SortOrder": line.sort,
        "TotalAmount": money(line.net + line.vat),
        "UnitOfMeasureCode": line.unit,
        "VatAmount": money(line.vat),
        "VatCode": line.vat_code,
        "VatId": vat_id(books, line.vat_code),
        "VatRate": ratio(line.vat_rate),
        "VatReturnSpecification": None,
        **tags(books, line.tags),
        "ProductCode": product.code if product else None,
        "ProductId": line.product_id,
    }


def outgoing_invoice_line(books: Books, invoice: Invoice, line: InvoiceLine) -> Row:
    account = books.accounts.get(line.account_no) if line.account_no else None
    vat_nok = line.vat if invoice.currency == "NOK" else line.vat * (invoice.rate or ONE) // ONE
    return {
        "Id": line.id,
        **_line(books, line),
        "AccountId": account.id if account else None,
        "AccountNo": line.account_no,
        "AgricultureDepartment": None,
        "IsAccrued": line.is_accrued,
        "NetPostedAmount": money(line.net_nok),
        "TotalPostedAmount": money(line.net_nok + vat_nok),
    }


def sales_order(books: Books, order: SalesOrder) -> Row:
    contact = books.contacts.get(order.customer_id)
    net = sum(line.net for _, line in order.lines)
    return {
        "Id": order.id,
        **_terms(books, order.terms),
        "ContactDeliveryAddressId": None,
        "ContractNo": order.terms.contract_no,
        "CreatedDateTimeOffset": stamp(order.created, order.no),
        "CurrencyCode": order.currency,
        "CurrencyExchangeRate": rate(order.rate or ONE),
        "CustomMatchingReference": order.terms.matching_reference,
        "CustomerId": order.customer_id,
        "CustomerNo": number_of(contact, "customer"),
        "CustomerReference": order.reference,
        "ExternalImportReference": None,
        "ImportedOrderNo": None,
        "IsCreatedByCurrentIntegration": False,
        "LastChangedDateTimeOffset": stamp(order.changed, order.no),
        "LineCount": len(order.lines),
        "NetAmount": money(net),
        "PaymentTerm": order.payment_days,
        "PaymentTermId": payment_term_id(books, order.payment_days),
        "PurchaseOrderReference": order.terms.purchase_order,
        "RelatedInvoiceNo": None,
        "SalesOrderDate": day(order.date),
        "SalesOrderNo": order.no,
        "SalesOrderStatus": order.status,
        "SalesPersonEmployeeId": order.terms.sellers_reference_id,
        "SalesPersonEmployeeNumber": employee_no(books, order.terms.sellers_reference_id),
        "TotalAmount": money(net + sum(line.vat for _, line in order.lines)),
        **tags(books, order.tags),
    }


def sales_order_line(books: Books, order: SalesOrder, line_id: UUID, line: InvoiceLine) -> Row:
    product = books.products.get(line.product_id or 0)
    is_standard = not product or product.sales_account == line.account_no
    return {
        "Id": line_id,
        **_line(books, line),
        "Accrual": None,
        "SalesOrderId": order.id,
        "UseStandardSalesAccount": is_standard,
    }


def sales_order_complete(books: Books, order: SalesOrder) -> Row:
    lines = [sales_order_line(books, order, line_id, line) for line_id, line in order.lines]
    return {**sales_order(books, order), "SalesOrderLines": lines}


def _as_number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
