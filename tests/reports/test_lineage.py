"""Where columns come from: read out of the views' own SQL, down to the field that the accounting system spells."""

from __future__ import annotations

import pytest

from tieout import config
from tieout.connectors.registry import connectors
from tieout.reports.described import tables
from tieout.reports.lineage import Field, Streams, Trace, traces


@pytest.fixture(scope="module")
def streams() -> Streams:
    found = connectors(config.load({"TIEOUT_HOME": "/nowhere"}))
    return {name: connector.streams for name, connector in found.items()}


def trace(streams: Streams, column: str) -> Trace:
    schema, table, name = column.split(".")
    return traces(streams, schema, table)[name]


def test_a_figure_leads_through_the_models_to_the_sources_field(streams: Streams) -> None:
    found = trace(streams, "marts.trial_balance.movement")
    assert [str(place) for place in found.models] == ["core.monthly_closings.movement"]
    assert [str(place) for place in found.stored] == ["raw_poweroffice.account_transactions.amount"]
    assert found.fields == (Field("account_transactions", "Amount"),)


def test_a_column_of_several_sides_leads_to_each(streams: Streams) -> None:
    found = trace(streams, "core.accounts.account_name")  # the chart's name; an account that it lacks has none
    assert [str(place) for place in found.stored] == ["raw_poweroffice.general_ledger_accounts.name"]
    assert "raw_poweroffice.account_transactions.account_no" in [
        str(place) for place in trace(streams, "core.accounts.account_no").stored
    ]


def test_what_we_know_ourselves_ends_in_our_own_tables(streams: Streams) -> None:
    assert {place.schema for place in trace(streams, "core.companies.verdict").stored} == {"tieout"}


def test_a_stored_column_is_a_field_and_nothing_before_it(streams: Streams) -> None:
    assert trace(streams, "raw_poweroffice.customers.organization_number") == Trace(
        (), (), (Field("customers", "OrganizationNumber"),)
    )


def test_every_column_of_every_model_has_a_trace_and_amounts_reach_a_stored_one(streams: Streams) -> None:
    made_here = set()
    for table in tables(streams):
        if table.parameters:
            continue
        found = traces(streams, table.schema, table.name)
        assert set(found) == {column.name for column in table.columns}, table.title
        made_here |= {
            f"{table.name}.{column.name}"
            for column in table.columns
            if column.type == "DECIMAL(18,4)" and not found[column.name].stored
        }
    assert not made_here


def test_what_is_no_table_has_no_columns(streams: Streams) -> None:
    assert traces(streams, "core", "nothing") == {}
