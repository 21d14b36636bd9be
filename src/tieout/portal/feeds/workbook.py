"""A model as an Excel file: real numbers and dates, a head that stays, what was asked on a sheet of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from tieout.warehouse.browse import TableColumn

MOST_ROWS = 1_048_575  # of a sheet, below its head
WIDTHS = {"DATE": 12, "VARCHAR": 28, "UUID": 38}


class TooManyRowsError(Exception):
    """More rows than a sheet of Excel can hold."""


def write(
    folder: Path, name: str, columns: Sequence[TableColumn], rows: Iterable[Sequence[Any]], about: Mapping[str, str]
) -> Path:
    """A new file, which the caller deletes. Raises TooManyRowsError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"feed-{uuid.uuid4()}.xlsx"
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    try:
        with xlsxwriter.Workbook(str(path), options) as book:
            _fill(book, name, columns, rows)
            _tell(book, about)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _fill(book: Any, name: str, columns: Sequence[TableColumn], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name[:31])
    bold, formats = book.add_format({"bold": True, "bottom": 1}), _formats(book)
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, WIDTHS.get(column.type, 16))
        sheet.write_string(0, position, column.name, bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRowsError
        for position, value in enumerate(row):
            _put(sheet, number, position, value, formats)
    sheet.autofilter(0, 0, max(number, 1), max(len(columns) - 1, 0))


def _formats(book: Any) -> Mapping[str, Any]:
    return {
        "money": book.add_format({"num_format": "#,##0.00;[Red]\u2212#,##0.00"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }


def _put(sheet: Any, row: int, column: int, value: Any, formats: Mapping[str, Any]) -> None:
    """Excel's numbers are doubles: amounts to the øre are exact up to fifteen digits, which is all it can show."""
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case Decimal():
            sheet.write_number(row, column, value, formats["money"])
        case int() if abs(value) < 10**15:
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value.astimezone(UTC).replace(tzinfo=None), formats["time"])
        case date():
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001
        case _:
            sheet.write_string(row, column, str(value)[:32_767])


def _tell(book: Any, about: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    for number, (name, text) in enumerate(about.items()):
        sheet.write_string(number, 0, name)
        sheet.write_string(number, 1, text)
