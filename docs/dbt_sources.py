"""The dbt package's sources: every table of core and marts with its columns, and what holds of their rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tieout.reports import Table

HEAD = "# Made from the models (`make docs`). The functions of a date (core.open_items(on_date), ...) are no sources.\n"
# The columns that make a row of a table: no two rows share them.
KEYS = {
    "core.account_classes": "account_class",
    "core.account_groups": "account_group",
    "core.account_lines": "company_id layout_id statement account_no",
    "core.accounts": "company_id account_no",
    "core.companies": "company_id",
    "core.control_accounts": "company_id ledger account_no",
    "core.currencies": "company_id currency_code",
    "core.customers": "company_id customer_no",
    "core.dates": "company_id date",
    "core.departments": "company_id department_id",
    "core.dimensions": "company_id dimension_number dimension_value_id",
    "core.employees": "company_id employee_no",
    "core.group_closings": "month account_no",
    "core.invoice_lines": "company_id direction invoice_id line_id",
    "core.invoices": "company_id direction invoice_id",
    "core.locations": "company_id location_id",
    "core.monthly_balances": "company_id account_no month",
    "core.monthly_closings": "company_id account_no month",
    "core.open_items": "company_id ledger entry_id",
    "core.order_lines": "company_id order_id line_id",
    "core.orders": "company_id order_id",
    "core.payable_entries": "company_id entry_id",
    "core.periods": "company_id month",
    "core.posting_span": "company_id",
    "core.postings": "company_id posting_id",
    "core.products": "company_id product_id",
    "core.projects": "company_id project_id",
    "core.receivable_entries": "company_id entry_id",
    "core.report_layouts": "layout_id",
    "core.report_lines": "layout_id statement line",
    "core.revenue_postings": "company_id posting_id",
    "core.standard_vat_codes": "standard_code",
    "core.statement_lines": "statement line",
    "core.suppliers": "company_id supplier_no",
    "core.vat_codes": "company_id vat_code_id",
    "core.vouchers": "company_id voucher_id",
    "marts.balance_sheet": "company_id month line",
    "marts.balance_sheet_by_account": "company_id month account_no",
    "marts.general_ledger": "company_id posting_id",
    "marts.group_balance_sheet": "month line",
    "marts.group_income_statement": "month line",
    "marts.group_trial_balance": "month account_no",
    "marts.income_statement": "company_id month line",
    "marts.income_statement_by_account": "company_id month account_no",
    "marts.month_end": "company_id month",
    "marts.payables_by_age": "company_id supplier_no",
    "marts.receivables_by_age": "company_id customer_no",
    "marts.report_lines": "company_id month layout_id statement line",
    "marts.report_lines_by_account": "company_id month layout_id statement account_no",
    "marts.trial_balance": "company_id month account_no",
    "marts.vat_by_term": "company_id vat_term",
}
# Where a column of that name leads, within a company. Marts repeat what core holds, so core's are asked.
LEADS_TO = {
    "account_no": "accounts",
    "customer_no": "customers",
    "supplier_no": "suppliers",
    "department_id": "departments",
    "project_id": "projects",
    "product_id": "products",
    "location_id": "locations",
    "voucher_id": "vouchers",
    "month": "periods",
}


def sources(tables: tuple[Table, ...]) -> str:
    """sources.yml."""
    told = [
        {
            "name": f"tieout_{schema}",
            "database": "{{ var('tieout_database') }}",
            "schema": schema,
            "tables": [_table(table) for table in tables if table.schema == schema and not table.parameters],
        }
        for schema in ("core", "marts")
    ]
    return HEAD + yaml.safe_dump({"version": 2, "sources": told}, sort_keys=False, allow_unicode=True, width=120)


def _table(table: Table) -> dict[str, Any]:
    key = KEYS.get(table.title, "").split()
    made: dict[str, Any] = {"name": table.name, "description": table.description}
    if tests := [*_together(key), *_leads(table)]:
        made["data_tests"] = tests
    made["columns"] = [_column(table, column.name, column.description, key) for column in table.columns]
    return made


def _together(key: list[str]) -> Iterator[dict[str, Any]]:
    if len(key) > 1:
        yield {"unique_together": {"columns": key}}


def _leads(table: Table) -> Iterator[dict[str, Any]]:
    names = [column.name for column in table.columns]
    for name in names if table.schema == "core" and "company_id" in names else ():
        to = LEADS_TO.get(name, table.name)
        if to != table.name:
            to_source = f"source('tieout_core', '{to}')"
            yield {"found_in": {"columns": ["company_id", name], "to": to_source}}


def _column(table: Table, name: str, description: str, key: list[str]) -> dict[str, Any]:
    tests: list[Any] = []
    if key == [name]:
        tests.append("unique")
    if name in (*key, "company_id", "as_of"):
        tests.append("not_null")
    if name == "company_id" and table.title != "core.companies":
        to = "source('tieout_core', 'companies')"
        tests.append({"relationships": {"to": to, "field": name}})
    made: dict[str, Any] = {"name": name, "description": description}
    return made | ({"data_tests": tests} if tests else {})
