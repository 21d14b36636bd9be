"""The models as a whole: described to the last column, in an order that works, and absent where a system has none."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.toy import BOOKINGS, MEMBERS
from tieout import config, reports
from tieout.connectors.registry import connectors
from tieout.reports.model import read_folder, words
from tieout.reports.models import SCHEMAS, models, systems
from tieout.warehouse.duckdb import open_warehouse

STREAMS = {name: one.streams for name, one in connectors(config.load({"TIEOUT_HOME": "/nowhere"})).items()}


def test_every_table_and_column_says_what_it_holds() -> None:
    tables = reports.tables(STREAMS)
    assert [table.title for table in tables if not table.description.endswith(".")] == []
    silent = [f"{table.title}.{column.name}" for table in tables for column in table.columns if not column.description]
    assert silent == []


def test_nothing_is_described_that_is_not_there() -> None:
    columns = {
        (table.schema, table.name, bool(table.parameters)): {one.name for one in table.columns}
        for table in reports.tables(STREAMS)
    }
    for schema in SCHEMAS:
        for model in models(schema):
            assert set(model.told) <= columns[model.key], model.key
    unused = set(words()) - set().union(*columns.values())
    assert unused == set()


def test_each_mart_says_how_fresh_and_how_sure_it_is() -> None:
    functions = {"account_statement", "trial_balance"}  # these are one company's postings, and the view says it
    for table in reports.tables(STREAMS):
        if table.schema == "marts" and not (table.parameters and table.name in functions):
            assert {"as_of", "verdict"} <= {column.name for column in table.columns}, table.title


def test_no_amount_is_a_float() -> None:
    for table in reports.tables(STREAMS):
        for column in table.columns:
            assert column.type not in ("DOUBLE", "FLOAT"), f"{table.title}.{column.name}"


def test_every_system_has_the_same_kinds_with_the_same_columns() -> None:
    """What core asks of staging; a second system shows what the first alone can't."""
    kinds = {
        system: {m.name for m in read_folder(files("tieout.reports") / system, schema="x")} for system in systems()
    }
    asked = {found for model in models("core") for found in re.findall(r"staging\.([a-z_0-9]+)", model.sql)}
    for system, found in kinds.items():
        assert asked <= found, system


def test_core_and_marts_name_no_system() -> None:
    named = [
        model.key
        for schema in SCHEMAS
        for model in models(schema)
        if set(systems()) & set(re.findall("[a-z]+", model.sql))
    ]
    assert named == []


def test_a_system_without_models_gets_none_and_works(tmp_path: Path) -> None:
    assert reports.views(["toy"]) == ()
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", views=reports.views)
    warehouse.source("1", connector="toy").prepare((MEMBERS, BOOKINGS))
    with warehouse.connection() as connection:
        assert connection.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]


def test_a_model_that_names_a_missing_one_is_an_error() -> None:
    from tieout.reports.model import Model
    from tieout.reports.models import _in_order

    lost = Model(schema="marts", name="x", sql="select * from core.nowhere", description="", told={})
    with pytest.raises(KeyError):
        list(_in_order([lost]))
