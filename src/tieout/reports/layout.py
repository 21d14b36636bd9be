"""Own report lines out of the rows of a table: all of them, or what is wrong by row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tieout.reports.uploaded import Problem, Row, UploadError, need_columns, renamed, text_of, whole_of
from tieout.warehouse.layouts import RESULT, OwnLine

COLUMNS = {
    "statement": ("oppstilling", "rapport"),
    "order": ("rekkefølge", "nr", "no", "position"),
    "line": ("linje", "navn", "name"),
    "accounts": ("account", "kontoer", "konto"),
    "sign": ("fortegn",),
    "sum from": ("sums from", "sum fra"),
}
STATEMENTS = {
    "income_statement": ("income statement", "income", "resultat", "resultatregnskap"),
    "balance_sheet": ("balance sheet", "balance", "balanse"),
}
SIGNS = {1: ("debit", "debet", "1", "+1", "+"), -1: ("credit", "kredit", "-1", "−1", "-", "−")}
RESULTS = ("result", "resultat")
LONGEST = 120
_RANGE = re.compile(r"(\d{1,15})(?:\s*[-–]\s*(\d{1,15}))?")


def lines_of(rows: Sequence[Row]) -> tuple[OwnLine, ...]:
    """The lines that a table describes. Raises UploadError with every problem there is."""
    rows = renamed(rows, COLUMNS)
    need_columns(rows, "statement", "order", "line", "accounts", "sign")
    read = [_line(row) for row in rows]
    problems = [problem for _, found in read for problem in found]
    lines = [(row.number, line) for row, (line, _) in zip(rows, read, strict=True) if line is not None]
    problems += [*_twice(lines), *_overlaps(lines), *_sums_of_nothing(lines)]
    if problems:
        raise UploadError(sorted(problems, key=lambda one: one.row))
    return tuple(
        sorted((line for _, line in lines), key=lambda one: (one.statement != "income_statement", one.position))
    )


def _line(row: Row) -> tuple[OwnLine | None, list[Problem]]:
    """A row's line, if all of it can be read, and what can't be."""
    cells = {name: text_of(row.cells.get(name, "")) for name in COLUMNS}
    statement = next((name for name, words in STATEMENTS.items() if cells["statement"].lower() in (name, *words)), None)
    sign = next((sign for sign, words in SIGNS.items() if cells["sign"].lower() in words), None)
    position, sums_from = whole_of(cells["order"]), whole_of(cells["sum from"])
    ranges = _ranges(cells["accounts"], statement)
    wrong = [
        kind
        for kind, is_wrong in (
            ("statement", statement is None),
            ("order", position is None or not 0 < position < 1_000_000),
            ("line_name", not 0 < len(cells["line"]) <= LONGEST),
            ("sign", sign is None),
            ("accounts", ranges is None),
            ("sum_from", bool(cells["sum from"]) and sums_from is None),
            ("accounts_and_sum", bool(cells["accounts"] and cells["sum from"])),
            ("neither_accounts_nor_sum", not cells["accounts"] and not cells["sum from"]),
        )
        if is_wrong
    ]
    if wrong or statement is None or position is None or sign is None:
        return None, [Problem(row=row.number, kind=kind, facts={"given": _given(kind, cells)}) for kind in wrong]
    line = OwnLine(
        statement=statement, position=position, name=cells["line"], sign=sign, ranges=ranges or (), sums_from=sums_from
    )
    return line, []


def _given(kind: str, cells: dict[str, str]) -> str:
    return cells.get({"line_name": "line", "sum_from": "sum from"}.get(kind, kind), "")[:60]


def _ranges(text: str, statement: str | None) -> tuple[tuple[int, int], ...] | None:
    """ "3000-3999, 4500" as pairs, and "result" on a balance sheet; None for what is neither."""
    found = list[tuple[int, int]]()
    for part in re.split(r"[,;]", text) if text else []:
        one = _RANGE.fullmatch(part.strip())
        if part.strip().lower() in RESULTS and statement == "balance_sheet":
            found.append(RESULT)
        elif one and 0 < int(one[1]) <= int(one[2] or one[1]):
            found.append((int(one[1]), int(one[2] or one[1])))
        else:
            return None
    return tuple(sorted(found))


def _twice(lines: Sequence[tuple[int, OwnLine]]) -> Iterator[Problem]:
    seen: dict[tuple[str, int], int] = {}
    for number, line in lines:
        before = seen.setdefault((line.statement, line.position), number)
        if before != number:
            yield Problem(row=number, kind="order_twice", facts={"order": line.position, "other": before})


def _overlaps(lines: Sequence[tuple[int, OwnLine]]) -> Iterator[Problem]:
    """Accounts that two lines of a statement take: each may stand once."""
    taken = sorted((line.statement, *pair, number) for number, line in lines for pair in line.ranges)
    reached = ("", -1, 0)  # the statement, how far its accounts are taken, and by which row
    for statement, first, last, number in taken:
        if statement == reached[0] and first <= reached[1]:
            row, before = max(number, reached[2]), min(number, reached[2])
            yield Problem(
                row=row, kind="account_twice", facts={"account": "result" if not first else str(first), "other": before}
            )
        reached = max(reached, (statement, last, number))


def _sums_of_nothing(lines: Sequence[tuple[int, OwnLine]]) -> Iterator[Problem]:
    """Subtotals that no line with accounts stands in."""
    plain = [(line.statement, line.position) for _, line in lines if line.sums_from is None]
    for number, line in lines:
        if line.sums_from is None:
            continue
        if not any(s == line.statement and line.sums_from <= at < line.position for s, at in plain):
            yield Problem(row=number, kind="sum_of_nothing", facts={"order": line.position, "from": line.sums_from})
