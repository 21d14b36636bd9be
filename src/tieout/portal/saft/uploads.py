"""A company's grouping codes as a table: to be looked through in a spreadsheet, and given back whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tieout.portal.saft.queries import Mapped
from tieout.reports.saft import Grouping
from tieout.reports.saft.grouping import of_code
from tieout.reports.uploaded import Cell, Problem, Row, UploadError
from tieout.warehouse.browse import harmless

HEAD = ("account_no", "account_name", "category", "code", "confirmed")
WANTED = ("account no", "code")


def table(mapped: Iterable[Mapped]) -> str:
    """CSV with a line an account; `confirmed` is no where the rule chose."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEAD)
    for one in mapped:
        told = "yes" if one.grouping.is_confirmed else "no"
        writer.writerow((one.account_no, harmless(one.name), one.grouping.category, one.grouping.code, told))
    return file.getvalue()


def groupings(rows: Sequence[Row], known: set[int]) -> dict[int, Grouping]:
    """What a table confirms, by account: its rows but those that say `no`. All of it or nothing. Raises UploadError."""
    missing = [name for name in WANTED if name not in rows[0].cells]
    if missing:
        raise UploadError([Problem(row=0, kind="no_columns", facts={"columns": ", ".join(missing)})])
    chosen, problems = dict[int, Grouping](), list[Problem]()
    for row in rows:
        number, code = _text(row.cells.get("account no", "")), _text(row.cells.get("code", ""))
        grouping = of_code(code)
        if not number.isdigit() or int(number) not in known:
            problems.append(Problem(row=row.number, kind="unknown_account", facts={"given": number}))
        elif int(number) in chosen:
            problems.append(Problem(row=row.number, kind="grouping_twice", facts={"account": number}))
        elif grouping is None or _contradicts(row, grouping):
            problems.append(Problem(row=row.number, kind="grouping_code", facts={"given": code}))
        elif _text(row.cells.get("confirmed", "")).casefold() not in ("no", "nei"):
            chosen[int(number)] = grouping
    if problems:
        raise UploadError(problems)
    return chosen


def _contradicts(row: Row, grouping: Grouping) -> bool:
    return _text(row.cells.get("category", "")) not in ("", grouping.category)


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return str(int(cell))
    return str(cell).strip()
