"""The postings behind a figure, in pages, and a customer's or supplier's card. Ledger sign: debit positive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, QueryDict

from tieout.portal.reports.choice import NORWEGIAN
from tieout.portal.reports.companies import Chosen
from tieout.portal.reports.reading import Ask, Row

A_PAGE = 100
BY = ("customer", "project", "department", "product")
LEDGERS = {"receivables": "receivable", "payables": "payable"}
VAT_ACCOUNTS = ("owed", "moved")
KINDS = ("party", "result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What an address asks for: `values` are the SQL's parameters, `query` the SQL that knows such postings."""

    query: str
    values: Mapping[str, Any]

    @property
    def since(self) -> date | None:
        day: date | None = self.values["since"]
        return day

    @property
    def until(self) -> date | None:
        day: date | None = self.values["until"]
        return day

    @property
    def shows_vat(self) -> bool:
        """Whether the figure is VAT that postings carry, not their own amounts."""
        return bool(self.values["has_vat"] or self.values["vat_code"] is not None)


def drill_of(ask: Ask, query: QueryDict, chosen: Chosen) -> Drill:
    """Read what a figure's address asks for. Raises Http404 for what no page of ours links to.

    `chosen`: whose books, by the address's `company`.
    """
    line, layout = query.get("line") or None, query.get("layout") or NORWEGIAN
    parts = ask("line_parts", line=line, layout=layout, statement=query.get("statement") or None) if line else []
    if line and not parts:
        raise Http404
    wanted = {
        "companies": list(chosen.ids),
        "account": _number(query.get("account")),
        "line": line,
        "layout": layout,
        "statement": parts[0]["statement"] if parts else None,
        "lines": [row["line"] for row in parts],
        "restart": _day(query.get("restart")),
        "is_result": query.get("result") == "1",
        "vat_accounts": _one_of(query.get("vat_accounts"), VAT_ACCOUNTS),
    }
    others = query.get("other") or ""
    if others and others not in chosen.allowed:
        raise Http404
    values = {
        **wanted,
        **_keys(ask, wanted),
        "since": _day(query.get("since")),
        "until": _day(query.get("until")),
        "vat_code": query.get("vat_code"),
        "has_vat": query.get("vat") == "1",
        "is_moved_vat": wanted["vat_accounts"] == "moved",
        "ledger": _one_of(query.get("ledger"), tuple(LEDGERS.values())),
        "party": _number(query.get("party")),
        "by": _one_of(query.get("by"), BY),
        "tag": _one_of(query.get("tag"), BY[1:]),
        "number": _number(query.get("number")),
        "others": [others] if others else list(chosen.ids),
        "kind": _one_of(query.get("kind"), KINDS),
    }
    between = "chosen_between" if query.get("between") == "1" else "chosen_postings"
    return Drill(query="chosen_by" if values["by"] else between, values=values)


def _keys(ask: Ask, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The accounts that a figure is made of, where an address tells them otherwise than by number."""
    is_told = any(wanted[name] for name in ("line", "restart", "is_result", "vat_accounts"))
    rows = ask("drill_accounts", **wanted) if is_told else []
    return {
        "has_keys": is_told,
        "key_companies": [row["company_id"] for row in rows],
        "key_accounts": [row["account_no"] for row in rows],
        "key_years": [row["fiscal_year"] for row in rows],
    }


def postings_of(ask: Ask, drill: Drill, *, page: int) -> list[Row]:
    """One page of the postings; each row carries `postings`, `total` and `vat_total` of all pages."""
    return ask(drill.query, **drill.values, limit=A_PAGE, offset=(page - 1) * A_PAGE)


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
