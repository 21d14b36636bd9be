"""Layouts and budgets as workbooks that can be changed and given again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.http import HttpResponse

from tieout.portal.reports.choice import plus
from tieout.portal.reports.files import TYPES
from tieout.portal.reports.reading import Row
from tieout.warehouse.layouts import OwnLine

LINE_HEAD = ("statement", "order", "line", "accounts", "sign", "sum from")
BUDGET_HEAD = ("account", "name", "month", "department", "project", "amount")


def accounts_text(line: OwnLine) -> str:
    """A line's accounts as people write them: 3000-3999, 4500."""
    return ", ".join(
        "result" if not last else str(first) if first == last else f"{first}-{last}" for first, last in line.ranges
    )


def cells_of(line: OwnLine) -> dict[str, Any]:
    """A line as a row of a table; the order of keys is LINE_HEAD's."""
    values = (
        line.statement.replace("_", " "),
        line.position,
        line.name,
        accounts_text(line),
        "debit" if line.sign == 1 else "credit",
        line.sums_from if line.sums_from is not None else "",
    )
    return dict(zip(LINE_HEAD, values, strict=True))


def lines_workbook(lines: Iterable[OwnLine]) -> bytes:
    """A layout's lines."""
    return _workbook(LINE_HEAD, [tuple(cells_of(line).values()) for line in lines], widths=(18, 8, 38, 44, 9, 10))


def budget_workbook(rows: Sequence[Row], accounts: Sequence[Row], first: date) -> bytes:
    """A budget as it was given, report sign; before there is one, every account with a column a month, empty."""
    if rows:
        told = [
            (r["account_no"], r["account_name"] or "", f"{r['month']:%Y-%m}", r["department_code"] or "",
             r["project_code"] or "", r["amount"])
            for r in rows
        ]  # fmt: skip
        return _workbook(BUDGET_HEAD, told, widths=(10, 38, 10, 12, 12, 14))
    months = [f"{plus(first, number):%Y-%m}" for number in range(12)]
    empty = [(r["account_no"], r["account_name"] or "", *[""] * 12) for r in accounts]
    return _workbook(("account", "name", *months), empty, widths=(10, 38, *[11] * 12))


def _workbook(head: Sequence[str], rows: Iterable[Sequence[Any]], *, widths: Sequence[int]) -> bytes:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, bold = book.add_worksheet("Tieout"), book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    for at, (title, width) in enumerate(zip(head, widths, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, title, bold)
    for number, row in enumerate(rows, start=1):
        for at, value in enumerate(row):
            if isinstance(value, Decimal):
                page.write_number(number, at, float(value), money)  # Excel has no other numbers
            elif isinstance(value, int):
                page.write_number(number, at, value)
            elif value != "":
                page.write_string(number, at, str(value))
    page.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def answer(data: bytes, name: str) -> HttpResponse:
    """A workbook to save under a name of ours."""
    response = HttpResponse(data, content_type=TYPES["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
