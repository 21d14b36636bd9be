"""Customer and supplier ledger: statement, open items, balances, matches (contract 6.2, 6.3, 7.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tieout.simulator.books.model import Contact, Entry
from tieout.simulator.poweroffice.api.endpoint import Columns, Endpoint, always, none_of
from tieout.simulator.poweroffice.api.parameters import (
    Parameter,
    boolean,
    changed_after,
    codes,
    day,
    from_date,
    ids,
    numbers,
    only,
    plain,
    projects,
    to_date,
    whole,
    words,
)
from tieout.simulator.poweroffice.api.properties import DEPARTMENT, DIMENSIONS, PROJECT, STAMPS
from tieout.simulator.poweroffice.api.view import View


@dataclass(frozen=True, slots=True)
class PartyBalance:
    """What one customer or supplier owes or is owed at a date; øre, the ledger's sign."""

    contact_id: int
    balance: int
    has_open_items: bool


def _balance_date(view: View) -> date | None:
    """As of when balances are told: a past `date` or `toDate`, else now (contract 6.2)."""
    asked: date | None = view.given.get("date") or view.given.get("toDate")
    return asked if asked is not None and asked < view.today else None


def _balance(entry: Entry, view: View) -> int:
    return entry.balance(_balance_date(view))


def _contact(row: Any, view: View) -> Contact | None:
    return view.books.contacts.get(row.contact_id)


def _of_contact(get: Callable[[Contact], Any]) -> Callable[[Any, View], Any]:
    def find(row: Any, view: View) -> Any:
        contact = _contact(row, view)
        return get(contact) if contact is not None else None

    return find


def _party(kind: str) -> Columns:
    """Who it is, in the words of one ledger."""
    numbers_by_kind: dict[str, Callable[[Contact], Any]] = {
        "Customer": lambda contact: contact.customer_no,
        "Supplier": lambda contact: contact.supplier_no,
    }
    return {
        f"{kind}AccountNo": _of_contact(numbers_by_kind[kind]),
        f"{kind}ExternalNo": _of_contact(lambda contact: contact.external_no),
        f"{kind}Id": lambda row, view: row.contact_id,
        f"{kind}Name": _of_contact(lambda contact: contact.name),
    }


def _entry_columns(kind: str) -> Columns:
    return {
        "Amount": lambda entry, view: entry.amount / 100,
        "Balance": lambda entry, view: _balance(entry, view) / 100,
        "Cid": lambda entry, view: entry.kid,
        "CurrencyAmount": lambda entry, view: (
            (entry.amount if entry.currency == "NOK" else entry.currency_amount) / 100
        ),
        "CurrencyCode": lambda entry, view: entry.currency,
        "CustomMatchingReference": lambda entry, view: entry.matching_reference,
        **_party(kind),
        "DueDate": lambda entry, view: entry.due,
        "Id": lambda entry, view: entry.id,
        "InvoiceNo": lambda entry, view: entry.invoice_no,
        "IsCreatedByCurrentIntegration": always(False),
        "IsWriteOff": lambda entry, view: entry.is_write_off,
        "MatchId": lambda entry, view: entry.match_id,
        "PostingDate": lambda entry, view: entry.date,
        "VoucherDate": lambda entry, view: entry.voucher.date,
        "VoucherId": lambda entry, view: entry.voucher.id,
        "VoucherNo": lambda entry, view: entry.voucher.no,
        "VoucherType": lambda entry, view: entry.voucher.type,
        **STAMPS,
        **DIMENSIONS,
        **none_of("CreatedFromImportJournalId", "ExternalImportReference"),
    }


CUSTOMER_ENTRIES: Columns = {
    **_entry_columns("Customer"),
    "PaidFromBankAccount": lambda entry, view: entry.from_bank_account,
}
SUPPLIER_ENTRIES: Columns = _entry_columns("Supplier")


def _entries(kind: str) -> Callable[[View], Iterable[Entry]]:
    return lambda view: (entry for entry in view.books.entries.values() if entry.kind == kind)


def _open(kind: str) -> Callable[[View], Iterable[Entry]]:
    def rows(view: View) -> Iterable[Entry]:
        on = view.given["date"]
        return (entry for entry in _entries(kind)(view) if entry.date <= on and _balance(entry, view))

    return rows


def _matched(kind: str) -> Callable[[View], Iterable[Entry]]:
    """Entries that share a match id; a match may reach into the other ledger."""
    return lambda view: [entry for entry in view.books.matches.get(view.given["matchId"], ()) if entry.kind == kind]


