"""Reading SAF-T Financial 1.10, 1.20 and 1.30 as a stream: header and master files first, then voucher by voucher."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain

from tieout.simulator.books.loading import amounts, master_files
from tieout.simulator.books.loading.content import Content, VoucherRow
from tieout.simulator.books.loading.elements import (
    Element,
    child,
    children,
    is_mislabelled,
    line_of,
    open_elements,
    stripped,
    text,
)
from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.periods import Span, span_of_years, span_told
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.loading.source import BooksFile
from tieout.simulator.books.loading.transactions import Transactions

_VERSIONS = ("1.1", "1.10", "1.2", "1.20", "1.3", "1.30")
_MASTER = ("Account", "Customer", "Supplier", "TaxTableEntry", "AnalysisTypeTableEntry")
_TOTALS = ("NumberOfEntries", "TotalDebit", "TotalCredit")
_PASSED_OVER = ("Owner", "Invoice", "Payment", "StockMovement", "AssetTransaction")


def read(file: BooksFile) -> Content:
    """Header and master files at once, vouchers as they are asked for. Raises BooksFileError naming the line, now or then."""
    rows = open_elements(file, ("Header", *_MASTER, *_TOTALS, "Transaction", *_PASSED_OVER))
    header = next(rows, None)
    if header is None or stripped(header) != "Header":
        raise BooksFileError(
            "has no Header before its records. It is no whole SAF-T file; export it again.", file=file.name
        )
    with _told_where(header):
        content, span = _header(header, file)
    transactions = Transactions(span, content.remarks)
    first = _master_files(rows, content, transactions)
    master_files.merge_repeated(content)
    content.vouchers = _vouchers(chain([first] if first is not None else [], rows), transactions)
    return content


def _header(header: Element, file: BooksFile) -> tuple[Content, Span]:
    remarks = Remarks()
    if text(header, "AuditFileCountry") not in (None, "NO"):
        raise BooksFileError("is a SAF-T file of another country. Only Norwegian ones can be loaded.", file=file.name)
    version = text(header, "AuditFileVersion") or "of no version"
    if version not in _VERSIONS:
        remarks.tell(f"The file is SAF-T {version}, which is not known here; it was read like 1.30.")
    company = child(header, "Company")
    if company is None and not len(header):
        raise BooksFileError(
            "has no Company in its Header. It is no whole SAF-T file; export it again.", file=file.name
        )
    if company is None:
        remarks.tell("The file does not say whose books it holds: its Header has no Company.")
        company = header  # which has none of a company's details either
    if is_mislabelled(file):
        remarks.tell("The file says that it is UTF-8 and is not; it was read as Windows-1252.")
    currency = text(header, "DefaultCurrencyCode")
    if currency not in (None, "NOK"):
        remarks.tell(f"Amounts are taken as NOK; the file's currency is {currency}.")
    span = _span(header, file, remarks)
    email, phone, website = master_files.reached_by(company)
    content = Content(
        format=f"SAF-T {version}",
        name=text(company, "Name") or "Company without a name",
        organisation_number=text(company, "RegistrationNumber"),
        first_day=span.first,
        last_day=span.last,
        year_end_month=span.year_end_month,
        address=master_files.address(company),
        email=email,
        phone=phone,
        website=website,
        contacts=master_files.persons(company),
        banks=master_files.banks(children(company, "BankAccount")),
        remarks=remarks,
        vouchers=(),
    )
    return content, span


def _span(header: Element, file: BooksFile, remarks: Remarks) -> Span:
    """What the header says, else the years of the vouchers, for which the file is read once more."""
    criteria = child(header, "SelectionCriteria")
    told = span_told(criteria) if criteria is not None else None
    if told is not None:
        return told
    years = {amounts.year(element.text or "") for element in open_elements(file, ("PeriodYear",))}
    created = amounts.day(text(header, "AuditFileDateCreated") or "1970-01-01").year
    span = span_of_years(min(years, default=created), max(years, default=created))
    remarks.tell(
        f"The file does not say what span it covers; it was taken to be {span.first} to {span.last}, its vouchers' years."
    )
    return span


def _master_files(rows: Iterator[Element], content: Content, transactions: Transactions) -> Element | None:
    """Takes in everything up to the first voucher, and returns that one's element."""
    for element in rows:
        name = stripped(element)
        if name == "Transaction":
            return element
        with _told_where(element):
            _master(name, element, content, transactions)
    return None


def _master(name: str, element: Element, content: Content, transactions: Transactions) -> None:
    if name == "Account":
        content.accounts.append(master_files.account(element, content.remarks))
    elif name in ("Customer", "Supplier"):
        content.parties.append(master_files.party(element, name.lower(), content.remarks))
    elif name == "TaxTableEntry":
        content.vat_codes.extend(master_files.vat_codes(element, content.remarks))
    elif name == "AnalysisTypeTableEntry":
        content.dimensions.append(master_files.dimension(element))
    elif name in _TOTALS:
        transactions.announced.setdefault(name, (element.text or "").strip())


def _vouchers(rows: Iterator[Element], transactions: Transactions) -> Iterator[VoucherRow]:
    for element in rows:
        if stripped(element) == "Transaction":
            with _told_where(element):
                voucher = transactions.voucher(element)
            yield voucher
        elif stripped(element) in _MASTER:
            transactions.late(element)
    transactions.compare_totals()


@contextmanager
def _told_where(element: Element) -> Iterator[None]:
    """Turn what can't be read in an element into an error that names its line."""
    try:
        yield
    except ValueError as error:
        what = (
            f"{stripped(element)} can't be read: {error}. The file is damaged, or not what SAF-T says; export it again."
        )
        raise BooksFileError(what, line=line_of(element)) from None
