"""The order of a table's columns."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from tests.sync.ledger_system import LedgerConnector
from tieout.portal.explorer.columns import order
from tieout.warehouse.browse import TableColumn


def names(schema: str, table: str, *columns: tuple[str, str]) -> list[str]:
    every = [TableColumn(name=name, type=kind) for name, kind in columns]
    return [every[position].name for position in order(schema, table, every)]


@pytest.mark.parametrize("table", ["postings", "postings_versions"])
def test_what_tells_people_most_comes_first_and_our_own_columns_last(settings: Settings, table: str) -> None:
    settings.CONNECTORS = {"toy": LedgerConnector()}
    found = names(
        "raw_toy",
        table,
        ("_source_id", "VARCHAR"),
        ("_sync_id", "BIGINT"),
        ("changed", "TIMESTAMP WITH TIME ZONE"),
        ("amount", "DECIMAL(18,4)"),
        ("reverses_no", "BIGINT"),
        ("account_no", "BIGINT"),
        ("voucher_no", "BIGINT"),
        ("day", "DATE"),
        ("id", "BIGINT"),
    )
    assert found == [
        "id",
        "day",
        "voucher_no",
        "account_no",
        "amount",
        "changed",
        "reverses_no",
        "_source_id",
        "_sync_id",
    ]


def test_tables_of_our_own_stay_as_they_are() -> None:
    columns = (("source_id", "VARCHAR"), ("id", "BIGINT"), ("made_at", "TIMESTAMP WITH TIME ZONE"))
    assert names("tieout", "tie_outs", *columns) == ["source_id", "id", "made_at"]


def test_a_table_whose_connector_is_gone_is_shown_all_the_same(settings: Settings) -> None:
    settings.CONNECTORS = {}
    assert names("raw_gone", "things", ("_source_id", "VARCHAR"), ("name", "VARCHAR")) == ["name", "_source_id"]
