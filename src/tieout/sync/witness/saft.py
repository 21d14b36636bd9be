"""What a SAF-T Financial file (1.10 to 1.30) says: whose books, which span, balances by account, and vouchers.

Amounts are whole øre, debit positive. Only what a witness needs is read: no parties, no VAT, no dimensions.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from tieout.ledger.fiscal_year import DECEMBER
from tieout.sync.witness.errors import WitnessError
from tieout.sync.witness.file import Counted, Element, elements, name_of, text_of

Month = tuple[int, int]
Found = TypeVar("Found")
LARGEST = 10**15
RECORDS = ("Account", "Transaction")
TOTALS = {"NumberOfEntries": "entries", "TotalDebit": "debit", "TotalCredit": "credit"}
PASSED_OVER = (
    "Customer",
    "Supplier",
    "TaxTableEntry",
    "AnalysisTypeTableEntry",
    "Owner",
    "Product",
    "Asset",
    "Invoice",
    "Payment",
)
SIDES = {"DebitAmount": 1, "CreditAmount": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`first` to `last` is the file's span, both days inclusive. `year_end` is the month in which fiscal years end."""

    organisation_number: str
    name: str
    version: str
    software: str
    first: date
    last: date

    @property
    def year_end(self) -> int:
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return self.last.month if months % 12 == 0 else DECEMBER


@dataclass(slots=True)
class Balance:
    """An account's published balances; None where the file gives none."""

    opening: int | None = None
    closing: int | None = None


@dataclass(frozen=True, slots=True)
class Voucher:
    """A transaction in one month: its number, and what it comes to by account."""

    number: str
    month: Month
    day: date
    sums: dict[str, int]


@dataclass(slots=True)
class File:
    """A file as it was read. `announced` and `counted` are its totals as it gives them, and as it holds them."""

    header: Header
    balances: dict[str, Balance] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)
    announced: dict[str, str] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TOTALS.values(), 0))


def read(stream: Counted) -> File:
    """Read a whole file. Raises WitnessError, which names the line where it can."""
    rows = elements(stream, ("Header", *RECORDS, *TOTALS, *PASSED_OVER))
    first = next(rows, None)
    if first is None or name_of(first) != "Header":
        raise WitnessError("The file has no SAF-T header before its records. Choose a SAF-T Financial file.")
    file = File(_read(first, _header))
    for element in rows:
        name = name_of(element)
        if name == "Account":
            _read(element, lambda one: _account(one, file))
        elif name == "Transaction":
            _read(element, lambda one: _transaction(one, file))
        elif name in TOTALS:
            file.announced.setdefault(TOTALS[name], (element.text or "").strip())
    return file


def ore(text: str) -> int:
    """Øre from kroner as a file writes them. Raises ValueError for what is no amount, or finer than an øre."""
    try:
        value = Decimal(text) * 100
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is no amount") from None
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError(f"{text[:40]!r} is no amount")
    if value != value.to_integral_value():
        raise ValueError(f"{text[:40]!r} is finer than an øre")
    return int(value)


def _read(element: Element, read: Callable[[Element], Found]) -> Found:
    try:
        return read(element)
    except ValueError as error:
        line: object = element.sourceline  # the stubs don't say
        raise WitnessError(
            f"Line {line}: {name_of(element)} can't be read: {error}. The file is damaged, or not what SAF-T says."
        ) from error


def _header(element: Element) -> Header:
    if (country := text_of(element, "AuditFileCountry")) not in ("", "NO"):
        raise WitnessError(f"The file is of another country ({country}). Choose a Norwegian SAF-T Financial file.")
    company = next((one for one in element if name_of(one) == "Company"), None)
    criteria = next((one for one in element if name_of(one) == "SelectionCriteria"), None)
    if company is None or criteria is None:
        raise WitnessError("The header names no company, or no span. It is no whole SAF-T file; export it again.")
    first, last = _span(criteria)
    if last < first:
        raise ValueError(f"its span ends ({last}) before it begins ({first})")
    return Header(
        organisation_number=text_of(company, "RegistrationNumber"),
        name=text_of(company, "Name"),
        version=text_of(element, "AuditFileVersion"),
        software=" ".join(filter(None, (text_of(element, "SoftwareID"), text_of(element, "SoftwareVersion")))),
        first=first,
        last=last,
    )


