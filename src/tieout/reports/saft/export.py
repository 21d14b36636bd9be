"""Write a company's fiscal year, or months of one, as SAF-T Financial 1.30: streamed, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from lxml import etree

from tieout import __version__
from tieout.reports.saft import master_files
from tieout.reports.saft.elements import LONGER, MIDDLE, NAMESPACE, SHORT, add, element, money
from tieout.reports.saft.errors import CannotExportError
from tieout.reports.saft.grouping import Grouping
from tieout.reports.saft.transactions import journal_head, transaction

VERSION = "1.30"
OSLO = ZoneInfo("Europe/Oslo")
_ROWS = 5_000  # at a time: a year of any size in constant memory
_SQL = files("tieout.reports.saft").joinpath("sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to write. `contact` is first and last name of whom the tax authority may ask; `months` of the fiscal year,
    1 to 12 by its own calendar. `groupings` by account number are those that a person chose."""

    company_id: str
    fiscal_year: int
    contact: tuple[str, str]
    months: tuple[int, int] = (1, 12)
    groupings: Mapping[int, Grouping] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A file that was written. Totals in the company's currency; `unconfirmed` accounts were grouped by rule alone."""

    path: Path
    transactions: int
    lines: int
    debit: Decimal
    credit: Decimal
    unconfirmed: tuple[int, ...]
    sha256: str
    bytes: int


def export(connection: duckdb.DuckDBPyConnection, order: Order, folder: Path, *, now: datetime) -> Exported:
    """Write the file into `folder` under the name Altinn wants. Raises CannotExportError; then nothing is written."""
    span = _Span.of(connection, order)
    totals = _one(connection, "totals", **span.parameters)
    if totals["not_whole"]:
        raise CannotExportError(
            f"{totals['not_whole']} amounts have parts of an øre, the first in voucher {totals['such_voucher']}; SAF-T has "
            "two decimals, and rounding would break the vouchers. Correct them in the accounting system, sync, try again.",
            why="parts_of_an_ore",
            amounts=totals["not_whole"],
            voucher=totals["such_voucher"],
        )
    path = folder / _name(span.company["organisation_number"], now)
    beside = path.with_suffix(".part")
    try:
        _write(connection, order, span, totals, beside, now)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    numbers = [
        row["account_no"] for row in _rows(connection, "accounts", **span.parameters, fiscal_year=order.fiscal_year)
    ]
    confirmed = {number for number, grouping in order.groupings.items() if grouping.is_confirmed}
    return Exported(
        path=path,
        transactions=totals["transactions"],
        lines=totals["lines"],
        debit=totals["debit"],
        credit=totals["credit"],
        unconfirmed=tuple(number for number in numbers if number not in confirmed),
        sha256=_sha256(path),
        bytes=path.stat().st_size,
    )


def parts(
    connection: duckdb.DuckDBPyConnection, company_id: str, fiscal_year: int, months: tuple[int, int], *, most: int
) -> list[tuple[int, int]]:
    """Spans of whole months that a span is divided into, so that none has more than `most` lines unless one month has."""
    told = {row["period"]: row["lines"] for row in _rows(connection, "months", company=company_id, year=fiscal_year)}
    spans, begun, lines = list[tuple[int, int]](), months[0], 0
    for month in range(months[0], months[1] + 1):
        if lines and lines + told.get(month, 0) > most:
            spans.append((begun, month - 1))
            begun, lines = month, 0
        lines += told.get(month, 0)
    return [*spans, (begun, months[1])]


@dataclass(frozen=True, slots=True)
class _Span:
    """Whose books, and from which day to which."""

    company: Mapping[str, Any]
    company_id: str
    first: date
    last: date

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, order: Order) -> _Span:
        company = next(iter(_rows(connection, "company", company=order.company_id)), None)
        if company is None:
            raise CannotExportError("this company has no books here yet; sync it first.", why="not_synced")
        first, last = order.months
        if not 1 <= first <= last <= 12:
            raise CannotExportError(
                f"months {first} to {last} are not a span of a fiscal year; they go from 1 to 12.", why="months"
            )
        end = int(company["fiscal_year_end_month"])
        return cls(company, order.company_id, _first_day(order, end, first), _last_day(order, end, last))

    @property
    def parameters(self) -> dict[str, Any]:
        return {"company": self.company_id, "first": self.first, "last": self.last}


