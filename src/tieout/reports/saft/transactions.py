"""The vouchers of a file. A voucher with postings on several days becomes a transaction for each, with the same id.

So each balances, since a voucher sums to zero on every posting date, and stands in the period it was posted in. Periods
are calendar months also where the fiscal year is another: readers differ in how they take the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import count
from typing import Any

from lxml.etree import _Element as Element

from tieout.reports.saft.elements import CODE, LONG, LONGER, MIDDLE, SHORT, add, add_some, element, money
from tieout.reports.saft.master_files import percent

Row = Mapping[str, Any]
JOURNALS = {"GL": "Hovedbok", "AR": "Utgående faktura", "AP": "Inngående faktura"}
VOUCHER_TYPES = {"outgoing_invoice": "SI", "incoming_invoice": "PI"}  # of the tax authority's list, where it is sure
DIMENSIONS = (
    ("A", "department_code"),
    ("P", "project_code"),
    ("L", "location_code"),
    ("D1", "dim1_code"),
    ("D2", "dim2_code"),
    ("D3", "dim3_code"),
)
_RATE = Decimal("0.00000001")


def transaction(rows: list[Row]) -> Element:
    """One voucher's postings of one day."""
    first = rows[0]
    made = element("Transaction")
    add(made, "TransactionID", first["voucher_no"], limit=LONGER)
    add(made, "Period", first["posting_date"].month)
    add(made, "PeriodYear", first["posting_date"].year)
    add(made, "TransactionDate", first["voucher_date"])
    add_some(made, "VoucherType", VOUCHER_TYPES.get(first["voucher_type"]), limit=LONGER)
    add(made, "VoucherDescription", first["voucher_type"].replace("_", " "), limit=LONGER)
    add(made, "Description", first["description"], limit=LONG)
    add(made, "SystemEntryDate", first["entered_on"] or first["posting_date"])
    add(made, "GLPostingDate", first["posting_date"])
    for number, row in zip(count(1), rows, strict=False):
        _add_line(made, number, row)
    return made


def _add_line(parent: Element, number: int, row: Row) -> None:
    line = add(parent, "Line")
    add(line, "RecordID", number, limit=SHORT)
    add(line, "AccountID", row["account_no"], limit=LONGER)
    for kind, column in DIMENSIONS:
        if row[column] not in (None, ""):
            analysis = add(line, "Analysis")
            add(analysis, "AnalysisType", kind, limit=CODE)
            add(analysis, "AnalysisID", row[column], limit=MIDDLE)
            _add_amount(analysis, _side(row) + "AnalysisAmount", row["amount"])
    add(line, "ValueDate", row["posting_date"])
    add_some(line, "CustomerID", row["customer_no"], limit=MIDDLE)
    add_some(line, "SupplierID", row["supplier_no"] if row["customer_no"] is None else None, limit=MIDDLE)
    add(line, "Description", row["description"], limit=LONG)
    _add_amount(line, _side(row) + "Amount", row["amount"], _currency(row))
    if row["vat_code"]:
        _add_tax(line, row)
    add_some(line, "ReferenceNumber", row["invoice_no"], limit=MIDDLE)
    add_some(line, "CID", row["cid"], limit=MIDDLE)
    add_some(line, "DueDate", row["due_date"])
    if row["quantity"]:
        add(line, "Quantity", f"{row['quantity']:.6f}")
    add_some(line, "CrossReference", row["match_id"], limit=MIDDLE)


def _side(row: Row) -> str:
    return "Debit" if row["amount"] >= 0 else "Credit"


def _add_amount(parent: Element, name: str, amount: Decimal, currency: tuple[str, Decimal] | None = None) -> None:
    """`currency` is its code and the amount in it, of the same sign as `amount`."""
    made = add(parent, name)
    add(made, "Amount", money(abs(amount)))
    if currency:
        code, foreign = currency
        add(made, "CurrencyCode", code)
        add(made, "CurrencyAmount", money(abs(foreign)))
        add(made, "ExchangeRate", (amount / foreign).quantize(_RATE))


def _currency(row: Row) -> tuple[str, Decimal] | None:
    """Of foreign amounts only. A rounding difference has no amount in the currency, and says so by leaving it out."""
    foreign = row["currency_amount"]
    if row["currency_code"] in (None, "NOK") or not foreign or not row["amount"] or foreign * row["amount"] < 0:
        return None
    return row["currency_code"], foreign


def _add_tax(line: Element, row: Row) -> None:
    tax = add(line, "TaxInformation")
    add(tax, "TaxType", "MVA", limit=CODE)
    add(tax, "TaxCode", row["vat_code"], limit=LONGER)
    if row["vat_rate"] is not None:
        add(tax, "TaxPercentage", percent(row["vat_rate"]))
    add(tax, "Country", "NO")
    add(tax, "TaxBase", money(abs(row["amount"])))
    vat = row["vat_amount"] or Decimal(0)
    _add_amount(tax, ("Debit" if vat > 0 or (vat == 0 and row["amount"] >= 0) else "Credit") + "TaxAmount", vat)


def journal_head(name: str) -> Iterable[Element]:
    """What a journal begins with."""
    parent = element("Journal")
    yield add(parent, "JournalID", name, limit=SHORT)
    yield add(parent, "Description", JOURNALS[name])
    yield add(parent, "Type", name, limit=CODE)
