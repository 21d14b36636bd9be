"""Books as the SAF-T file that an accounting system would export: the other witness of tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

from tieout.simulator.books.model import Books

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"


class Row(NamedTuple):
    """One posting: øre, debit positive."""

    voucher: int
    on: date
    account: int
    amount: int


def rows_of(books: Books) -> list[Row]:
    """Every posting of simulated books."""
    return [Row(one.voucher.no, one.date, one.account_no, one.amount) for one in books.postings.values()]


def saft_of(books: Books, first: date, last: date, *, rows: Iterable[Row] | None = None) -> str:
    """Simulated books, or rows made of them."""
    return saft_text(
        rows_of(books) if rows is None else rows,
        first,
        last,
        accounts={no: account.name for no, account in books.accounts.items()},
        results={no for no in books.accounts if books.is_result(no)},
        year_start=books.fiscal_year_start(first),
        organisation_number=books.profile.organisation_number,
    )


def saft_text(
    rows: Iterable[Row],
    first: date,
    last: date,
    *,
    accounts: Mapping[int, str],
    results: Collection[int],
    year_start: date,
    organisation_number: str,
) -> str:
    """A whole file, small as it may be. Result accounts begin with the fiscal year that `first` lies in."""
    opening: defaultdict[int, int] = defaultdict(int)
    movement: defaultdict[int, int] = defaultdict(int)
    vouchers: defaultdict[tuple[int, int, int], list[Row]] = defaultdict(list)
    for row in rows:
        if row.on < first and (row.account not in results or row.on >= year_start):
            opening[row.account] += row.amount
        elif first <= row.on <= last:
            movement[row.account] += row.amount
            vouchers[row.voucher, row.on.year, row.on.month].append(row)
    charted = "".join(
        f"<Account><AccountID>{no}</AccountID><AccountDescription>{escape(accounts[no])}</AccountDescription>"
        f"{_sided('Opening', opening[no])}{_sided('Closing', opening[no] + movement[no])}</Account>\n"
        for no in sorted(accounts)
    )
    transactions = "".join(_transaction(key, lines) for key, lines in sorted(vouchers.items()))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<n1:AuditFile xmlns:n1="{NAMESPACE}"><n1:Header><n1:AuditFileVersion>1.30</n1:AuditFileVersion>
<n1:AuditFileCountry>NO</n1:AuditFileCountry><n1:SoftwareID>Fixture</n1:SoftwareID>
<n1:Company><n1:RegistrationNumber>{organisation_number}</n1:RegistrationNumber><n1:Name>Fixture</n1:Name></n1:Company>
<n1:SelectionCriteria><n1:SelectionStartDate>{first}</n1:SelectionStartDate>
<n1:SelectionEndDate>{last}</n1:SelectionEndDate></n1:SelectionCriteria></n1:Header>
<n1:MasterFiles><n1:GeneralLedgerAccounts>{_named(charted)}</n1:GeneralLedgerAccounts></n1:MasterFiles>
<n1:GeneralLedgerEntries><n1:NumberOfEntries>{len(vouchers)}</n1:NumberOfEntries>
<n1:Journal><n1:JournalID>GL</n1:JournalID>{_named(transactions)}</n1:Journal></n1:GeneralLedgerEntries></n1:AuditFile>
"""


def _transaction(key: tuple[int, int, int], rows: list[Row]) -> str:
    number, year, month = key
    lines = "".join(_line(row.account, row.amount) for row in rows)
    return (
        f"<Transaction><TransactionID>{number}</TransactionID><Period>{month}</Period><PeriodYear>{year}</PeriodYear>"
        f"<TransactionDate>{rows[0].on}</TransactionDate>{lines}</Transaction>\n"
    )


def _line(account: int, amount: int) -> str:
    side = "Debit" if amount >= 0 else "Credit"
    value = f"<{side}Amount><Amount>{_kroner(abs(amount))}</Amount></{side}Amount>"
    return f"<Line><AccountID>{account}</AccountID>{value}</Line>"


def _sided(which: str, amount: int) -> str:
    side = "Debit" if amount >= 0 else "Credit"
    return f"<{which}{side}Balance>{_kroner(abs(amount))}</{which}{side}Balance>"


def _kroner(ore: int) -> str:
    return f"{Decimal(ore).scaleb(-2):.2f}"


def _named(text: str) -> str:
    """With the namespace's prefix before each name, as most systems write it."""
    return text.replace("</", "\0").replace("<", "<n1:").replace("\0", "</n1:")
