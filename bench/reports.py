"""How fast the models answer what a page asks: one company, one year, of a million invented postings.

`python -m bench.reports [ROWS]` prints one JSON object: milliseconds (the best of three, wall clock and processor) by
query, in the warehouse file and in the published copy.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import duckdb

from tieout import config, reports
from tieout.connectors.registry import connectors
from tieout.warehouse.base import Outcome
from tieout.warehouse.duckdb import open_warehouse

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
    "group income statement": f"from marts.group_income_statement where year(month) = {YEAR}",
}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, rows)
        told = {
            "rows": rows,
            "warehouse": measure(folder / "w.duckdb"),
            "published": measure(folder / "published" / "published.duckdb"),
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
    store.publish()
    warehouse.close()


def measure(path: Path) -> dict[str, dict[str, int]]:
    """Each query as a reader of its own asks it, planning included."""
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set threads = 2")
        return {name: _best(connection, sql) for name, sql in QUERIES.items()}


def _best(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, int]:
    taken = []
    for _ in range(ROUNDS):
        wall, processor = time.perf_counter(), time.process_time()
        connection.execute(sql).fetchall()
        taken.append((time.perf_counter() - wall, time.process_time() - processor))
    walls, processors = zip(*taken, strict=True)
    return {"ms": round(min(walls) * 1000), "processor_ms": round(min(processors) * 1000)}


if __name__ == "__main__":
    main()