def _first_day(order: Order, end_month: int, number: int) -> date:
    months = (order.fiscal_year - 1) * 12 + end_month + number - 1  # since year 0, from January
    return date(months // 12, months % 12 + 1, 1)


def _last_day(order: Order, end_month: int, number: int) -> date:
    return date.fromordinal(_first_day(order, end_month, number + 1).toordinal() - 1)


def _write(
    connection: duckdb.DuckDBPyConnection,
    order: Order,
    span: _Span,
    totals: Mapping[str, Any],
    path: Path,
    now: datetime,
) -> None:
    with etree.xmlfile(str(path), encoding="UTF-8") as file:
        file.write_declaration()
        with file.element(f"{{{NAMESPACE}}}AuditFile", nsmap={None: NAMESPACE}):
            file.write(_header(order, span, now))
            with file.element(f"{{{NAMESPACE}}}MasterFiles"):
                for name, elements in _registers(connection, order, span):
                    _write_register(file, name, elements)
            with file.element(f"{{{NAMESPACE}}}GeneralLedgerEntries"):
                head = element("GeneralLedgerEntries")
                file.write(add(head, "NumberOfEntries", totals["transactions"]))
                file.write(add(head, "TotalDebit", money(totals["debit"])))
                file.write(add(head, "TotalCredit", money(totals["credit"])))
                lines = _rows(connection, "lines", **span.parameters)
                for journal, own in groupby(lines, key=lambda row: str(row["journal"])):
                    with file.element(f"{{{NAMESPACE}}}Journal"):
                        for part in journal_head(journal):
                            file.write(part)
                        for _, rows in groupby(own, key=lambda row: (row["voucher_id"], row["posting_date"])):
                            file.write(transaction(list(rows)))


def _write_register(file: Any, name: str, elements: Iterable[Any]) -> None:
    """A register that has nothing in it is left out: the schema wants one entry at least."""
    waiting = iter(elements)
    first = next(waiting, None)
    if first is not None:
        with file.element(f"{{{NAMESPACE}}}{name}"):
            file.write(first)
            for one in waiting:
                file.write(one)


def _registers(connection: duckdb.DuckDBPyConnection, order: Order, span: _Span) -> Iterator[tuple[str, Iterable[Any]]]:
    def rows(name: str, **more: Any) -> Iterator[Mapping[str, Any]]:
        return _rows(connection, name, **more)

    balances = {**span.parameters, "fiscal_year": order.fiscal_year}
    sided = span.parameters
    yield "GeneralLedgerAccounts", master_files.accounts(rows("accounts", **balances), order.groupings)
    yield "Customers", master_files.parties(rows("parties", ledger="receivable", **sided), "Customer")
    yield "Suppliers", master_files.parties(rows("parties", ledger="payable", **sided), "Supplier")
    yield "TaxTable", master_files.vat_codes(rows("vat_codes", company=order.company_id))
    yield "AnalysisTypeTable", master_files.dimensions(rows("dimensions", company=order.company_id))


def _header(order: Order, span: _Span, now: datetime) -> Any:
    header, company = element("Header"), span.company
    add(header, "AuditFileVersion", VERSION)
    add(header, "AuditFileCountry", "NO")
    add(header, "AuditFileDateCreated", now.astimezone(OSLO).date())
    add(header, "SoftwareCompanyName", "Tieout", limit=LONGER)
    add(header, "SoftwareID", "Tieout")
    add(header, "SoftwareVersion", __version__, limit=SHORT)
    about = add(header, "Company")
    add(about, "RegistrationNumber", company["organisation_number"], limit=MIDDLE)
    add(about, "Name", company["company"])
    person = add(add(about, "Contact"), "ContactPerson")
    first_name, last_name = order.contact
    add(person, "FirstName", first_name, limit=MIDDLE)
    add(person, "LastName", last_name, limit=LONGER)
    add(header, "DefaultCurrencyCode", company["currency_code"])
    chosen = add(header, "SelectionCriteria")
    add(chosen, "SelectionStartDate", span.first)
    add(chosen, "SelectionEndDate", span.last)
    add(header, "TaxAccountingBasis", "A")
    return header


def _rows(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
    """The rows of one of the folder's queries, by column, some at a time."""
    sql = _SQL.joinpath(f"{name}.sql").read_text(encoding="utf-8")
    used = {key: value for key, value in parameters.items() if f"${key}" in sql}
    answer = connection.cursor().execute(sql, used)
    names = [column[0] for column in answer.description or ()]
    while some := answer.fetchmany(_ROWS):
        for row in some:
            yield dict(zip(names, row, strict=True))


def _one(connection: duckdb.DuckDBPyConnection, name: str, **parameters: Any) -> Mapping[str, Any]:
    return next(iter(_rows(connection, name, **parameters)))


def _name(organisation_number: str, now: datetime) -> str:
    """As Altinn wants it: `SAF-T Financial_<organisation number>_<when>_<file>_<files>.xml`, Norwegian time."""
    return f"SAF-T Financial_{organisation_number}_{now.astimezone(OSLO):%Y%m%d%H%M%S}_1_1.xml"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
