"""A table that a person uploads, .xlsx or .csv, as rows of cells; what is wrong is told by row, and nothing is guessed."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO
from typing import Any, TypeAlias

import openpyxl

Cell: TypeAlias = str | Decimal | date  # "" for an empty one
MOST_ROWS = 50_000
MOST_UNPACKED = 100 * 1024 * 1024  # bytes of a workbook once unpacked
_NOISE = Decimal("1e-9")  # of binary floats, in which a workbook keeps numbers
_PLAIN = re.compile(r"-?\d+(?:[.,]\d{1,2}|[.,]\d{4})?")
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d{1,4}|-?\d{1,3}(?:,\d{3})+\.\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a row as the file counts it (the head is row 1); row 0 is about the whole.

    `kind` has a text in the portal.
    """

    row: int
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class UploadError(Exception):
    """Nothing of an upload was taken. `problems` say why, by row."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(f"{one.row}: {one.kind}" for one in problems[:5]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` by the name of their column, in lower case."""

    number: int
    cells: Mapping[str, Cell]


def table_of(data: bytes, name: str) -> list[Row]:
    """The first sheet's rows below its head, empty ones left out. Raises UploadError."""
    rows = _workbook(data) if name.lower().endswith(".xlsx") else _text(data)
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    if len(numbered) < 2:
        raise UploadError([Problem(row=0, kind="no_rows")])
    if len(numbered) > MOST_ROWS:
        raise UploadError([Problem(row=0, kind="too_many_rows", facts={"most": MOST_ROWS})])
    head = [_head(cell) for cell in numbered[0][1]]
    return [
        Row(number, {title: cell for title, cell in zip(head, row, strict=False) if title})
        for number, row in numbered[1:]
    ]


def _head(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    return " ".join(str(cell).replace("_", " ").lower().split())


def _workbook(data: bytes) -> Iterator[list[Cell]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise UploadError([Problem(row=0, kind="too_large")])
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2)]
    except UploadError:
        raise
    except Exception as error:  # whatever a file that is none makes the reader stumble over
        raise UploadError([Problem(row=0, kind="no_workbook")]) from error
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _exact(Decimal(repr(value)))
    return str(value).strip()


def _exact(number: Decimal) -> Decimal:
    """A workbook's number without the noise of binary floats; one with more decimals than four stays as it is."""
    if not number.is_finite():
        return number
    rounded = number.quantize(Decimal("0.0001")) if abs(number) < Decimal("1e14") else number
    return rounded.normalize() if abs(rounded - number) <= _NOISE * max(abs(number), Decimal(1)) else number


def _text(data: bytes) -> Iterator[list[Cell]]:
    if b"\x00" in data:
        raise UploadError([Problem(row=0, kind="no_table")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # as Excel saves CSV where nothing else is chosen
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return iter([[cell.strip() for cell in row] for row in csv.reader(StringIO(text), delimiter=delimiter)])
    except csv.Error as error:
        raise UploadError([Problem(row=0, kind="no_table")]) from error


def number_of(cell: Cell) -> Decimal | None:
    """An amount: exact, at most four decimals. None for anything else, also for "1,234", which may mean two things."""
    if isinstance(cell, Decimal):
        found = cell
    elif isinstance(cell, date):
        return None
    else:
        plain = re.sub(r"[\s\u00a0\u202f']", "", cell).replace("−", "-")
        if _GROUPED.fullmatch(plain):
            mark = max("., ".strip(), key=plain.rfind)
            plain = plain.replace("," if mark == "." else ".", "").replace(",", ".")
        elif not _PLAIN.fullmatch(plain):
            return None
        try:
            found = Decimal(plain.replace(",", "."))
        except InvalidOperation:
            return None
    fits = found.is_finite() and abs(found) < Decimal("1e14") and found == found.quantize(Decimal("0.0001"))
    return found if fits else None


def whole_of(cell: Cell) -> int | None:
    """A whole number of at most 15 digits; None for anything else."""
    text = str(cell) if not isinstance(cell, Decimal) else format(cell, "f")
    return int(text) if re.fullmatch(r"-?\d{1,15}", text) else None


def month_of(cell: Cell) -> date | None:
    """The first day of a month written as a date, "2026-01", "01.2026" or "1/2026"; None for anything else."""
    if isinstance(cell, date):
        return cell.replace(day=1)
    text = str(cell).strip()
    found = re.fullmatch(r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-\d{1,2})?", text) or re.fullmatch(
        r"(?:\d{1,2}\.)?(?P<month>\d{1,2})[./](?P<year>\d{4})", text
    )
    if not found or not 1 <= int(found["month"]) <= 12 or not 1990 <= int(found["year"]) <= 2100:
        return None
    return date(int(found["year"]), int(found["month"]), 1)


def text_of(cell: Cell) -> str:
    """A cell as a person would write it: 10 for the number 10, 3000-3999 as it stands."""
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()


def renamed(rows: Sequence[Row], names: Mapping[str, Sequence[str]]) -> list[Row]:
    """Rows with columns under the names that we know, whichever of the words for them (in lower case) the file used."""
    known = {word: name for name, words in names.items() for word in (name, *words)}
    return [Row(row.number, {known.get(title, title): cell for title, cell in row.cells.items()}) for row in rows]


def need_columns(rows: Sequence[Row], *names: str) -> None:
    """Raises UploadError where the head lacks one of them."""
    missing = [name for name in names if name not in rows[0].cells]
    if missing:
        raise UploadError([Problem(row=1, kind="no_columns", facts={"columns": ", ".join(missing)})])
