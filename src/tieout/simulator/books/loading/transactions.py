"""SAF-T's transactions as vouchers, one element at a time, and the file's totals against what was read."""

from __future__ import annotations

from datetime import date, datetime

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.content import LineRow, VoucherRow
from tieout.simulator.books.loading.elements import Element, children, stripped, text, texts
from tieout.simulator.books.loading.master_files import required
from tieout.simulator.books.loading.periods import Span, posting_date
from tieout.simulator.books.loading.remarks import Remarks

_SIDES = {"DebitAmount": 1, "CreditAmount": -1}
_ANALYSIS_SIDES = {"DebitAnalysisAmount": 1, "CreditAnalysisAmount": -1}
_TAX_SIDES = {"DebitTaxAmount": 1, "CreditTaxAmount": -1}


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
        number, on = required(told, "TransactionID"), amounts.day(required(told, "TransactionDate"))
        entered_on = amounts.day(told["SystemEntryDate"]) if "SystemEntryDate" in told else None
        self._count += 1
        return VoucherRow(
            key=f"{self._journal_id(element)}/{number}",
            number=number,
            date=on,
            posting_date=self._posted(number, on, told),
            type=told.get("VoucherType"),
            description=told.get("Description"),
            entered=_midnight(entered_on),
            modified=_midnight(amounts.day(told["ModificationDate"])) if "ModificationDate" in told else None,
            lines=[self._line(line, entered_on or on) for line in children(element, "Line")],
            line=element.sourceline,
        )

    def compare_totals(self) -> None:
        """Tell where the file's own totals are not what was read."""
        self._compare("NumberOfEntries", self._count * 100, "transactions")
        self._compare("TotalDebit", self._debit, "in debit")
        self._compare("TotalCredit", self._credit, "in credit")

    def _compare(self, name: str, read: int, what: str) -> None:
        said = self.announced.get(name)
        if said is not None and amounts.hundredths(said) != read:
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
        posted = posting_date(on, int(period) if period else None, int(year) if year else None, self._span.year_end_month)
        if posted != on:
            self._remarks.often("Vouchers dated outside their period were posted on the last day of it", f"{number} of {on}: {posted}")
        if not self._span.first <= posted <= self._span.last:
            self._remarks.often("Vouchers outside the span that the file says it covers were loaded too", f"{number}: {posted}")
        return posted

    def _line(self, element: Element, entered_on: date) -> LineRow:
        told, sided = texts(element), [(_SIDES[stripped(one)], one) for one in element if stripped(one) in _SIDES]
        if not sided:
            raise ValueError("a line has neither DebitAmount nor CreditAmount")
        for sign, one in sided:
            self._total(sign, amounts.hundredths(required(texts(one), "Amount")))
        amount = sum(sign * amounts.hundredths(text(one, "Amount") or "") for sign, one in sided)
        currency, currency_amount = _currency(sided)
        tax_code, tax_rate, tax_amount = _tax(element, sided[0][0])
        entered = told.get("SystemEntryTime")
        return LineRow(
            account_id=required(told, "AccountID"),
            amount=amount,
            currency=currency,
            currency_amount=currency_amount,
            description=told.get("Description"),
            customer_id=told.get("CustomerID"),
            supplier_id=told.get("SupplierID"),
            tax_code=tax_code,
            tax_rate=tax_rate,
            tax_amount=tax_amount,
            quantity=amounts.rounded_hundredths(told["Quantity"]) if "Quantity" in told else None,
            analyses=tuple(_analysis(one, sided[0][0]) for one in children(element, "Analysis")),
            reference=told.get("ReferenceNumber") or told.get("SourceDocumentID"),
            kid=told.get("CID"),
            due=amounts.day(told["DueDate"]) if "DueDate" in told else None,
            cross_reference=told.get("CrossReference"),
            entered=_instant(entered, entered_on) if entered else None,
            line=element.sourceline,
        )

    def _total(self, sign: int, amount: int) -> None:
        if sign > 0:
            self._debit += amount
        else:
            self._credit += amount


def _currency(sided: list[tuple[int, Element]]) -> tuple[str, int | None]:
    """The currency of the document and its amount; NOK and None where the file gives only the books' own."""
    sign, element = sided[0]
    told = texts(element)
    if "CurrencyAmount" not in told or told.get("CurrencyCode", "NOK") == "NOK":
        return "NOK", None
    return told["CurrencyCode"], sign * amounts.hundredths(told["CurrencyAmount"])


def _tax(line: Element, sign: int) -> tuple[str | None, int | None, int]:
    """Code, rate and amount of the first code; further amounts of the same line are added to it."""
    code: str | None = None
    rate: int | None = None
    amount = 0
    for information in children(line, "TaxInformation"):
        told = texts(information)
        if code is None and "TaxCode" in told:
            code = told["TaxCode"]
            rate = amounts.rounded_hundredths(told["TaxPercentage"]) if "TaxPercentage" in told else None
        if told.get("TaxCode", code) == code:
            amount += _sided(information, _TAX_SIDES, "TaxAmount", sign) or 0
    return code, rate, amount


def _analysis(element: Element, sign: int) -> tuple[str, str, int | None]:
    told = texts(element)
    amount = _sided(element, _ANALYSIS_SIDES, "AnalysisAmount", sign)
    return required(told, "AnalysisType"), required(told, "AnalysisID"), amount


def _sided(element: Element, sides: dict[str, int], unsided: str, sign: int) -> int | None:
    """The amount of a structure: 1.30 says its side; before, it is on the line's side (`sign`)."""
    for one in element:
        name = stripped(one)
        if name in sides or name == unsided:
            return sides.get(name, sign) * amounts.hundredths(required(texts(one), "Amount"))
    return None


def _midnight(on: date | None) -> datetime | None:
    return amounts.midnight(on) if on is not None and on.year > 1900 else None


def _instant(entered: str, on: date) -> datetime | None:
    value = amounts.instant(entered, on=on) if on.year > 1900 else None
    return value if value is not None and value.year > 1900 else None
