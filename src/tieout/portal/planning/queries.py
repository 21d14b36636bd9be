"""What is asked of layouts and budgets: those there are, what no line takes, what a company's budget may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.http import Http404

from tieout.portal.reports.choice import plus
from tieout.portal.reports.reading import Ask, Row, asking
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.reports.budget import Known
from tieout.warehouse import layouts as kept
from tieout.warehouse.layouts import Layout, OwnLine


def layouts_of(workspace: Workspace) -> list[Layout]:
    """The workspace's own layouts, by name."""
    if not warehouses.exists(workspace):
        return []
    with warehouses.opened(workspace) as warehouse:
        return kept.layouts(warehouse)


def layout_of(workspace: Workspace, layout_id: UUID) -> Layout:
    """One own layout. Raises Http404."""
    found = next((one for one in layouts_of(workspace) if one.id == str(layout_id)), None)
    if found is None:
        raise Http404
    return found


def unmapped(workspace: Workspace, layout_id: UUID, companies: Sequence[str]) -> list[Row]:
    """Accounts of these companies that no line takes: statement, account and how many companies have it."""
    with asking(workspace) as ask:
        return ask("unmapped", layout=str(layout_id), companies=list(companies)) if ask else []


def norwegian(ask: Ask, companies: Sequence[str]) -> tuple[OwnLine, ...]:
    """The lines of the Act, each with the accounts that these companies have on it, as a layout of one's own begins."""
    rows = ask("norwegian_accounts", companies=list(companies))
    numbers = {
        statement: [(r["number"], r["line"]) for r in rows if r["statement"] == statement]
        for statement in kept.STATEMENTS
    }
    ranges = {statement: dict(_runs(pairs)) for statement, pairs in numbers.items()}
    lines = [
        OwnLine(
            statement=statement,
            position=line["position"],
            name=line["line_name"],
            sign=line["sign"],
            sums_from=line["sums_from"],
            ranges=tuple(ranges[statement].get(line["line"], ())) if line["sums_from"] is None else (),
        )
        for statement in kept.STATEMENTS
        for line in ask("report_lines", layout="norwegian", statement=statement)
        if line["sums_from"] is not None or ranges[statement].get(line["line"])
    ]
    return tuple(line for line in lines if line.sums_from is None or _adds_up_something(line, lines))


def _adds_up_something(subtotal: OwnLine, lines: Sequence[OwnLine]) -> bool:
    """Whether a line with accounts stands in it: one that adds up nothing would not be taken when the lines are given back."""
    return any(
        one.statement == subtotal.statement and (subtotal.sums_from or 0) <= one.position < subtotal.position
        for one in lines
        if one.sums_from is None
    )


def _runs(pairs: Sequence[tuple[int, str]]) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Each line with its accounts, neighbours of one line as a range."""
    found: dict[str, list[tuple[int, int]]] = {}
    before = ""
    for number, line in pairs:
        runs = found.setdefault(line, [])
        if line == before and number and runs[-1][0]:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
        before = line
    yield from found.items()


def budgets_of(workspace: Workspace, companies: Mapping[str, str]) -> list[Row]:
    """Budgets by company and fiscal year, with income, costs and result (report sign)."""
    with asking(workspace) as ask:
        rows = ask("budgets", companies=list(companies)) if ask else []
    return sorted(
        (row | {"company": companies[row["company_id"]]} for row in rows),
        key=lambda row: str(row["company"]).casefold(),
    )


def known(ask: Ask, company: str) -> Known:
    """What a company's budget may name."""
    accounts = {row["account_no"]: row["report_sign"] for row in ask("budget_accounts", companies=[company])}
    codes = ask("budget_codes", companies=[company])
    return Known(
        accounts=accounts,
        departments={row["code"] for row in codes if row["kind"] == "department"},
        projects={row["code"] for row in codes if row["kind"] == "project"},
    )


def year_span(fiscal_year: int, end_month: int) -> tuple[date, date]:
    """A fiscal year's first and last month."""
    last = date(fiscal_year, end_month, 1)
    return plus(last, -11), last


def year_of(month: date, end_month: int) -> int:
    """The fiscal year that a month lies in."""
    return month.year + (month.month > end_month)
