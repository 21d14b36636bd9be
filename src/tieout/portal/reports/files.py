"""Reports as files: CSV, Excel and PDF, each with whose books, which span, how fresh and what the verdict is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from textwrap import wrap
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from tieout.portal.certificates.sheet import Pages
from tieout.portal.reports.catalog import Report
from tieout.portal.reports.choice import Choice
from tieout.portal.reports.sheets import Column, Line, Sheet
from tieout.portal.reports.shown import text_of
from tieout.portal.reports.status import Status
from tieout.portal.templatetags.marks import day, exact
from tieout.portal.templatetags.marks import verdict as verdict_mark
from tieout.warehouse.browse import harmless

WIDTH = 16  # of a column of figures, in characters
FORMATS = {"amount": "#,##0.00;[Red]-#,##0.00", "share": "0.0%", "count": "#,##0", "date": "yyyy-mm-dd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a file says before its figures."""

    report: Report
    choice: Choice
    status: Status

    def facts(self) -> list[tuple[str, str]]:
        """Names and values, in order."""
        choice, status = self.choice, self.status
        facts = [
            (_("Report"), str(self.report.title)),
            (_("Company"), choice.company_title),
            (_("Period"), day(choice.at) if self.report.is_of_a_day else choice.title),
            (pgettext("a period", "Compared with"), choice.before_title if self.report.is_compared else ""),
            (_("Report lines"), choice.layout_title),
            (_("Currency"), status.currency),
            (pgettext("figures", "As of"), exact(status.as_of)),
            (_("As it was at"), choice.moment.title if choice.moment else ""),
            (_("Not in these figures"), ", ".join(choice.missing)),
            (_("Verdict"), verdict_word(status)),
            (_("Sign"), str(self.report.sign)),
        ]
        return [(name, value) for name, value in facts if value]


def verdict_word(status: Status) -> str:
    """The verdict as a word, with when it was given."""
    word = str(verdict_mark(status.verdict)).partition(">")[2].partition("<")[0]
    return f"{word}, {exact(status.verdict_at)}" if status.verdict_at else word


def as_csv(cover: Cover, sheets: Sequence[Sheet]) -> bytes:
    """The sheets one below another; amounts exact with a point, texts that no spreadsheet takes for formulas."""
    text = StringIO()
    writer = csv.writer(text)
    for sheet in sheets:
        writer.writerow([sheet.label, *(column.title for column in sheet.columns)])
        for line in sheet.lines:
            writer.writerow([harmless(line.label), *(_plain(line.values.get(c.name)) for c in sheet.columns)])
        writer.writerow([])
    if cover.choice.moment:
        writer.writerow([_("As it was at"), harmless(cover.choice.moment.title)])
    if cover.choice.missing:
        writer.writerow([_("Not in these figures"), *map(harmless, cover.choice.missing)])
    return text.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return (
        value.isoformat() if isinstance(value, date) else harmless(str(value)) if isinstance(value, str) else str(value)
    )


