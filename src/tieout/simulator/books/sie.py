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
from tieout.simulator.books.loading.source import BooksFile
from tieout.simulator.books.model import Address

_MOST_BYTES = 512 * 1024**2
_QUOTED = r'"((?:\\"|[^"])*)"'
_FIELD = re.compile(_QUOTED + r'|(\{(?:"(?:\\"|[^"])*"|[^}"])*\})|([^\s"{}]+)')
_WORD = re.compile(_QUOTED + r'|([^\s"{}]+)')
_TYPES = {"T": "Asset", "S": "Liability", "K": "Expense", "I": "Income"}
_SLOTS = {"1": "department", "6": "project"}
_ENCODINGS = {"PC8": "cp437", "UTF8": "utf-8", "UTF-8": "utf-8", "LATIN1": "latin-1", "LATIN-1": "latin-1",
              "ISO8859-1": "latin-1", "ISO-8859-1": "latin-1", "ANSI": "cp1252", "WINDOWS-1252": "cp1252"}  # fmt: skip

Fields = list[str]


def read(file: BooksFile) -> Content:
    """All of a SIE 4 file. Raises BooksFileError naming the line."""
    with file.open() as stream:
        raw = stream.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise BooksFileError("is larger than any SIE file should be. Export one year at a time.", file=file.name)
    reader = _Reader(file.name)
    reader.read(_text(raw, file.name))
    return reader.content()


def _text(raw: bytes, name: str) -> str:
    said = re.search(rb"(?im)^\s*#FORMAT\s+\"?([\w-]+)", raw[:4096])
    wanted = said.group(1).decode("ascii").upper() if said else "PC8"
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else _ENCODINGS.get(wanted)
    if encoding is None:
        raise BooksFileError(f"#FORMAT {wanted} is no encoding of SIE. Export the file with #FORMAT PC8.", file=name)
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BooksFileError(f"is not {wanted}, as it says it is. Export it again.", file=name, line=line) from None


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
            "{": self._begin,
            "}": self._end,
        }  # fmt: skip
        for tag in ("#FNAMN", "#ORGNR", "#ADRESS", "#VALUTA"):
            self._kinds[tag] = partial(self.company.__setitem__, tag)

    def read(self, text: str) -> None:
        for self.line, row in enumerate(re.split(r"\r\n|\n|\r", text), 1):
            stripped = row.strip().strip("\x1a")
            if stripped:
                tag, *rest = stripped.split(None, 1)
                self._read_line(tag.upper(), rest[0] if rest else "")
        if self.open is not None:
            raise self._error("ends in the middle of a voucher. The file was cut off; export it again.")

    def _read_line(self, tag: str, rest: str) -> None:
        handle = self._kinds.get(tag)
        if handle is None:
            self._pass_over(tag)
            return
        try:
            handle(_fields(rest))
        except (ValueError, IndexError) as error:
            reason = str(error) if isinstance(error, ValueError) else "something is missing"
            raise self._error(f"{tag} can't be read: {reason}. The file is damaged; export it again.") from None

    def content(self) -> Content:
        if self.year is None:
            raise BooksFileError(
                "has no #RAR 0, so its year is not known. Export a whole year as SIE 4E.", file=self.file
            )
        address = self._field("#ADRESS")
        self.remarks.tell(f"Amounts are taken as NOK; the file's currency is {self._field('#VALUTA', 'SEK')[0]}.")
        return Content(
            format="SIE 4",
            name=self._field("#FNAMN", "")[0] or "Company without a name",
            organisation_number=self._field("#ORGNR", "")[0] or None,
            first_day=self.year[0],
            last_day=self.year[1],
            year_end_month=self.year[1].month,
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

    def _field(self, tag: str, default: str | None = None) -> Fields:
        return self.company.get(tag) or ([] if default is None else [default])

    def _error(self, what: str) -> BooksFileError:
        return BooksFileError(what, file=self.file, line=self.line)

    def _pass_over(self, tag: str) -> None:
        """A reader must skip kinds it doesn't know; but what is no SIE line at all, or stands in a voucher, means damage."""
        if not tag.startswith("#"):
            raise self._error("is no line of SIE. The file is damaged; export it again.")
        if self.open is not None and tag not in ("#RTRANS", "#BTRANS"):
            raise self._error(f"{tag} stands inside a voucher. The file is damaged; export it again.")

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
            self._account(fields[1]).opening = amounts.hundredths(fields[2])

    def _closing(self, fields: Fields) -> None:
        if fields[0] == "0":
            self._account(fields[1]).closing = amounts.hundredths(fields[2])

    def _result(self, fields: Fields) -> None:
        if fields[0] == "0":
            self._account(fields[1]).result = amounts.hundredths(fields[2])

    def _movement(self, fields: Fields) -> None:
        """The month's movement. Those per object repeat parts of the account's own."""
        if fields[0] == "0" and not _objects(fields[3]):
            month = fields[1]
            self.monthly[fields[2], int(month[:4]), int(month[4:6])] = amounts.hundredths(fields[4])

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
        series, number, on = fields[0], fields[1], amounts.day(fields[2])
        text, registered = (*fields[3:5], "", "")[:2]
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

    def _begin(self, _: Fields) -> None:
        if not self.vouchers or self.open is not None:
            raise self._error("a brace opens without a voucher. The file is damaged; export it again.")
        self.open = self.vouchers[-1]

    def _end(self, _: Fields) -> None:
        self.open = None

    def _posting(self, fields: Fields) -> None:
        if self.open is None:
            raise self._error("#TRANS stands outside a voucher. The file is damaged; export it again.")
        on, text, quantity = (*fields[3:6], "", "", "")[:3]
        self.open.lines.append(
            LineRow(
                account_id=fields[0],
                amount=amounts.hundredths(fields[2]),
                description=_described(text or self.open.description or "", on, self.open.date),
                quantity=amounts.rounded_hundredths(quantity) if quantity else None,
                analyses=tuple((dimension, key, None) for dimension, key in _objects(fields[1])),
                line=self.line,
            )
        )


def _fields(row: str) -> Fields:
    """The words of a line. Raises ValueError where quotes or braces don't close."""
    if _FIELD.sub("", row).strip():
        raise ValueError("a quotation mark or a brace is not closed")
    return [_unescaped(quoted) if quoted else braces or plain for quoted, braces, plain in _FIELD.findall(row)]


def _unescaped(text: str) -> str:
    return text.replace('\\"', '"')


def _objects(braces: str) -> tuple[tuple[str, str], ...]:
    """The pairs of dimension and object in {1 "x" 6 "y"}."""
    if not braces.startswith("{"):
        raise ValueError(f"{braces[:40]!r} is no list of objects")
    words = [_unescaped(quoted) or plain for quoted, plain in _WORD.findall(braces[1:-1])]
    if len(words) % 2:
        raise ValueError(f"{braces[:40]!r} is no list of pairs")
    return tuple(zip(words[::2], words[1::2], strict=True))


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
