"""What a report is made of, whichever way it is shown: sheets of columns and lines, drawn as page, CSV, Excel or PDF alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`kind` is text, amount, share (0 to 1), count or date. `where`, if given, leads figures to their postings."""

    name: str
    title: str
    kind: str = "amount"
    where: Mapping[str, Any] | None = None
    is_added: bool = True  # a total adds it up
    page: str = "reports:postings"  # where `where` leads
    without: Sequence[str] = ()  # what of a line's `what` is left out there

    @property
    def is_figure(self) -> bool:
        return self.kind in ("amount", "share", "count")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`style` is "", detail, sum or total. `what` says whose postings make its figures; None: no page shows them.

    `adds` are pairs of sign and key of the lines that it is the sum of.
    """

    label: str
    values: Mapping[str, Any]
    key: str = ""
    style: str = ""
    what: Mapping[str, Any] | None = None
    adds: Sequence[tuple[int, str]] = ()
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart: what it stands for, and how much."""

    label: str
    value: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars of one measure; the sheet beside it is its table."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One part of a report."""

    title: str
    label: str  # head of the first column
    columns: Sequence[Column]
    lines: Sequence[Line]
    charts: Sequence[Chart] = ()
    notes: Sequence[str] = field(default_factory=tuple)  # what to beware of
    legend: str = ""  # what its columns are


def totalled(
    title: str, columns: Sequence[Column], lines: Sequence[Line], *, what: Mapping[str, Any] | None = None
) -> Line:
    """The line that adds all others up."""
    return Line(
        label=title,
        values={
            column.name: sum((line.values[column.name] or ZERO for line in lines), ZERO)
            for column in columns
            if column.is_added and column.kind in ("amount", "count")
        },
        style="total",
        what=what,
        adds=[(1, line.key) for line in lines],
    )


def share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """`part` of `whole` as 0 to 1; None where there is no whole."""
    return None if not whole or part is None else part / abs(whole)


def spanning(since: date | None, until: date) -> dict[str, str]:
    """The part of a drill's address that says from which days its postings are."""
    return ({"since": since.isoformat()} if since else {}) | {"until": until.isoformat()}
