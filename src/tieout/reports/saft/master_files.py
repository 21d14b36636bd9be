"""The registers of a file: accounts with their balances, customers, suppliers, VAT codes, dimensions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from lxml.etree import _Element as Element

from tieout.reports.saft.elements import CODE, LONG, LONGER, MIDDLE, SHORT, add, add_balance, add_some, element
from tieout.reports.saft.grouping import Grouping, seed

Row = Mapping[str, Any]
_STANDARD_TAX_CODE = re.compile(r"[0-9]{1,2}")
NO_TAX_CODE = "NA"
COMPENSATION = "K"  # compensation codes of municipalities: the standard code after this letter


def accounts(rows: Iterable[Row], groupings: Mapping[int, Grouping]) -> Iterable[Element]:
    """Account by account, with the grouping that a person chose, else the rule's."""
    for row in rows:
        grouping = groupings.get(row["account_no"]) or seed(row["account_no"])
        account = element("Account")
        add(account, "AccountID", row["account_no"], limit=LONGER)
        add(account, "AccountDescription", row["account_name"])
        add(account, "GroupingCategory", grouping.category)
        add(account, "GroupingCode", grouping.code, limit=MIDDLE)
        add(account, "AccountType", "GL")
        add_balance(account, "Opening", row["opening"])
        add_balance(account, "Closing", row["closing"])
        yield account


def parties(rows: Iterable[Row], name: str) -> Iterable[Element]:
    """`name` Customer or Supplier; one row for each control account of a party, together."""
    for number, own in groupby(rows, key=lambda row: row["party_no"]):
        accounts_of = list(own)
        party = element(name)
        add_some(party, "RegistrationNumber", accounts_of[0]["organisation_number"], limit=MIDDLE)
        add(party, "Name", accounts_of[0]["name"])
        add(party, f"{name}ID", number, limit=MIDDLE)
        for row in accounts_of:
            if row["account_no"] is not None:
                balance = add(party, "BalanceAccount")
                add(balance, "AccountID", row["account_no"], limit=LONGER)
                add_balance(balance, "Opening", row["opening"])
                add_balance(balance, "Closing", row["closing"])
        yield party


def vat_codes(rows: Iterable[Row]) -> Iterable[Element]:
    """One table entry for value added tax, a detail for each code."""
    entry = element("TaxTableEntry")
    add(entry, "TaxType", "MVA", limit=CODE)
    add(entry, "Description", "Merverdiavgift")
    for row in rows:
        details = add(entry, "TaxCodeDetails")
        add(details, "TaxCode", row["vat_code"], limit=LONGER)
        add_some(details, "EffectiveDate", row["valid_from"])
        add_some(details, "ExpirationDate", row["valid_to"])
        add(details, "Description", row["name"])
        add(details, "TaxPercentage", percent(row["rate"]))
        add(details, "Country", "NO")
        add(details, "StandardTaxCode", _standard(row["standard_code"]))
        if str(row["vat_code"]).startswith(COMPENSATION):
            add(details, "Compensation", "true")
        add(details, "BaseRate", percent(row["deductible_share"]))
    if len(entry) > 2:
        yield entry


def dimensions(rows: Iterable[Row]) -> Iterable[Element]:
    """Departments, projects, locations and own dimensions."""
    for row in rows:
        entry = element("AnalysisTypeTableEntry")
        add(entry, "AnalysisType", row["kind"], limit=CODE)
        add(entry, "AnalysisTypeDescription", row["title"])
        add(entry, "AnalysisID", row["code"], limit=MIDDLE)
        add(entry, "AnalysisIDDescription", row["name"], limit=LONG)
        add_some(entry, "StartDate", row["first_day"], limit=SHORT)
        add_some(entry, "EndDate", row["last_day"], limit=SHORT)
        yield entry


def percent(share: Decimal) -> str:
    """A share of 0 to 1 in percent, without needless zeros."""
    return f"{(share * 100).normalize():f}"


def _standard(code: str) -> str:
    return code if _STANDARD_TAX_CODE.fullmatch(code) else NO_TAX_CODE
