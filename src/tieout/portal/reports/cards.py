"""Cards: one customer, supplier, project, department or product, its months, and what it has open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tieout.portal.reports.choice import end_of, plus
from tieout.portal.reports.postings import LEDGERS
from tieout.portal.reports.reading import Ask, Row
from tieout.portal.reports.sheets import Bar, Chart, Column, Line, Sheet, spanning, totalled

THINGS = {"projects": "project", "departments": "department", "products": "product"}
MONTHS, BARS = 24, 12  # listed, and drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`subject` says who or what it is, `items` are open (None: nothing can be), `address` leads to all postings."""

    subject: Row
    sheet: Sheet
    address: str
    items: Sequence[Row] | None = None
    years: Sequence[Row] = ()
    facts: Sequence[tuple[str, Any, str]] = ()  # name, value, kind of value

    @property
    def open(self) -> Decimal:
        return sum((row["open_amount"] for row in self.items or ()), Decimal(0))


def card_of(ask: Ask, name: str, company: str, number: int) -> Card:
    """The card in the report `name`. Raises Http404 where there is none."""
    if ledger := LEDGERS.get(name):
        return _of_party(ask, ledger, company, number)
    if by := THINGS.get(name):
        return _of_thing(ask, by, company, number)
    raise Http404


def _of_party(ask: Ask, ledger: str, company: str, number: int) -> Card:
    found = ask("party", companies=[company], ledger=ledger, party=number)
    if not found:
        raise Http404
    what = {"company": company, "ledger": ledger, "party": number}
    values = {
        "companies": [company],
        "ledger": ledger,
        "party": number,
        "at": None,
        "age": None,
        "limit": 1_000,
        "offset": 0,
    }
    titles = {"invoiced": _("Invoiced"), "paid": _("Paid and credited")}
    months = ask("party_months", **values, **_span(found[0]))
    chart = _("Invoiced by month")
    return Card(
        subject=found[0],
        sheet=_sheet(months, titles, what, found[0], _Drawn(title=chart, name="invoiced")),
        address=_address(what),
        items=ask("open_items", **values),
        years=ask("party_years", **values),
    )


def _of_thing(ask: Ask, by: str, company: str, number: int) -> Card:
    found = ask("thing", companies=[company], by=by, number=number)
    if not found:
        raise Http404
    what = {"company": company, "tag": by, "number": number}
    titles = {"income": _("Income"), "costs": _("Costs"), "result": _("Result")}
    months = ask("thing_months", companies=[company], by=by, number=number, **_span(found[0]))
    return Card(
        subject=found[0],
        sheet=_sheet(months, titles, what, found[0], _Drawn(title=_("Result by month"), name="result")),
        address=_address(what),
        facts=[fact for fact in _facts(found[0]) if fact[1] not in (None, "")],
    )


def _facts(subject: Row) -> list[tuple[str, Any, str]]:
    return [
        (_("Customer"), subject["customer"], "text"),
        (_("Department"), subject["department"], "text"),
        (_("Part of"), subject["main_project"] if subject["main_project"] != subject["party"] else None, "text"),
        (_("Begins"), subject["start_date"], "date"),
        (_("Ends"), subject["end_date"], "date"),
        (_("Budgeted revenue"), subject["budgeted_revenue"], "amount"),
        (_("Fixed price"), subject["fixed_price"], "amount"),
        (_("Sales price"), subject["unit_price"], "amount"),
        (_("Cost price"), subject["unit_cost"], "amount"),
    ]


def _span(subject: Row) -> dict[str, date]:
    """The months that a card shows: two years up to how far the books are known."""
    last = (subject["as_of_date"] or datetime.now(UTC).date()).replace(day=1)
    return {"first": plus(last, 1 - MONTHS), "last": last}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """The column that a chart shows."""

    title: str
    name: str


RESULT_OF = {"income": "income", "costs": "expense", "result": "both"}  # column -> `result` of a drill


def _sheet(
    months: Sequence[Row], titles: Mapping[str, str], what: Mapping[str, Any], subject: Row, drawn: _Drawn
) -> Sheet:
    """A line a month from the first that has figures, and the last year's as a chart."""
    span, by_month = _span(subject), {row["month"]: row for row in months}
    listed = [month for month in _months(span["first"], span["last"]) if month >= min(by_month, default=span["last"])]
    columns = [
        Column(name=name, title=title, where={"result": RESULT_OF[name]} if name in RESULT_OF else {})
        for name, title in titles.items()
    ]
    nothing = dict.fromkeys(titles, Decimal(0))
    lines = [
        Line(
            label=date_format(month, "F Y"),
            key=month.isoformat(),
            values=by_month.get(month, nothing),
            what={**what, **spanning(month, end_of(month))},
        )
        for month in listed
    ]
    bars = [
        Bar(label=date_format(month, "M y"), value=line.values[drawn.name])
        for month, line in zip(listed, lines, strict=True)
    ]
    whole = {**what, **spanning(listed[0], end_of(listed[-1]))}
    return Sheet(
        title=_("By month"),
        label=_("Month"),
        columns=columns,
        lines=[*lines, totalled(_("Total"), columns, lines, what=whole)],
        charts=[Chart(title=drawn.title, bars=bars[-BARS:])] if by_month else [],
    )


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [plus(first, number) for number in range(count)]


def _address(what: Mapping[str, Any]) -> str:
    return f"{reverse('reports:postings')}?{urlencode(what)}"
