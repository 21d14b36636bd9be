"""Large pages are read the quick way, and whatever the quick way can't prove is read the careful way: same rows, same refusals.

A page is made large by blanks before its first record, which change nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.stores import Desk
from tieout.catalog import Column, Kind, Page, Stream
from tieout.warehouse.base import EVERYTHING, DoesNotFitError, Loaded
from tieout.warehouse.duckdb import open_warehouse
from tieout.warehouse.duckdb.staging import LARGE_PAGE

FLAT = tuple(kind for kind in Kind if kind is not Kind.JSON)
VALUES = Stream(
    name="values",
    columns=(Column("id", "Id", Kind.INTEGER), *(Column(kind.value, kind.value, kind) for kind in FLAT)),
)
FEW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ID = "ee373540-ca8d-4562-8fb6-6fb52de47722"
USUAL = (
    f'{{"Id":1,"text":"a \\"b\\":null","integer":-12,"boolean":true,"money":12.5,"number":0.25,"date":"2024-02-29",'
    f'"timestamp":"2024-01-31T10:00:00.1234567Z","uuid":"{ID}"}}'
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("staging")
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
    desk = Desk(warehouse, folder / "spool" / "source-1")
    desk.store.prepare([VALUES])
    yield desk
    warehouse.close()


def page(desk: Desk, *records: str, large: bool) -> Page:
    """A page of records, not packed; a large one is read the quick way if it can be."""
    blanks = " " * LARGE_PAGE if large else ""
    made = desk.page([])
    path = made.path.with_name(f"{made.number:05d}.json")
    path.write_text(f"[{blanks}{','.join(records)}]", encoding="utf-8")
    return Page(path=path, number=made.number)


def load(desk: Desk, *records: str, large: bool, first: bool = True) -> tuple[Loaded, list[tuple[Any, ...]]]:
    """What a load told and what is stored afterwards, with the number of syncs left out.

    One that is not the `first` finds a row that it does not change.
    """
    desk.load("[]" if first else f"[{USUAL}]", stream=VALUES, scope=EVERYTHING)
    loaded = desk.load(page(desk, *records, large=large), stream=VALUES, scope=EVERYTHING)
    with desk.warehouse.connection() as connection:
        found = connection.execute("select * exclude (_sync_id) from raw_toy.values order by id").fetchall()
    return loaded, found


def either_way(desk: Desk, *records: str, large: bool, first: bool = True) -> Any:
    """Rows, or why they were refused."""
    try:
        return load(desk, *records, large=large, first=first)
    except DoesNotFitError as refused:
        return refused.column, refused.why


def is_quick(desk: Desk, *records: str) -> bool:
    """Whether the quick way took a large page."""
    with desk.store.loading(VALUES, desk.sync) as loading:
        staging = loading._staging  # type: ignore[attr-defined]
        marks = staging._marks
        loading.add(page(desk, *records, large=True))
        assert staging._marks != marks, "the page waits for the quick way"
        return bool(staging._read_quickly(staging._waiting, staging._marks))


ODD = {
    "a key that no column has": '{"Id":2,"Newcomer":{"b":[1]}}',
    "a key that no column has, with a text": '{"Id":2,"Newcomer":"x"}',
    "a key that was renamed": '{"Id":2,"Integer":5,"integer":null}',
    "a number for a text": '{"Id":2,"text":0.1234567890123456789}',
    "an object for a text": '{"Id":2,"text":{"a":"b"}}',
    "a text for a number": '{"Id":2,"integer":"12","money":"12.50"}',
    "a text for a number, and a number for a text": '{"Id":2,"integer":"12","text":12}',
    "a fraction for a whole number": '{"Id":2,"integer":1.7}',
    "a hexadecimal number": '{"Id":2,"integer":"0x10"}',
    "true for a number": '{"Id":2,"money":true}',
    "one for true": '{"Id":2,"boolean":1}',
    "yes for true": '{"Id":2,"boolean":"yes"}',
    "five decimals": '{"Id":2,"money":1.00005}',
    "the noise of doubles": '{"Id":2,"money":0.30000000000000004}',
    "more digits than a double holds": '{"Id":2,"money":99999999999999.9999}',
    "digits that a double drops": '{"Id":2,"money":123456789012.000005}',
    "a large number with digits that a double drops": '{"Id":2,"number":123456789.12345678905}',
    "a small number": '{"Id":2,"number":1e-12}',
    "an exponent": '{"Id":2,"integer":1e3,"money":1e3}',
    "a whole number of 64 bits": '{"Id":9007199254740993,"integer":9223372036854775807}',
    "too large a whole number": '{"Id":2,"integer":9223372036854775808}',
    "a date with a time": '{"Id":2,"date":"2024-01-31T10:00:00"}',
    "a date with midnight": '{"Id":2,"date":"2024-01-31T00:00:00"}',
    "a date in words": '{"Id":2,"date":"epoch"}',
    "a time without an offset": '{"Id":2,"timestamp":"2024-01-31T10:00:00"}',
    "a time in words": '{"Id":2,"timestamp":"infinity"}',
    "not a number": '{"Id":2,"money":NaN}',
    "a text that ends with a backslash": '{"Id":2,"text":"a\\\\"}',
    "a text with letters as codes": '{"Id":2,"text":"\\u00e6\\u0022:null"}',
    "a key twice": '{"Id":2,"integer":1,"integer":2}',
    "blanks between": '{ "Id" : 2 , "integer" : null , "text" : "x" }',
    "no key": '{"integer":1}',
    "null for a key": '{"Id":null}',
    "no record": "null",
    "a number for a record": "7",
    "nothing but a key": '{"Id":2}',
    "a broken record": '{"Id":2,',
}


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
@pytest.mark.parametrize("record", ODD.values(), ids=ODD)
def test_whatever_a_large_page_holds_ends_as_in_a_small_one(desk: Desk, record: str, first: bool) -> None:
    large, small = (either_way(desk, USUAL, record, large=large, first=first) for large in (True, False))
    assert large == small


@FEW
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "text": st.none() | st.text(st.characters(codec="utf-8"), max_size=12),
                "integer": st.none() | st.integers(-(2**63), 2**63 - 1),
                "money": st.none() | st.integers(-(10**13), 10**13).map(lambda n: n / 100),
                "number": st.none() | st.floats(-1e9, 1e9).map(lambda n: round(n, 6)),
                "boolean": st.none() | st.booleans(),
            },
        ),
        min_size=1,
        max_size=20,
    )
)
def test_any_values_are_stored_alike_both_ways(desk: Desk, records: list[dict[str, Any]]) -> None:
    texts = [json.dumps({"Id": n, **record}, separators=(",", ":")) for n, record in enumerate(records)]
    large, small = (either_way(desk, *texts, large=large) for large in (True, False))
    assert large[-1] == small[-1]


def test_usual_records_are_read_the_quick_way(desk: Desk) -> None:
    assert is_quick(desk, USUAL, '{"Id":2}', '{"Id":3,"text":"æøå","money":null}')


@pytest.mark.parametrize("odd", ["a key that no column has", "five decimals", "digits that a double drops"])
def test_odd_records_are_not(desk: Desk, odd: str) -> None:
    assert not is_quick(desk, USUAL, ODD[odd])


def test_large_amounts_are_read_the_quick_way_where_their_digits_are_few(desk: Desk) -> None:
    assert is_quick(desk, '{"Id":1,"money":-98765432109.87}')


def test_pages_read_together_keep_their_order(desk: Desk) -> None:
    desk.load("[]", stream=VALUES, scope=EVERYTHING)
    pages = [page(desk, f'{{"Id":1,"money":{n}}}', f'{{"Id":{n}}}', large=True) for n in range(2, 9)]
    loaded = desk.load(*pages, stream=VALUES, scope=EVERYTHING)
    assert loaded.rows == 8
    with desk.warehouse.connection() as connection:
        assert connection.execute("select money from raw_toy.values where id = 1").fetchone() == (Decimal(8),)


def test_a_page_in_doubt_does_not_lose_the_ones_beside_it(desk: Desk) -> None:
    desk.load("[]", stream=VALUES, scope=EVERYTHING)
    pages = [page(desk, f'{{"Id":{n}}}', large=True) for n in range(3)]
    pages.insert(1, page(desk, '{"Id":9,"Newcomer":1}', large=True))
    loaded = desk.load(*pages, stream=VALUES, scope=EVERYTHING)
    assert (loaded.rows, loaded.new, loaded.unknown) == (4, 4, ("Newcomer",))


def test_a_large_page_is_counted_when_it_is_added(desk: Desk) -> None:
    with desk.store.loading(VALUES, desk.sync) as loading:
        assert loading.add(page(desk, USUAL, '{"Id":2}', large=True)) == 2
        assert loading.distinct() == loading.rows == 2


@pytest.mark.parametrize("body", ["[]", "[ ]", "[\n]\n"])
def test_an_empty_page_adds_nothing_and_is_no_fault(desk: Desk, body: str) -> None:
    with desk.store.loading(VALUES, desk.sync) as loading:
        assert loading.add(desk.page(body)) == 0
        assert loading.add(page(desk, USUAL, large=True)) == 1
        assert loading.add(desk.page(body)) == 0
        assert loading.distinct() == 1


@pytest.mark.parametrize("body", ["[", "{}", "[}"])
def test_a_page_that_only_looks_empty_is_refused(desk: Desk, body: str) -> None:
    with pytest.raises(DoesNotFitError), desk.store.loading(VALUES, desk.sync) as loading:
        loading.add(desk.page(body))
