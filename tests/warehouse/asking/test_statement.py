"""Which statements are asked, and in which words and where the others are refused."""

from __future__ import annotations

import pytest

from tieout.warehouse.asking.statement import LONGEST, RefusedError, one_select


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select 1; -- nothing follows",
        "from marts.trial_balance",
        "select * from core.postings p join core.accounts a using (account_id) where p.amount > 0 order by all limit 5",
        "with mine as (select * from raw_toy.things) select count(*) from mine",
        "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) select * from n",
        "select * from core.open_items(date '2026-01-31')",
        "select * from range(10)",
        "select unnest([1, 2])",
        "select month, sum(amount) over (order by month) from marts.trial_balance union all select 1, 2",
        "values (1, 'a')",
        "select 'read_csv(1); drop table x' as text",
        "select * from tieout.data_status",
    ],
)
def test_one_select_over_our_tables_is_asked(sql: str) -> None:
    one_select(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("", "empty"),
        ("  -- only a comment", "empty"),
        ("select " + "1," * LONGEST, "long"),
        ("selec 1", "syntax"),
        ("select 'open", "syntax"),
        ("select 1; select 2", "several"),
        ("select 1 /* ; */; drop table core.postings", "several"),
        ("select 1 -- \n; attach 'x.db'", "several"),
        ("copy (select 1) to '/tmp/x'", "not_select"),
        ("attach '/tmp/x.db'", "not_select"),
        ("install httpfs", "not_select"),
        ("load httpfs", "not_select"),
        ("pragma database_list", "not_select"),
        ("set memory_limit = '100GB'", "not_select"),
        ("call pragma_version()", "not_select"),
        ("explain analyze select 1", "not_select"),
        ("delete from core.postings", "not_select"),
        ("select * into core.x from core.postings", "changes"),
        ("with a as (insert into core.b values (1) returning *) select * from a", "changes"),
        ("select * from read_csv('/etc/passwd')", "function"),
        ("select * from READ_CSV_AUTO ('/etc/passwd')", "function"),
        ("select * from \"read_csv\"('/etc/passwd')", "function"),
        ("select * from read_/**/text('/etc/passwd')", "table"),
        ("select content from read_text('/etc/passwd')", "function"),
        ("select * from read_blob('/etc/passwd')", "function"),
        ("select * from read_parquet('*')", "function"),
        ("select * from parquet_scan('*')", "function"),
        ("select * from glob('/*')", "function"),
        ("select * from query('select 1')", "function"),
        ("select * from duckdb_settings()", "function"),
        ("select * from core.query('select 1')", "function"),
        ("select getenv('HOME')", "function"),
        ("select current_setting('temp_directory')", "function"),
        ("select getvariable('tieout_folder')", "function"),
        ("select * from '/etc/passwd'", "table"),
        ("select (select count(*) from 'x.parquet')", "table"),
        ("select * from information_schema.tables", "table"),
        ("select * from duckdb_views", "table"),
        ("select * from pg_catalog.pg_class", "table"),
        ("select * from other.main.things", "table"),
        ("select * from order_", "table"),
    ],
)
def test_anything_else_is_refused(sql: str, why: str) -> None:
    with pytest.raises(RefusedError) as refused:
        one_select(sql)
    assert refused.value.why == why


def test_what_is_refused_is_told_with_its_place() -> None:
    with pytest.raises(RefusedError) as refused:
        one_select("select 1,\n  *\nfrom   read_csv('/etc/passwd')")
    assert (refused.value.what, refused.value.line, refused.value.column) == ("read_csv", 3, 8)


def test_what_stands_around_the_statement_is_left_out() -> None:
    assert one_select(";; select ';' as a -- one; two\n ; -- three").strip() == "select ';' as a -- one; two"
