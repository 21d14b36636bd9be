"""How fast the models answer what a page asks: one company, one year, of a million invented postings.

`python -m bench.reports [ROWS]` prints one JSON object: milliseconds (the best of three, wall clock and processor) by
query, in the warehouse file and in the published copy; and by page of the portal, all its questions together.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from tieout import config, reports
from tieout.connectors.registry import connectors
from tieout.warehouse.base import Outcome
from tieout.warehouse.budgets import BudgetAmount, keep_budget
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.layouts import Layout, OwnLine, keep_layout

ROUNDS = 3
YEAR = 2025
OURS = f"where company_id = 'a' and fiscal_year = {YEAR}"
TERMS = f"where company_id = 'a' and year(term_first_day) = {YEAR}"
QUERIES = {
    "trial balance": f"from marts.trial_balance {OURS}",
    "trial balance on a date": f"from marts.trial_balance(date '{YEAR}-03-31') where company_id = 'a'",
    "income statement": f"from marts.income_statement {OURS}",
    "income statement by account": f"from marts.income_statement_by_account {OURS}",
    "balance sheet": f"from marts.balance_sheet {OURS}",
    "receivables by age": "from marts.receivables_by_age where company_id = 'a'",
    "payables by age on a date": f"from marts.payables_by_age(date '{YEAR}-02-28') where company_id = 'a'",
    "revenue by customer": f"from marts.revenue_by_customer {OURS}",
    "revenue by product": f"from marts.revenue_by_product {OURS}",
    "project profitability": f"from marts.project_profitability {OURS}",
    "VAT by code": f"from marts.vat {TERMS}",
    "VAT by term": f"from marts.vat_by_term {TERMS}",
    "month end": f"from marts.month_end {OURS}",
    "general ledger, 50 rows": f"from marts.general_ledger {OURS} and account_no = 1920 order by posting_date limit 50",
    "account statement": f"from marts.account_statement('a', 1920, '{YEAR}-01-01', '{YEAR}-12-31') limit 50",
    "vouchers, 50 rows": f"from core.vouchers where company_id = 'a' and year(voucher_date) = {YEAR} limit 50",
    "own report lines": f"from marts.report_lines {OURS} and layout_id = 'own'",
    "budget": f"from marts.budget {OURS}",
    "group income statement": f"from marts.group_income_statement where year(month) = {YEAR}",
}

# What the portal's pages ask, as src/tieout/portal/reports asks it: each page's questions with what they are given.
HEAD: list[tuple[str, dict[str, Any]]] = [("companies", {}), ("years", {})]
STATEMENT = ("report_lines", {"statement": "income_statement"})
OWN: dict[str, Any] = {"layout": "own"}
LINE = {"line": "total_operating_income", "statement": "income_statement", "lines": ["sales_revenue"]}
PAGES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "trial balance": [*HEAD, ("balances", {})],
    "income statement": [*HEAD, ("layouts", {}), ("balances", {}), STATEMENT],
    "income statement, own lines and budget": [*HEAD, ("layouts", {}), ("balances", OWN), (STATEMENT[0], STATEMENT[1] | OWN),
                                               ("budgeted", {})],
    "trial balance of a group": [*HEAD, ("balances", {}), ("internal", {})],
    "between companies": [*HEAD, ("between", {})],
    "receivables by age": [*HEAD, ("receivables", {})],
    "payables by age": [*HEAD, ("payables", {})],
    "open items of a bucket": [("companies", {}), ("open_items", {"ledger": "receivable", "age": "over 90"})],
    **{f"by {by}": [*HEAD, ("revenue", {"by": by})] for by in ("customer", "project", "department", "product")},
    "by customer, searched": [*HEAD, ("revenue", {"by": "customer"}), ("found", {"by": "customer", "search": "kunde 7"})],
    **{f"card of a {by}": [("thing", {"by": by, "number": 7}), ("thing_months", {"by": by, "number": 7})]
       for by in ("project", "department", "product")},
    "card of a customer": [(name, {"ledger": "receivable", "party": 10007})
                           for name in ("party", "party_months", "open_items", "party_years")],
    "VAT": [*HEAD, ("vat_terms", {}), ("vat_codes", {})],
    "month end": [*HEAD, ("month_end", {})],
    "postings of an account": [("chosen_postings", {"account": 1016}), ("companies", {})],
    "postings of a line": [("line_parts", LINE), ("drill_accounts", LINE), ("chosen_postings", {"has_keys": True}),
                           ("companies", {})],
    "postings of a project's revenue": [("chosen_by", {"by": "project", "number": 7}), ("companies", {})],
    "postings between companies": [("chosen_between", {}), ("companies", {})],
    "report lines": [("unmapped", OWN)],
    "budgets": [("budgets", {}), ("newest_years", {})],
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "companies": ["a"], "others": ["a"], "layout": "norwegian", "since": date(YEAR, 1, 1), "until": date(YEAR, 12, 31),
    "first": date(YEAR, 1, 1), "last": date(YEAR, 12, 1), "before_first": date(YEAR - 1, 1, 1),
    "before_last": date(YEAR - 1, 12, 1), "at": date(YEAR, 12, 31), "lines": [], "has_keys": False, "has_vat": False,
    "is_moved_vat": False, "key_companies": ["a", "a"], "key_accounts": [1016, 3000], "key_years": [None, YEAR],
    "vat_companies": [], "vat_codes": [], "vat_signs": [], "limit": 100, "offset": 0,
}  # fmt: skip


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, rows)
        told = {
            "rows": rows,
            "warehouse": measure(folder / "w.duckdb"),
            "published": measure(folder / "published" / "published.duckdb"),
            "pages": measure_pages(folder / "w.duckdb"),
        }
    print(json.dumps(told, indent=1))


def fill(folder: Path, rows: int) -> None:
    """One company with `rows` postings over five years, 300 accounts, a tenth as many ledger entries, and its copy."""
    warehouse = open_warehouse(
        folder / "w.duckdb", spool=folder / "spool", published=folder / "published", views=reports.views
    )
    store = warehouse.source("a", connector="poweroffice")
    store.prepare(connectors(config.load({"TIEOUT_HOME": "/nowhere"}))["poweroffice"].streams)
    store.keep_company(name="Test AS", organisation_number="310000002")
    sync = store.begin_sync(datetime.now(UTC))
    sql = resources.files("bench").joinpath("reports.sql").read_text(encoding="utf-8")
    with warehouse.connection() as connection:
        connection.execute(sql.replace("$rows", str(rows)))
    store.finish_sync(sync, Outcome.SUCCEEDED, at=datetime.now(UTC))
    lines = tuple(
        OwnLine(statement="income_statement", position=at, name=f"Line {at}", sign=-1, ranges=((3000 + at, 3099 + at),))
        for at in range(100, 900, 100)
    )
    keep_layout(warehouse, Layout(id="own", name="Own", changed_at=datetime.now(UTC), lines=lines))
    months = [date(YEAR, month, 1) for month in range(1, 13)]
    budget = [
        BudgetAmount(account_no=3000 + 10 * n, month=month, amount=Decimal(-n)) for n in range(40) for month in months
    ]
    keep_budget(warehouse, "a", budget, first=months[0], last=months[-1], at=datetime.now(UTC))
    store.publish()
    warehouse.close()


def measure(path: Path) -> dict[str, dict[str, int]]:
    """Each query as a reader of its own asks it, planning included."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set threads = 2")
        return {name: _best(connection, sql) for name, sql in QUERIES.items()}


def measure_pages(path: Path) -> dict[str, dict[str, int]]:
    """Each page's questions, one after another as the page asks them, with nothing of Django."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set threads = 2")
        return {page: _best(connection, *asked) for page, asked in PAGES.items()}


def _question(name: str, told: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    sql = resources.files("tieout.portal.reports").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return sql, {key: (GIVEN | told).get(key) for key in re.findall(r"\$([a-z_]+)", sql)}


def _best(connection: duckdb.DuckDBPyConnection, *asked: str | tuple[str, dict[str, Any]]) -> dict[str, int]:
    questions = [(one, {}) if isinstance(one, str) else _question(*one) for one in asked]
    taken = []
    for _ in range(ROUNDS):
        wall, processor = time.perf_counter(), time.process_time()
        for sql, values in questions:
            connection.execute(sql, values).fetchall()
        taken.append((time.perf_counter() - wall, time.process_time() - processor))
    walls, processors = zip(*taken, strict=True)
    return {"ms": round(min(walls) * 1000), "processor_ms": round(min(processors) * 1000)}


if __name__ == "__main__":
    main()
