"""Reading for people: pages, sort, filters, files; names are checked, values are parameters."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.stores import Desk
from tieout.warehouse import browse
from tieout.warehouse.duckdb import open_warehouse


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    warehouse = open_warehouse(tmp_path / "w.duckdb", spool=tmp_path / "spool")
    desk = Desk(warehouse, tmp_path / "spool" / "source-1")
    desk.load([{"Id": n, "Amount": n / 4, "Day": f"2025-01-{1 + n % 28:02d}", "Text": f"Text {n}"} for n in range(120)])
    return desk


def ids(desk: Desk, **how: object) -> list[int]:
    found = browse.rows(desk.warehouse, "raw_toy", "things", **how)  # type: ignore[arg-type]
    return [row[0] for row in found.rows]


def test_a_page_has_fifty_rows_and_the_last_one_the_rest(desk: Desk) -> None:
    first = browse.rows(desk.warehouse, "raw_toy", "things", sort="id")
    last = browse.rows(desk.warehouse, "raw_toy", "things", sort="id", page=99)
    assert (len(first.rows), first.pages, first.total) == (50, 3, 120)
    assert (len(last.rows), last.page) == (20, 3)


def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk) -> None:
    assert [key for page in (1, 2, 3) for key in ids(desk, sort="day", page=page)] != []
    assert sorted(key for page in (1, 2, 3) for key in ids(desk, sort="day", page=page)) == list(range(120))


def test_sorting_goes_both_ways(desk: Desk) -> None:
    assert ids(desk, sort="amount", descending=True)[:2] == [119, 118]


@pytest.mark.parametrize(
    ("column", "wanted", "found"),
    [
        ("text", "TEXT 11", [11, *range(110, 120)]),
        ("id", ">=118", [118, 119]),
        ("amount", "= 1.5", [6]),
        ("day", "<2025-01-02", [0, 28, 56, 84, 112]),
        ("id", ">nonsense", []),
        ("text", "' or 1=1 --", []),
        ("text", "%", []),
    ],
)
def test_filters_find_parts_of_texts_and_compare_values(desk: Desk, column: str, wanted: str, found: list[int]) -> None:
    assert ids(desk, sort="id", filters={column: wanted}) == found


def test_unknown_names_are_refused(desk: Desk) -> None:
    for how in ({"sort": "id; drop table x"}, {"filters": {"no_such": "1"}}):
        with pytest.raises(KeyError):
            ids(desk, **how)
    with pytest.raises(KeyError):
        browse.rows(desk.warehouse, "information_schema", "tables")


def test_tables_are_listed_with_exact_rows_and_types(desk: Desk) -> None:
    found = {(table.schema, table.name): table for table in browse.tables(desk.warehouse)}
    things = found["raw_toy", "things"]
    assert things.rows == 120
    assert things.columns[2] == browse.TableColumn(name="amount", type="DECIMAL(18,4)")
    assert ("tieout", "tie_outs") in found


def test_rows_of_other_sources_are_left_out_where_asked(desk: Desk) -> None:
    assert ids(desk, source_ids=["somebody-else"]) == []
    assert len(ids(desk, source_ids=["source-1"])) == 50


def test_a_text_in_a_csv_is_no_formula_and_an_amount_is_untouched(desk: Desk) -> None:
    texts = ["=1+1", "+47 22", "-2", "@sum", "\tx", "\rx", "plain", "a=b", None]
    desk.load([{"Id": 1000 + n, "Amount": -2.5, "Day": "2025-01-01", "Text": text} for n, text in enumerate(texts)])
    path = browse.export(desk.warehouse, "raw_toy", "things", kind="csv", filters={"id": ">=1000"}, sort="id")
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["'=1+1", "'+47 22", "'-2", "'@sum", "'\tx", "'\rx", "plain", "a=b", ""]
    assert {row["amount"] for row in rows} == {"-2.5000"}
    kept = browse.export(desk.warehouse, "raw_toy", "things", kind="parquet", filters={"text": "1+1"})
    assert duckdb.execute(f"select text from read_parquet('{kept}')").fetchall() == [("=1+1",)]


def test_files_hold_every_row_that_passes_the_filter(desk: Desk) -> None:
    csv = browse.export(desk.warehouse, "raw_toy", "things", kind="csv", filters={"id": ">100"}, sort="id")
    parquet = browse.export(desk.warehouse, "raw_toy", "things", kind="parquet")
    assert len(csv.read_text().splitlines()) == 20
    found = duckdb.execute(f"select count(*), sum(amount) from read_parquet('{parquet}')").fetchone()
    assert found == (120, Decimal(1785))
