"""Sheets as a page shows them: figures as text, each with the address of its postings, and charts as shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from tieout.portal.reports.sheets import Chart, Column, Line, Sheet
from tieout.portal.templatetags.figures import amount, count
from tieout.portal.templatetags.marks import day

LINES_A_PAGE = 200
WIDTH, HEIGHT, FOOT, HEAD = 480, 180, 22, 18


def shown(sheet: Sheet, company: str, *, page: int = 1, as_of: int | None = None) -> dict[str, Any]:
    """What a template needs of a sheet of a company's or group's figures. Totals stand on every page, and are of all of them.

    `as_of` is the number of the sync whose end is looked at: its addresses lead to then.
    """
    more = {"as_of": as_of} if as_of is not None else {}
    plain = [line for line in sheet.lines if line.style != "total"]
    pages = Paginator(plain, LINES_A_PAGE)
    at = pages.get_page(page)
    return {
        "title": sheet.title,
        "label": sheet.label,
        "columns": sheet.columns,
        "lines": [_line(line, sheet.columns, company, more) for line in at.object_list],
        "totals": [_line(line, sheet.columns, company, more) for line in sheet.lines if line.style == "total"],
        "notes": sheet.notes,
        "legend": sheet.legend,
        "charts": [drawn(chart) for chart in sheet.charts],
        "page": at,
    }


def text_of(value: Any, kind: str) -> str:
    """A value as people read it in the language of the page; empty for none."""
    if value is None or value == "":
        return ""
    if kind == "amount":
        return amount(value)
    if kind == "share":
        return amount(round(value * 100, 1), 1)
    if kind == "count":
        return count(value)
    return day(value) if kind == "date" else str(value)


def _line(line: Line, columns: Sequence[Column], company: str, more: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": line.label,
        "style": line.style,
        "address": f"{line.address}?{urlencode(more)}" if line.address and more else line.address,
        "cells": [
            {
                "text": text_of(line.values.get(column.name), column.kind),
                "is_figure": column.is_figure,
                "address": _address(line, column, company, more),
            }
            for column in columns
        ],
    }


def _address(line: Line, column: Column, company: str, more: Mapping[str, Any]) -> str:
    """Where the postings of a figure are; empty for a figure that no set of postings makes, or that is nothing."""
    if line.what is None or column.where is None or not line.values.get(column.name):
        return ""
    what = {name: value for name, value in line.what.items() if name not in column.without}
    values = {"company": company} | dict(column.where) | what | dict(more)
    return f"{reverse(column.page)}?{urlencode({name: value for name, value in values.items() if value != ''})}"


def drawn(chart: Chart) -> dict[str, Any]:
    """A bar chart's shapes, in a box of WIDTH and HEIGHT: the page's SVG needs neither script nor style of its own."""
    highest = max([bar.value for bar in chart.bars] + [Decimal(0)])
    lowest = min([bar.value for bar in chart.bars] + [Decimal(0)])
    span = (highest - lowest) or Decimal(1)
    scale = (HEIGHT - FOOT - HEAD) / float(span)
    base = HEAD + float(highest) * scale
    step = WIDTH / max(len(chart.bars), 1)
    bars = [
        {
            "x": f"{number * step + step * 0.18:.1f}",
            "y": f"{base - max(float(bar.value), 0) * scale:.1f}",
            "width": f"{step * 0.64:.1f}",
            "height": f"{abs(float(bar.value)) * scale:.1f}",
            "middle": f"{(number + 0.5) * step:.1f}",
            "is_negative": bar.value < 0,
            "label": bar.label,
            "text": short(bar.value),
            "text_y": f"{base - float(bar.value) * scale + (12 if bar.value < 0 else -5):.1f}",
            "exact": amount(bar.value),
        }
        for number, bar in enumerate(chart.bars)
    ]
    return {
        "title": chart.title,
        "bars": bars,
        "base": f"{base:.1f}",
        "width": WIDTH,
        "height": HEIGHT + (14 if lowest < 0 else 0),
        "foot": HEIGHT - 4 + (14 if lowest < 0 else 0),
    }


def short(value: Decimal) -> str:
    """A figure short enough to stand on a bar: "1.2 m", "340 k", "12"."""
    size = abs(value)
    if size >= 1_000_000:
        return _("%(n)s m") % {"n": amount(round(value / 1_000_000, 1), 1)}
    if size >= 1_000:
        return _("%(n)s k") % {"n": amount(round(value / 1000), 0)}
    return amount(round(value), 0)
