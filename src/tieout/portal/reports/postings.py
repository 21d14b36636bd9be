"""The postings behind a figure, in pages, and a customer's or supplier's card. Ledger sign: debit positive."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, QueryDict

from tieout.portal.reports.choice import NORWEGIAN
from tieout.portal.reports.reading import Ask, Row

A_PAGE = 100
BY = ("customer", "project", "department", "product")
LEDGERS = {"receivables": "receivable", "payables": "payable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What an address asks for: `values` are the SQL's parameters."""

    values: Mapping[str, Any]

    @property
    def since(self) -> date | None:
        day: date | None = self.values["since"]
        return day

    @property
    def until(self) -> date | None:
        day: date | None = self.values["until"]
        return day


def drill_of(ask: Ask, query: QueryDict, *, allowed: Collection[str]) -> Drill:
    """Read what a figure's address asks for. Raises Http404 for what no page of ours links to."""
    company = query.get("company", "")
    if company and company not in allowed:
        raise Http404
    line = query.get("line") or None
    layout, statement = query.get("layout") or NORWEGIAN, query.get("statement") or None
    parts = ask("line_parts", line=line, layout=layout, statement=statement) if line else []
    if line and not parts:
        raise Http404
    values = {
        "companies": [company] if company else list(allowed),
        "since": _day(query.get("since")),
        "until": _day(query.get("until")),
        "account": _number(query.get("account")),
        "vat_code": query.get("vat_code"),
        "line": line,
        "lines": [row["line"] for row in parts],
        "layout": layout,
        "statement": parts[0]["statement"] if parts else None,
        "ledger": _one_of(query.get("ledger"), tuple(LEDGERS.values())),
        "party": _number(query.get("party")),
        "by": _one_of(query.get("by"), BY),
        "number": _number(query.get("number")),
    }
    return Drill(values=values)


def postings_of(ask: Ask, drill: Drill, *, page: int) -> list[Row]:
    """One page of the postings; each row carries `postings` and `total` of all pages."""
    return ask("chosen_postings", **drill.values, limit=A_PAGE, offset=(page - 1) * A_PAGE)


def party_of(ask: Ask, ledger: str, company: str, number: int) -> Row:
    """Who a customer or supplier is. Raises Http404."""
    found = ask("party", companies=[company], ledger=ledger, party=number)
    if not found:
        raise Http404
    return found[0]


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _number(text: str | None) -> int | None:
    """A number of the books, which fits 64 bits."""
    if not text:
        return None
    try:
        number = int(text)
    except ValueError as error:
        raise Http404 from error
    if abs(number) >= 2**63:
        raise Http404
    return number


def _one_of(text: str | None, known: Sequence[str]) -> str | None:
    if text and text not in known:
        raise Http404
    return text or None