def _span(criteria: Element) -> tuple[date, date]:
    days = text_of(criteria, "SelectionStartDate"), text_of(criteria, "SelectionEndDate")
    if all(days):
        return _day(days[0]), _day(days[1])
    year = text_of(criteria, "PeriodStartYear")
    if not year:
        raise ValueError("it does not say what span it covers")
    last_year = text_of(criteria, "PeriodEndYear") or year
    first, last = (text_of(criteria, name) or told for name, told in (("PeriodStart", "1"), ("PeriodEnd", "12")))
    return date(_year(year), _period(first), 1), _last_day((_year(last_year), _period(last)))


def _account(element: Element, file: File) -> None:
    number = text_of(element, "AccountID")
    if not number:
        raise ValueError("it has no AccountID")
    balance = file.balances.setdefault(number, Balance())
    file.names.setdefault(number, text_of(element, "AccountDescription"))
    for child in element:
        which, is_debit, _ = name_of(child).partition("DebitBalance")
        if not is_debit:
            which, is_credit, _ = name_of(child).partition("CreditBalance")
            if not is_credit:
                continue
        amount = ore((child.text or "").strip()) * (1 if is_debit else -1)
        if which == "Opening":
            balance.opening = (balance.opening or 0) + amount
        elif which == "Closing":
            balance.closing = (balance.closing or 0) + amount


def _transaction(element: Element, file: File) -> None:
    told = {name_of(one): (one.text or "").strip() for one in element if not len(one)}
    on = _day(told.get("TransactionDate", ""))
    month = _month(on, told.get("Period", ""), told.get("PeriodYear", ""), file.header.year_end)
    sums: defaultdict[str, int] = defaultdict(int)
    for line in element:
        if name_of(line) == "Line":
            _line(line, sums, file.counted)
    file.counted["entries"] += 1
    day = on if (on.year, on.month) == month else _last_day(month)
    file.vouchers.append(
        Voucher(told.get("TransactionID", ""), month, day, {no: sum_ for no, sum_ in sums.items() if sum_})
    )


def _line(line: Element, sums: defaultdict[str, int], counted: dict[str, int]) -> None:
    account = text_of(line, "AccountID")
    if not account:
        raise ValueError("a line has no AccountID")
    sides = [(SIDES[name_of(one)], ore(text_of(one, "Amount"))) for one in line if name_of(one) in SIDES]
    if not sides:
        raise ValueError("a line has neither DebitAmount nor CreditAmount")
    for side, amount in sides:
        sums[account] += side * amount
        counted["debit" if side > 0 else "credit"] += amount


def _month(on: date, period: str, year: str, year_end: int) -> Month:
    """The month of the ledger. A period is a calendar month, unless the year is shifted and the day lies in that month of it."""
    if not period or not year or int(period) < 1:
        return on.year, on.month
    if int(period) > DECEMBER:
        return _year(year), year_end
    shifted = (year_end + int(period) - 1) % DECEMBER + 1
    if year_end != DECEMBER and on.month == shifted and abs(on.year - _year(year)) <= 1:
        return on.year, on.month
    return _year(year), int(period)


def _last_day(month: Month) -> date:
    return date(*month, calendar.monthrange(*month)[1])


def _day(text: str) -> date:
    value = date.fromisoformat(text[:10] if text[4:5] == "-" else text)
    _year(str(value.year))
    return value


def _year(text: str) -> int:
    value = int(text)
    if not 1900 <= value <= 2199:
        raise ValueError(f"{text[:20]!r} is no year that books know")
    return value


def _period(text: str) -> int:
    return min(max(int(text), 1), DECEMBER)
