"""SAF-T's transactions as vouchers, one element at a time, and the file's totals against what was read."""

from __future__ import annotations

from datetime import date, datetime

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.content import LineRow, VoucherRow
from tieout.simulator.books.loading.elements import (
    Element,
    children,
    line_of,
    stripped,
    text,
    texts,
    texts_and_structures,
)
from tieout.simulator.books.loading.master_files import required
from tieout.simulator.books.loading.periods import Span, last_day, posting_date
from tieout.simulator.books.loading.remarks import Remarks

_SIDES = {"DebitAmount": 1, "CreditAmount": -1}
_ANALYSIS_SIDES = {"DebitAnalysisAmount": 1, "CreditAnalysisAmount": -1, "AnalysisAmount": None}
_TAX_SIDES = {"DebitTaxAmount": 1, "CreditTaxAmount": -1, "TaxAmount": None}


class Transactions:
    """`announced` are NumberOfEntries, TotalDebit and TotalCredit as the file gives them."""

    def __init__(self, span: Span, remarks: Remarks) -> None:
        self.announced: dict[str, str] = {}
        self._span = span
        self._remarks = remarks
        self._count = self._debit = self._credit = 0
        self._journal: tuple[Element | None, str] = (None, "")

    def voucher(self, element: Element) -> VoucherRow:
        """One transaction with its lines. Raises ValueError, or BooksFileError for a line."""
        told = texts(element)
        number = required(told, "TransactionID")
        on = self._dated(number, told)
        entered_on = amounts.optional_day(told.get("SystemEntryDate"))
        self._count += 1
        return VoucherRow(
            key=f"{self._journal_id(element)}/{number}",
            number=number,
            date=on,
            posting_date=self._posted(number, on, told),
            type=told.get("VoucherType"),
            description=told.get("Description"),
            entered=_midnight(entered_on),
            modified=_midnight(amounts.optional_day(told.get("ModificationDate"))),
            lines=[self._line(line, entered_on or on) for line in children(element, "Line")],
            line=line_of(element),
        )

    def _dated(self, number: str, told: dict[str, str]) -> date:
        """The transaction's day; where it tells none, the day it was posted or entered, else the last of its period."""
        if "TransactionDate" in told:
            return amounts.day(told["TransactionDate"])
        other = told.get("GLPostingDate") or told.get("SystemEntryDate")
        period, year = told.get("Period", ""), told.get("PeriodYear")
        if other:
            on = amounts.day(other)
        elif year and period.isdigit():
            on = last_day(amounts.year(year), min(max(int(period), 1), 12))
        else:
            raise ValueError("TransactionDate is missing, and nothing else tells its day")
        self._remarks.often("Transactions without a date were put on another day that they tell", f"{number}: {on}")
        return on

    def late(self, element: Element) -> None:
        """Master files must stand before the vouchers that use them."""
        self._remarks.often("Master records that stand after the first voucher were left out", stripped(element))

    def compare_totals(self) -> None:
        """Tell where the file's own totals are not what was read."""
        self._compare("NumberOfEntries", self._count * 100, "transactions")
        self._compare("TotalDebit", self._debit, "in debit")
        self._compare("TotalCredit", self._credit, "in credit")

    def _compare(self, name: str, read: int, what: str) -> None:
        said = self.announced.get(name)
        if said is not None and not _comes_to(said, read):
            shown = str(read // 100) if what == "transactions" else amounts.kroner(read)
            self._remarks.tell(f"The file's {name} says {said}, but it holds {shown} {what}; what it holds was loaded.")

    def _journal_id(self, element: Element) -> str:
        """Journals are looked up once each: walking over a journal's earlier transactions would cost a square."""
        journal = element.getparent()
        if journal is not self._journal[0]:
            self._journal = (journal, text(journal, "JournalID") or "")
        return self._journal[1]

    def _posted(self, number: str, on: date, told: dict[str, str]) -> date:
        period, year = told.get("Period"), told.get("PeriodYear")
        posted = posting_date(
            on, int(period) if period else None, amounts.year(year) if year else None, self._span.year_end_month
        )
        if posted != on:
            self._remarks.often(
                "Vouchers dated outside their period were posted on the last day of it", f"{number} of {on}: {posted}"
            )
        return posted

    def _line(self, element: Element, entered_on: date) -> LineRow:
        told, structures = texts_and_structures(element)
        sided = [(_SIDES[name], texts(one)) for name, one in structures if name in _SIDES]
        if not sided:
            raise ValueError("a line has neither DebitAmount nor CreditAmount")
        side = sided[0][0]
        currency, currency_amount = self._currency(*sided[0])
        tax_code, tax_rate, tax_amount = self._tax([one for name, one in structures if name == "TaxInformation"], side)
        entered = told.get("SystemEntryTime")
        return LineRow(
            account_id=required(told, "AccountID"),
            amount=sum(self._amount(*one) for one in sided),
            currency=currency,
            currency_amount=currency_amount,
            description=told.get("Description"),
            customer_id=told.get("CustomerID"),
            supplier_id=told.get("SupplierID"),
            tax_code=tax_code,
            tax_rate=tax_rate,
            tax_amount=tax_amount,
            quantity=amounts.rounded_hundredths(told["Quantity"]) if "Quantity" in told else None,
            analyses=tuple(self._analysis(one, side) for name, one in structures if name == "Analysis"),
            reference=told.get("ReferenceNumber") or told.get("SourceDocumentID"),
            kid=told.get("CID"),
            due=amounts.optional_day(told.get("DueDate")),
            cross_reference=told.get("CrossReference"),
            entered=amounts.instant(entered, on=entered_on) if entered else None,
            line=line_of(element),
        )

    def _amount(self, side: int, told: dict[str, str]) -> int:
        """Signed, and counted towards the totals of the file."""
        amount = amounts.hundredths(required(told, "Amount"), finer=self._remarks.finer)
        if side > 0:
            self._debit += amount
        else:
            self._credit += amount
        return side * amount

    def _currency(self, side: int, told: dict[str, str]) -> tuple[str, int | None]:
        """The currency of the document and its amount; NOK and None where the file gives only the books' own."""
        if "CurrencyAmount" not in told or told.get("CurrencyCode", "NOK") == "NOK":
            return "NOK", None
        return told["CurrencyCode"], side * amounts.hundredths(told["CurrencyAmount"], finer=self._remarks.finer)

    def _tax(self, elements: list[Element], side: int) -> tuple[str | None, int | None, int]:
        """Code, rate and amount of the first code; further amounts of the same line are added to it."""
        code: str | None = None
        rate: int | None = None
        amount = 0
        for element in elements:
            told, structures = texts_and_structures(element)
            if code is None and "TaxCode" in told:
                code = told["TaxCode"]
                rate = amounts.rounded_hundredths(told["TaxPercentage"]) if "TaxPercentage" in told else None
            if told.get("TaxCode", code) == code:
                amount += self._sided(structures, _TAX_SIDES, side) or 0
        return code, rate, amount

    def _analysis(self, element: Element, side: int) -> tuple[str, str, int | None]:
        told, structures = texts_and_structures(element)
        return (
            required(told, "AnalysisType"),
            required(told, "AnalysisID"),
            self._sided(structures, _ANALYSIS_SIDES, side),
        )

    def _sided(self, structures: list[tuple[str, Element]], sides: dict[str, int | None], line_side: int) -> int | None:
        """The amount of a structure: 1.30 says its side; before, it is on the side of its line."""
        for name, one in structures:
            if name in sides:
                return (sides[name] or line_side) * amounts.hundredths(
                    required(texts(one), "Amount"), finer=self._remarks.finer
                )
        return None


def _comes_to(said: str, read: int) -> bool:
    try:
        return amounts.hundredths(said) == read
    except ValueError:
        return False


def _midnight(on: date | None) -> datetime | None:
    return amounts.midnight(on) if on is not None else None
