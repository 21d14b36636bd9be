"""What the dbt package asks, asked without dbt (`python -m tests.dbt_package` runs dbt itself)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.dbt_sources import KEYS, LEADS_TO
from tests.reports.books import Synced

ASKED = sorted((Path(__file__).parents[2] / "dbt" / "tests").glob("*.sql"))


def plain(sql: str) -> str:
    """dbt's SQL with the tables' own names."""
    named = re.sub(r"\{\{ source\('tieout_(\w+)', '(\w+)'\) \}\}", r"\1.\2", sql)
    return re.sub(r"\{\{ config\(.*?\) \}\}", "", named)


def test_identities_hold_in_all_books(synced: Synced, is_invented: bool) -> None:
    wrong = {path.stem: rows for path in ASKED if (rows := synced.all(plain(path.read_text(encoding="utf-8"))))}
    if not is_invented:  # a real file's postings need not carry their VAT codes, which dbt warns of
        wrong.pop("vat_by_code_is_what_the_vat_accounts_moved", None)
    assert len(ASKED) >= 13
    assert wrong == {}


def test_keys_are_keys(synced: Synced) -> None:
    doubled = {
        table: rows
        for table, key in KEYS.items()
        if (rows := synced.all(f"select {key.replace(' ', ', ')} from {table} group by all having count(*) > 1"))
    }
    assert doubled == {}


@pytest.mark.parametrize(("column", "to"), LEADS_TO.items())
def test_what_core_leads_to_has_such_a_key(column: str, to: str) -> None:
    assert column in KEYS[f"core.{to}"].split()
