"""Reading SIE 4: a line-based Swedish format, code page 437 unless the file says otherwise. Amounts are taken as NOK."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from tieout.simulator.books.loading import amounts
from tieout.simulator.books.loading.content import AccountRow, Content, DimensionRow, LineRow, PersonRow, VoucherRow
from tieout.simulator.books.loading.errors import BooksFileError
from tieout.simulator.books.loading.remarks import Remarks
from tieout.simulator.books.loading.sie_text import (
    Fields,
    amount_at,
    decoded,
    fields,
    lines,
    objects,
    thousands_mark,
    with_objects,
)
from tieout.simulator.books.loading.source import BooksFile
from tieout.simulator.books.model import Address

_MOST_BYTES = 512 * 1024**2
_TYPES = {"T": "Asset", "S": "Liability", "K": "Expense", "I": "Income"}
_SLOTS = {"1": "department", "6": "project"}


def read(file: BooksFile) -> Content:
    """All of a SIE 4 file. Raises BooksFileError naming the line."""
    with file.open() as stream:
        raw = stream.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise BooksFileError("is larger than any SIE file should be. Export one year at a time.", file=file.name)
    reader = _Reader(file.name)
    reader.read(decoded(raw, reader.remarks))
    return reader.content()


class _Reader:
    """Gathers what the lines say. One method per kind of line that matters here; the others are skipped."""

    def __init__(self, name: str) -> None:
        self.file = name
        self.remarks = Remarks()
        self.company: dict[str, Fields] = {}
        self.year: tuple[date, date] | None = None
        self.accounts: dict[str, AccountRow] = {}
        self.dimension_names: dict[str, str] = {}
        self.dimensions: dict[tuple[str, str], DimensionRow] = {}
        self.monthly: dict[tuple[str, int, int], int] = {}
        self.vouchers: list[VoucherRow] = []
        self.open: VoucherRow | None = None
        self.line = 0
        self._thousands = ""
        self._added: Fields = []  # a posting that was added later, and stands once more as an ordinary one
        self._closed_before: dict[str, int] = {}  # what accounts closed the year before with
        self._kinds: dict[str, Callable[[Fields], None]] = {
            "#SIETYP": self._type,
            "#RAR": self._year,
            "#KONTO": self._account_name,
            "#KTYP": self._account_type,
            "#IB": self._opening,
            "#UB": self._closing,
            "#RES": self._result,
            "#PSALDO": self._movement,
            "#DIM": self._dimension,
            "#UNDERDIM": self._dimension,
            "#OBJEKT": self._object,
            "#VER": self._voucher,
            "#TRANS": self._posting,
            "#RTRANS": self._added_later,
            "{": self._begin,
            "}": self._end,
        }  # fmt: skip
        for tag in ("#FNAMN", "#ORGNR", "#ADRESS", "#VALUTA"):
            self._kinds[tag] = partial(self.company.__setitem__, tag)

    def read(self, text: str) -> None:
        self._thousands = thousands_mark(text)
        if self._thousands:
            self.remarks.tell(f"Amounts as 1{self._thousands}500 are one thousand five hundred in this file.")
        for self.line, row in lines(text):
            tag, *rest = row.split(None, 1)
            self._read_line(tag.upper(), rest[0] if rest else "")
        if self.open is not None:
            raise self._error("ends in the middle of a voucher. The file was cut off; export it again.")

    def _read_line(self, tag: str, rest: str) -> None:
        handle = self._kinds.get(tag)
        if handle is None:
            self._pass_over(tag)
            return
        begins = tag == "#VER" and rest.endswith("{")  # the brace on the voucher's own line
        try:
            handle(self._fields(rest.removesuffix("{") if begins else rest))
            if begins:
                self._begin([])
        except (ValueError, IndexError) as error:
            reason = str(error) if isinstance(error, ValueError) else "something is missing"
            raise self._error(f"{tag} can't be read: {reason}. The file is damaged; export it again.") from None

    def _fields(self, row: str) -> Fields:
        found, is_strict = fields(row)
        if not is_strict:
            self._odd("Quotation marks inside texts are not escaped; they were taken as part of them")
        return found

    def _odd(self, subject: str, what: str = "") -> None:
        self.remarks.often(subject, f"line {self.line}{what and ': '}{what}")

    def content(self) -> Content:
        self._compare_with_last_year()
        first_day, last_day = self.year or self._year_of_vouchers()
        address = self._field("#ADRESS")
        self.remarks.tell(f"Amounts are taken as NOK; the file's currency is {self._field('#VALUTA', 'SEK')[0]}.")
        return Content(
            format="SIE 4",
            name=self._field("#FNAMN", "")[0] or "Company without a name",
            organisation_number=self._field("#ORGNR", "")[0] or None,
            first_day=first_day,
            last_day=last_day,
            year_end_month=last_day.month,
            address=_address(address),
            phone="".join(address[3:4]) or None,
            contacts=_contact(address),
            has_norwegian_chart=False,
            accounts=list(self.accounts.values()),
            dimensions=list(self.dimensions.values()),
            slots=_SLOTS,
            monthly=self.monthly,
            vouchers=self.vouchers,
            remarks=self.remarks,
        )

    def _compare_with_last_year(self) -> None:
        for account_id, closed in self._closed_before.items():
            row = self.accounts.get(account_id)
            opened = row.opening if row else 0
            if opened != closed:
                told = f"{account_id}: {amounts.kroner(opened)} against {amounts.kroner(closed)}"
                self.remarks.often("Accounts that do not open with what the year before closed with", told, most=1000)

    def _field(self, tag: str, default: str | None = None) -> Fields:
        return self.company.get(tag) or ([] if default is None else [default])

    def _year_of_vouchers(self) -> tuple[date, date]:
        """Where no #RAR 0 tells the year: the calendar years of the vouchers."""
        days = [voucher.date for voucher in self.vouchers]
        if not days:
            raise BooksFileError(
                "has no #RAR 0, so its year is not known. Export a whole year as SIE 4E.", file=self.file
            )
        years = date(min(days).year, 1, 1), date(max(days).year, 12, 31)
        self.remarks.tell(f"The file does not say its year (#RAR 0); it was taken to be {years[0]} to {years[1]}.")
        return years

    def _error(self, what: str) -> BooksFileError:
        return BooksFileError(what, file=self.file, line=self.line)

    def _pass_over(self, tag: str) -> None:
        """A reader must skip kinds it doesn't know; what is no SIE line at all, or stands in a voucher, is told."""
        if not tag.startswith("#"):
            self._odd("Lines that are none of SIE were left out", tag[:40])
        elif self.open is not None and tag != "#BTRANS":
            self._odd("Lines inside a voucher that are no postings were left out", tag[:40])

    def _type(self, fields: Fields) -> None:
        if not fields[0].startswith("4"):
            raise self._error(f"is SIE {fields[0]}, which has no vouchers. Export it as SIE 4E.")

    def _year(self, fields: Fields) -> None:
        if fields[0] == "0":
            self.year = amounts.day(fields[1]), amounts.day(fields[2])
            if self.year[1] < self.year[0]:
                raise ValueError("the year ends before it begins")

    def _account(self, account_id: str) -> AccountRow:
        return self.accounts.setdefault(account_id, AccountRow(id=account_id, name=""))

    def _account_name(self, fields: Fields) -> None:
        self._account(fields[0]).name = " ".join(fields[1:2])

    def _account_type(self, fields: Fields) -> None:
        self._account(fields[0]).type = _TYPES.get(fields[1].upper())

    def _opening(self, fields: Fields) -> None:
        if fields[0] == "0":
            row = self._account(fields[1])
            row.opening = self._only(fields, row.opening or None) or 0

    def _closing(self, fields: Fields) -> None:
        if fields[0] == "0":
            row = self._account(fields[1])
            row.closing = self._only(fields, row.closing)
        elif fields[0] == "-1":
            self._closed_before[fields[1]] = self._balance(fields) or 0

    def _result(self, fields: Fields) -> None:
        if fields[0] == "0":
            row = self._account(fields[1])
            row.result = self._only(fields, row.result)

    def _only(self, fields: Fields, before: int | None) -> int | None:
        """The balance of a line. An account has one of each kind; of several the last is taken, and that is told."""
        balance = self._balance(fields)
        if before not in (None, balance):
            self._odd("Balances that stand twice with different amounts: the last one counts", fields[1])
        return balance

    def _movement(self, fields: Fields) -> None:
        """The month's movement. Those per object repeat parts of the account's own."""
        given = with_objects(fields, 3)
        if given[0] == "0" and not objects(given[3])[0]:
            month = given[1]
            amount = self._balance(given, 4)
            if amount is not None:
                self.monthly[given[2], int(month[:4]), int(month[4:6])] = amount

    def _balance(self, fields: Fields, place: int = 2) -> int | None:
        """A published amount in øre. One that is left empty is none that the books could miss, and is told."""
        amount, _ = amount_at(fields, place, finer=self.remarks.finer, thousands=self._thousands)
        if amount is None:
            self._odd("Balances without an amount were left out", " ".join(fields[:place]))
        return amount

    def _dimension(self, fields: Fields) -> None:
        self.dimension_names[fields[0]] = fields[1]

    def _object(self, fields: Fields) -> None:
        dimension, key, name = fields[0], fields[1], " ".join(fields[2:3])
        self.dimensions[dimension, key] = DimensionRow(
            type=dimension, id=key, name=name or key, type_name=self.dimension_names.get(dimension, "")
        )

    def _voucher(self, fields: Fields) -> None:
        if self.open is not None:
            raise self._error("a voucher begins inside another one. The file is damaged; export it again.")
        series, number, day, text, registered = (*fields, *[""] * 5)[:5]
        on = self._day(day)
        self.vouchers.append(
            VoucherRow(
                key=f"{series}/{number}/{self.line}",
                number=number,
                date=on,
                posting_date=on,
                description=text or None,
                entered=amounts.midnight(amounts.day(registered)) if registered else None,
                line=self.line,
            )
        )

    def _day(self, text: str) -> date:
        """A voucher's day; where the calendar has none such, that of the voucher before, else the year's first."""
        try:
            return amounts.day(text)
        except ValueError:
            if not self.vouchers and self.year is None:
                raise
        on = self.vouchers[-1].date if self.vouchers else (self.year or (date.min,))[0]
        self._odd("Vouchers without a day that there is were put on the day of the one before", on.isoformat())
        return on

    def _begin(self, _: Fields) -> None:
        if not self.vouchers or self.open is not None:
            raise self._error("a brace opens without a voucher. The file is damaged; export it again.")
        self.open = self.vouchers[-1]

    def _end(self, _: Fields) -> None:
        self._tell_if_left_out()
        self.open = None

    def _added_later(self, fields: Fields) -> None:
        """An ordinary line that says the same follows at once, for programs that know no other."""
        self._tell_if_left_out()
        self._added = with_objects(fields, 1)[:3]

    def _tell_if_left_out(self) -> None:
        if self._added:
            self._odd(
                "Postings added later (#RTRANS) without a #TRANS that says the same were left out", self._added[0]
            )
        self._added = []

    def _posting(self, fields: Fields) -> None:
        if self.open is None:
            raise self._error("#TRANS stands outside a voucher. The file is damaged; export it again.")
        if with_objects(fields, 1)[:3] == self._added:
            self._added = []
        self._tell_if_left_out()
        amount, given = amount_at(
            with_objects(fields, 1), 2, finer=self.remarks.finer, thousands=self._thousands, is_grouped=True
        )
        if amount is None:
            self._odd("Postings without an amount were taken as zero", given[0])
        analyses, are_pairs = objects(given[1])
        if not are_pairs:
            self._odd("Objects without a dimension, or dimensions without an object, were left out", given[1])
        on, text, quantity = (*given[3:6], "", "", "")[:3]
        self.open.lines.append(
            LineRow(
                account_id=given[0],
                amount=amount or 0,
                description=_described(text or self.open.description or "", on, self.open.date),
                quantity=amounts.rounded_hundredths(quantity) if quantity else None,
                analyses=tuple((dimension, key, None) for dimension, key in analyses),
                line=self.line,
            )
        )


def _described(text: str, own_day: str, voucher_day: date) -> str | None:
    """The line's text; its own day is kept there, since it is posted on the voucher's."""
    if own_day and (day := amounts.day(own_day)) != voucher_day:
        text = f"{text} ({day.isoformat()})".strip()
    return text or None


def _address(fields: Fields) -> Address:
    street, place = (*fields[1:3], "", "")[:2]
    found = re.match(r"(?:SE?-)?(\d{3} ?\d{2})\s+(.+)", place)
    zip_code, city = found.groups() if found else (None, place)
    return Address(line1=street or None, zip_code=zip_code, city=city or None, country="SE")


def _contact(fields: Fields) -> list[PersonRow]:
    first, _, last = (fields[0] if fields else "").strip().rpartition(" ")
    return [PersonRow(first_name=first, last_name=last, phone="".join(fields[3:4]) or None)] if last else []
