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
# How VAT on a posting counts in a figure of the VAT report, by the direction of its code; as marts.vat adds it up.
VAT_SIGNS = {
    "output": {"output": -1, "both": 1, "reverse": 1},
    "input": {"input": 1, "both": 1},
    "payable": {"output": -1, "reverse": 1, "input": -1, "both": 0},
}
RESULTS = ("income", "expense", "both")


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
        "result": _one_of(query.get("result"), RESULTS),
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
        **_vat(ask, wanted, _one_of(query.get("vat"), tuple(VAT_SIGNS))),
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
    is_told = any(wanted[name] for name in ("line", "restart", "result", "vat_accounts"))
    rows = ask("drill_accounts", **wanted) if is_told else []
    return {
        "has_keys": is_told,
        "key_companies": [row["company_id"] for row in rows],
        "key_accounts": [row["account_no"] for row in rows],
        "key_years": [row["fiscal_year"] for row in rows],
    }


def _vat(ask: Ask, wanted: Mapping[str, Any], figure: str | None) -> dict[str, Any]:
    """The VAT codes that a figure is made of, each with the sign in which it counts."""
    signs = VAT_SIGNS.get(figure or "", {})
    rows = [row for row in ask("vat_directions", **wanted) if row["direction"] in signs] if figure else []
    return {
        "has_vat": bool(figure),
        "vat_companies": [row["company_id"] for row in rows],
        "vat_codes": [row["vat_code"] for row in rows],
        "vat_signs": [signs[row["direction"]] for row in rows],
    }


def postings_of(ask: Ask, drill: Drill, *, page: int) -> list[Row]:
    """One page of the postings; each row carries `postings`, `total` and `vat_total` of all pages."""
    return ask(drill.query, **drill.values, limit=A_PAGE, offset=(page - 1) * A_PAGE)


AGES = ("not due", "1-30", "31-60", "61-90", "over 90")


def open_items_of(ask: Ask, query: QueryDict, chosen: Chosen, *, page: int) -> tuple[dict[str, Any], list[Row]]:
    """What an address asks for of open items, and one page of them. Raises Http404 for what no page of ours links to."""
    ledger = _one_of(query.get("ledger"), tuple(LEDGERS.values()))
    if ledger is None:
        raise Http404
    values = {
        "companies": list(chosen.ids),
        "ledger": ledger,
        "party": _number(query.get("party")),
        "age": _one_of(query.get("age"), AGES),
        "at": _day(query.get("at")),
    }
    return values, ask("open_items", **values, limit=A_PAGE, offset=(page - 1) * A_PAGE)


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
