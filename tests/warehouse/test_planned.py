"""Layouts and budgets beside the books: published as soon as they are kept, gone with their company, nothing else moved."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.warehouse.stores import Desk
from tests.warehouse.test_publish import read
from tieout.warehouse.budgets import BudgetAmount, keep_budget
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.layouts import Layout, OwnLine, drop_layout, keep_layout, layouts

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
LINE = OwnLine(statement="income_statement", position=10, name="Sold", sign=-1, ranges=((3000, 3999), (8000, 8000)))
YEAR = {"first": date(2026, 1, 1), "last": date(2026, 12, 1), "at": NOON}
AMOUNT = BudgetAmount(account_no=3000, month=date(2026, 1, 1), amount=Decimal("-10.5"), department_code="10")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool", published=tmp_path / "published")
    return Desk(warehouse, tmp_path / "spool" / "source-1")


def test_they_are_in_the_published_copy_as_soon_as_they_are_kept_and_rows_stay_as_published(
    desk: Desk, tmp_path: Path
) -> None:
    desk.load([{"Id": 1}])
    desk.store.publish()
    desk.load([{"Id": 1}, {"Id": 2}])  # a sync that has not published yet
    keep_layout(desk.warehouse, Layout(id="own", name="Ours", changed_at=NOON, lines=(LINE,)))
    keep_budget(desk.warehouse, desk.store.source_id, [AMOUNT], **YEAR)
    published = tmp_path / "published"
    assert read(published, "select layout from tieout.report_layouts") == [("Ours",)]
    assert read(published, "select account_no, amount from tieout.budget_amounts") == [(3000, Decimal("-10.5"))]
    assert read(published, "select count(*) from raw_toy.things") == [(1,)]
    drop_layout(desk.warehouse, "own")
    assert read(published, "select count(*) from tieout.report_line_ranges") == [(0,)]


def test_a_layout_is_read_as_it_was_kept(desk: Desk) -> None:
    made = Layout(id="own", name="Ours", changed_at=NOON, lines=(LINE,))
    keep_layout(desk.warehouse, made)
    assert layouts(desk.warehouse) == [made]


def test_a_budget_goes_with_its_company_and_layouts_stay(desk: Desk) -> None:
    desk.load([{"Id": 1}])
    keep_layout(desk.warehouse, Layout(id="own", name="Ours", changed_at=NOON, lines=(LINE,)))
    keep_budget(desk.warehouse, desk.store.source_id, [AMOUNT], **YEAR)
    desk.warehouse.delete_source(desk.store.source_id)
    with desk.warehouse.connection() as connection:
        assert connection.execute("select count(*) from tieout.budget_amounts").fetchone() == (0,)
    assert [one.name for one in layouts(desk.warehouse)] == ["Ours"]
