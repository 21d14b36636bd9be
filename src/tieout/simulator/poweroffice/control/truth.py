"""What a sync must have come to, straight from the books: none of the API's code is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from tieout.simulator.books.model import JOURNALS, Books
from tieout.simulator.books.vat_terms import vat_terms
from tieout.simulator.poweroffice.options import Options


def trial_balance(books: Books, on: date) -> list[dict[str, Any]]:
    """Balances in kroner as text, zeros left out."""
    return [{"account_no": no, "balance": kroner(amount)} for no, amount in books.trial_balance(on).items()]


def party_balances(books: Books, kind: str, on: date) -> list[dict[str, Any]]:
    """Sum of ledger entries per customer or supplier number, zeros left out."""
    found = []
    for contact_id, amount in books.party_balances(kind, on).items():
        contact = books.contacts[contact_id]
        number = contact.customer_no if kind == "customer" else contact.supplier_no
        if amount:
            found.append({"number": number, "balance": kroner(amount)})
    return sorted(found, key=lambda one: one["number"] or 0)


def open_items(books: Books, kind: str, on: date) -> list[dict[str, Any]]:
    """Entries up to a date that nothing has settled until then, or not in full, by number and id."""
    found = []
    for entry in books.entries.values():
        if entry.kind == kind and entry.date <= on and (rest := entry.balance(on)):
            contact = books.contacts[entry.contact_id]
            number = contact.customer_no if kind == "customer" else contact.supplier_no
            found.append({"number": number, "id": entry.id, "amount": kroner(entry.amount), "balance": kroner(rest)})
    return sorted(found, key=lambda one: (one["number"] or 0, one["id"]))


def vat(books: Books) -> list[dict[str, Any]]:
    """Each term's VAT by code and by account, as the taxed lines have it; sales and what is owed are negative."""
    return [
        {
            "from": term.first.isoformat(),
            "to": term.last.isoformat(),
            "is_returned": term.returned,
            "codes": [
                {"code": code, "base": kroner(base), "vat": kroner(term.vat[code])}
                for code, base in sorted(term.base.items())
            ],
            "accounts": [{"account_no": no, "movement": kroner(amount)} for no, amount in term.accounts(books).items()],
        }
        for term in vat_terms(books)
    ]


def expected(books: Books) -> dict[str, Any]:
    """What a loaded file itself says; {} for invented books."""
    told = books.expected
    if told is None:
        return {}
    return {
        "closing": [{"account_no": no, "balance": kroner(amount)} for no, amount in sorted(told.closing.items())],
        "result": [{"account_no": no, "balance": kroner(amount)} for no, amount in sorted(told.result.items())],
        "monthly": [
            {"account_no": no, "year": year, "month": month, "movement": kroner(amount)}
            for (no, year, month), amount in sorted(told.monthly.items())
        ],
    }


def counts(books: Books, options: Options) -> dict[str, int]:
    """How many rows each list has, over all dates."""
    entries = [entry.kind for entry in books.entries.values()]
    contacts = list(books.contacts.values())
    vat_codes = list(books.vat_codes.values())
    return {
        "AccountTransactions": sum(
            1 for posting in books.postings.values() if posting.voucher.no or options.opening_in_transactions
        ),
        "BrandingThemes": len(books.branding_themes),
        "ClientBankAccounts": len(books.bank_accounts),
        "ClientContacts": len(books.client_contacts),
        "ContactBankAccounts": len(books.contact_bank_accounts),
        "ContactDeliveryAddresses": len(books.delivery_addresses),
        "ContactGroups": len(books.contact_groups),
        "ContactPersons": len(books.contact_persons),
        "CustomDimensionSettings": 3,
        "CustomDimensions": len(books.custom_dimensions),
        "Customerledger/Statement": entries.count("customer"),
        "Customers": sum(contact.customer_no is not None for contact in contacts),
        "DeliveryTerms": len(books.delivery_terms),
        "Departments": len(books.departments),
        "Employees": sum(contact.employee_no is not None for contact in contacts),
        "FinancialSettings": 1,
        "GeneralLedgerAccounts": len(books.accounts),
        "IncomingInvoices": len(books.incoming),
        "JournalEntryVouchers": len(books.drafts)
        + sum(1 for voucher in books.vouchers.values() if voucher.no and voucher.type in JOURNALS),
        "Locations": len(books.locations),
        "LockDateSettings": 1,
        "OrganizationSettings": 1,
        "OutgoingInvoices": len(books.outgoing),
        "OutgoingInvoices/Lines": sum(len(invoice.lines) for invoice in books.outgoing.values()),
        "PaymentTerms": len(books.payment_terms),
        "ProductGroups": len(books.product_groups),
        "Products": len(books.products),
        "Projects": len(books.projects),
        "SalesOrders": len(books.orders),
        "SalesOrders/Lines": sum(len(order.lines) for order in books.orders.values()),
        "SubLedgerNumberSeries": len(books.series),
        "Supplierledger/Statement": entries.count("supplier"),
        "Suppliers": sum(contact.supplier_no is not None for contact in contacts),
        "VatCodes": len(vat_codes),
        "VatSettings": 1,
    }


def kroner(amount: int) -> str:
    """Øre as exact text: -5 -> "-0.05"."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"