def as_xlsx(cover: Cover, sheets: Sequence[Sheet]) -> bytes:
    """A workbook: what it is on the first sheet, then each part on its own, totals as formulas that carry their values."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    front = book.add_worksheet(_("About")[:31])
    front.set_column(0, 0, 16)
    front.set_column(1, 1, 70, book.add_format({"text_wrap": True, "valign": "top"}))
    front.fit_to_pages(1, 0)  # else names and values are printed on pages of their own
    front.set_paper(9)  # A4
    for row, (name, value) in enumerate(cover.facts()):
        front.write_string(row, 0, name, bold)
        front.write_string(row, 1, value)
    notes = [note for sheet in sheets for note in (*sheet.notes, sheet.legend) if note]
    for row, note in enumerate(notes, start=len(cover.facts()) + 1):
        front.write_string(row, 1, note)
    for sheet in sheets:
        _Worksheet(book, sheet).write()
    book.close()
    return file.getvalue()


class _Worksheet:
    """One sheet of a workbook while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._page = book.add_worksheet(sheet.title[:31])
        self._rows = {line.key: row for row, line in enumerate(sheet.lines, start=1) if line.key}
        self._formats: dict[tuple[str, str], Any] = {}

    def write(self) -> None:
        """Head, lines, widths, and the print settings."""
        columns = self._sheet.columns
        look = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        head, of_figures = self._book.add_format(look), self._book.add_format({**look, "align": "right"})
        self._page.write_string(0, 0, self._sheet.label, head)
        for at, column in enumerate(columns, start=1):
            self._page.write_string(0, at, str(column.title), of_figures if column.is_figure else head)
        # Excel makes room for a title of two lines by itself, LibreOffice does not.
        self._page.set_row(0, 15 * max([len(wrap(str(column.title), WIDTH - 2)) for column in columns] + [1]))
        for row, line in enumerate(self._sheet.lines, start=1):
            self._line(row, line)
        longest = max([len(line.label) for line in self._sheet.lines] + [12])
        self._page.set_column(0, 0, min(longest + 2, 50))
        self._page.set_column(1, max(len(columns), 1), WIDTH)
        self._page.freeze_panes(1, 1)
        self._page.repeat_rows(0)
        self._page.set_landscape()
        self._page.fit_to_pages(1, 0)
        self._page.set_paper(9)  # A4

    def _line(self, row: int, line: Line) -> None:
        self._page.write_string(row, 0, line.label, self._format("label", line.style))
        for at, column in enumerate(self._sheet.columns, start=1):
            self._cell(row, at, line, column)

    def _cell(self, row: int, at: int, line: Line, column: Column) -> None:
        value, style = line.values.get(column.name), self._format(column.kind, line.style)
        if value is None:
            self._page.write_blank(row, at, None, style)
        elif line.adds and column.kind == "amount" and column.is_added:
            # Excel keeps numbers as binary floats, and so does its file: the one place where an amount becomes one.
            self._page.write_formula(row, at, self._formula(line, at), style, float(value))
        elif column.is_figure:
            self._page.write_number(row, at, float(value), style)
        elif isinstance(value, date):
            self._page.write_datetime(row, at, value, style)
        else:
            self._page.write_string(row, at, str(value), style)

    def _formula(self, line: Line, at: int) -> str:
        """Sums of runs of rows with one sign: `=SUM(B2:B9)-SUM(B12:B14)`."""
        terms = []
        for sign, first, last in runs([(sign, self._rows[key]) for sign, key in line.adds]):
            terms.append(("-" if sign < 0 else "+") + f"SUM({xl_range(first, at, last, at)})" if last > first
                         else ("-" if sign < 0 else "+") + xl_rowcol_to_cell(first, at))  # fmt: skip
        return "=" + "".join(terms).removeprefix("+")

    def _format(self, kind: str, style: str) -> Any:
        if (kind, style) not in self._formats:
            told: dict[str, Any] = {"num_format": FORMATS[kind]} if kind in FORMATS else {}
            told |= {"bold": True} if style in ("sum", "total") else {}
            told |= {"top": 1, "bottom": 6} if style == "total" else {}
            told |= {"indent": 1} if style == "detail" and kind == "label" else {}
            self._formats[kind, style] = self._book.add_format(told)
        return self._formats[kind, style]


def runs(rows: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Rows that lie next to each other and have one sign, as sign, first and last."""
    sign = first = last = 0
    for one, row in sorted(rows, key=lambda pair: pair[1]):
        if first and one == sign and row == last + 1:
            last = row
            continue
        if first:
            yield sign, first, last
        sign, first, last = one, row, row
    if first:
        yield sign, first, last


def as_pdf(cover: Cover, sheets: Sequence[Sheet]) -> bytes:
    """A4 pages to file or to send."""
    title = str(cover.report.title)
    pages = Pages(f"{title} · {cover.choice.company_title} · {cover.choice.title}")
    pages.set_title(f"{title}, {cover.choice.company_title}")
    pages.say(title, size=17, bold=True, after=1.5)
    pages.facts(cover.facts()[1:])
    for sheet in sheets:
        pages.head(sheet.title)
        pages.points(sheet.notes)
        columns = sheet.columns
        each = min(30, 128 // max(len(columns), 1))
        heads = [sheet.label, *(column.title for column in columns)]
        widths = [int(pages.epw) - each * len(columns), *[each] * len(columns)]
        align = "L" + "".join("R" if column.is_figure else "L" for column in columns)
        pages.rows(heads, (_texts(line, columns) for line in sheet.lines), widths, align)
    return bytes(pages.output())


def _texts(line: Line, columns: Sequence[Column]) -> list[str]:
    indent = "\u00a0\u00a0\u00a0" if line.style == "detail" else ""
    return [indent + line.label, *(text_of(line.values.get(column.name), column.kind) for column in columns)]


KINDS: dict[str, Callable[[Cover, Sequence[Sheet]], bytes]] = {"csv": as_csv, "xlsx": as_xlsx, "pdf": as_pdf}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