def _balances(kind: str) -> Callable[[View], Iterable[PartyBalance]]:
    """Parties that have entries up to the date, also where they add up to nothing."""

    def rows(view: View) -> Iterable[PartyBalance]:
        on, sums, opened = view.given["date"], dict[int, int](), set[int]()
        for entry in view.seen(_entries(kind)(view)):
            if entry.date <= on:
                sums[entry.contact_id] = sums.get(entry.contact_id, 0) + entry.amount
                if entry.balance(on):
                    opened.add(entry.contact_id)
        return [PartyBalance(contact, balance, contact in opened) for contact, balance in sums.items()]

    return rows


def _series_ids(kind: str) -> Callable[[Any, View], Any]:
    """The number series that a party's account number lies in."""

    def get(row: Any, view: View) -> Any:
        contact = _contact(row, view)
        number = contact and (contact.customer_no if kind == "Customer" else contact.supplier_no)
        series = [one for one in view.books.series if one.kind == kind and one.first <= (number or 0) <= one.last]
        return series[0].id if series else None

    return get


def _common(kind: str) -> tuple[Parameter, ...]:
    """Filters of statement and open items."""
    columns = CUSTOMER_ENTRIES if kind == "Customer" else SUPPLIER_ENTRIES
    less = "onlyBalancesLessThanAmount" if kind == "Customer" else "onlyBalancesGreaterThanAmount"
    return (
        changed_after("createdDateTimeOffsetGreaterThan", columns["CreatedDateTimeOffset"]),
        changed_after("lastChangedDateTimeOffsetGreaterThan", columns["LastChangedDateTimeOffset"]),
        numbers(f"{kind.lower()}Nos", columns[f"{kind}AccountNo"]),
        numbers("externalNos", columns[f"{kind}ExternalNo"]),
        words("invoiceNos", columns["InvoiceNo"]),
        words("customMatchingReferences", columns["CustomMatchingReference"]),
        words("voucherTypes", columns["VoucherType"]),
        codes("departmentCodes", DEPARTMENT["DepartmentCode"]),
        projects("projectCodes", PROJECT["ProjectCode"], children="includeSubProject"),
        plain("includeSubProject", boolean),
        ids("contactGroupIds", _of_contact(lambda contact: contact.group_ids)),
        ids("subLedgerNumberSeriesIds", _series_ids(kind)),
        only("onlyCreatedByCurrentIntegration", always(False)),
        only(less, lambda entry, view: entry.match_id and abs(_balance(entry, view)) < abs(entry.amount)),
    )


def _endpoints(kind: str, columns: Columns) -> tuple[Endpoint, ...]:
    ledger, party = f"/{kind}ledger", kind.lower()
    schema, privileges = f"{kind}LedgerEntryDto", (f"{kind}Ledger",)
    posted = columns["PostingDate"]
    return (
        Endpoint(
            path=f"{ledger}/Statement",
            schema=schema,
            privileges=privileges,
            rows=_entries(party),
            columns=columns,
            parameters=(from_date(posted, required=True), to_date(posted, required=True), *_common(kind)),
        ),
        Endpoint(
            path=f"{ledger}/OpenItems",
            schema=schema,
            privileges=privileges,
            rows=_open(party),
            columns=columns,
            parameters=(plain("date", day, required=True), *_common(kind)),
        ),
        Endpoint(
            path=f"{ledger}/{kind}Balances",
            schema=f"{kind}BalanceDto",
            privileges=privileges,
            rows=_balances(party),
            columns={**_party(kind), "Balance": lambda row, view: row.balance / 100},
            parameters=(
                plain("date", day, required=True),
                only("includeOnlyOpenItems", lambda row, view: row.has_open_items),
                ids("contactGroupIds", _of_contact(lambda contact: contact.group_ids)),
                ids("subLedgerNumberSeriesIds", _series_ids(kind)),
                ids(f"{party}Ids", lambda row, view: row.contact_id),
            ),
        ),
        Endpoint(
            path=f"{ledger}/EntriesByMatchId",
            schema=schema,
            privileges=privileges,
            rows=_matched(party),
            columns=columns,
            parameters=(plain("matchId", whole, required=True),),
        ),
    )


ENDPOINTS = (*_endpoints("Customer", CUSTOMER_ENTRIES), *_endpoints("Supplier", SUPPLIER_ENTRIES))
