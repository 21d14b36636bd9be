"""Exact or not at all: what a source writes as text of a number, a date or a time is stored as just that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.stores import Desk
from tieout.catalog import Column, Kind, Stream
from tieout.warehouse.base import EVERYTHING, DoesNotFitError
from tieout.warehouse.duckdb import open_warehouse

VALUES = Stream(
    name="values",
    columns=(Column("id", "Id", Kind.INTEGER), *(Column(kind.value, kind.value, kind) for kind in Kind)),
)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("casts")
    warehouse = open_warehouse(folder / "w.duckdb", spool=folder / "spool")
    desk = Desk(warehouse, folder / "spool" / "source-1")
    desk.store.prepare([VALUES])
    yield desk
    warehouse.close()


def stored(desk: Desk, kind: Kind, *texts: str) -> list[Any]:
    """What becomes of JSON texts in a column of a kind, in order."""
    records = ",".join(f'{{"Id":{n},"{kind.value}":{text}}}' for n, text in enumerate(texts))
    desk.load(f"[{records}]", stream=VALUES, scope=EVERYTHING)
    with desk.warehouse.connection() as connection:
        found = connection.execute(f"select {kind.value} from raw_toy.values order by id").fetchall()
    return [value for (value,) in found]


EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (1990, 2200))
amounts = st.integers(-(10**18) + 1, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-4))


@FEW
@given(st.lists(amounts, min_size=1, max_size=50))
def test_every_amount_of_four_decimals_is_stored_to_the_digit(desk: Desk, values: list[Decimal]) -> None:
    assert stored(desk, Kind.MONEY, *(f"{value:f}" for value in values)) == values


@FEW
@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=50))
def test_amounts_that_went_through_a_double_are_stored_to_the_ore(desk: Desk, ore: list[int]) -> None:
    texts = [json.dumps(0.1 + value / 100 - 0.1) for value in ore]
    assert stored(desk, Kind.MONEY, *texts) == [Decimal(value).scaleb(-2) for value in ore]


@FEW
@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=50))
def test_every_integer_of_64_bits_is_stored_to_the_digit(desk: Desk, values: list[int]) -> None:
    assert stored(desk, Kind.INTEGER, *map(str, values)) == values


@FEW
@given(st.lists(st.datetimes(EARLIEST, LATEST), min_size=1, max_size=20), st.integers(-12, 14))
def test_a_time_keeps_its_instant_whatever_its_offset(desk: Desk, times: list[datetime], hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    aware = [time.replace(tzinfo=zone) for time in times]
    assert stored(desk, Kind.TIMESTAMP, *(json.dumps(time.isoformat()) for time in aware)) == aware


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.MONEY, "1234.5600000000001", Decimal("1234.56")),
        (Kind.MONEY, "1e3", Decimal(1000)),
        (Kind.MONEY, "-0.0", Decimal(0)),
        (Kind.MONEY, "9007199254740.9312", Decimal("9007199254740.9312")),
        (Kind.MONEY, '"12.50"', Decimal("12.5")),
        (Kind.NUMBER, "0.0851234567891234", Decimal("0.0851234568")),
        (Kind.NUMBER, "0.25", Decimal("0.25")),
        (Kind.INTEGER, "9007199254740993", 9007199254740993),
        (Kind.INTEGER, "1e3", 1000),
        (Kind.INTEGER, "12.0", 12),
        (Kind.DATE, '"2024-02-29"', date(2024, 2, 29)),
        (Kind.DATE, '"2024-02-29T00:00:00"', date(2024, 2, 29)),
        (Kind.TIMESTAMP, '"2024-01-31T10:00:00.1234569+02:00"', datetime(2024, 1, 31, 8, 0, 0, 123456, tzinfo=UTC)),
        (Kind.TIMESTAMP, '"2021-09-30 08:03:00.123456Z"', datetime(2021, 9, 30, 8, 3, 0, 123456, tzinfo=UTC)),
        (Kind.TIMESTAMP, '"2024-01-31T10:00:00"', datetime(2024, 1, 31, 10, tzinfo=UTC)),
        (Kind.BOOLEAN, "true", True),
        (Kind.TEXT, '"a\\"b\\":12345678901234567890, ø"', 'a"b":12345678901234567890, ø'),
        (Kind.TEXT, '"null"', "null"),
        (Kind.TEXT, "null", None),
        (Kind.TEXT, '""', ""),
        (Kind.JSON, '{"a":[1,2.5,null]}', '{"a":[1,2.5,null]}'),
        (Kind.JSON, "null", None),
    ],
)
def test_a_value_is_read_as_it_was_meant(desk: Desk, kind: Kind, text: str, value: object) -> None:
    assert stored(desk, kind, text) == [value]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.MONEY, "1.00005"),
        (Kind.MONEY, "1.0000001"),
        (Kind.MONEY, "100000000000000"),
        (Kind.MONEY, '"twelve"'),
        (Kind.MONEY, "true"),
        (Kind.NUMBER, "1e18"),
        (Kind.INTEGER, "1.7"),
        (Kind.INTEGER, "9223372036854775808"),
        (Kind.INTEGER, "9007199254740993.5"),
        (Kind.INTEGER, '"0x10"'),
        (Kind.INTEGER, '"1_000"'),
        (Kind.DATE, '"2024-01-31T10:00:00"'),
        (Kind.DATE, '"2023-02-29"'),
        (Kind.DATE, '"31.01.2024"'),
        (Kind.TIMESTAMP, '"yesterday"'),
        (Kind.TIMESTAMP, "1700000000"),
        (Kind.BOOLEAN, '"yes"'),
        (Kind.BOOLEAN, "1"),
        (Kind.UUID, '"42"'),
    ],
)
def test_what_does_not_fit_is_refused_and_its_value_never_told(desk: Desk, kind: Kind, text: str) -> None:
    with pytest.raises(DoesNotFitError) as refused:
        stored(desk, kind, text)
    assert refused.value.column == kind.value
    assert text.strip('"') not in str(refused.value)


@pytest.mark.parametrize("body", ['{"Id":1}', "[1, 2]", '[{"Id":1},{"Id":', "<html></html>", "[null]"])
def test_an_answer_that_is_no_list_of_records_is_refused(desk: Desk, body: str) -> None:
    with pytest.raises(DoesNotFitError):
        desk.load(body, stream=VALUES)


def test_noise_of_doubles_is_counted(desk: Desk) -> None:
    records = '[{"Id":1,"money":0.30000000000000004},{"Id":2,"money":0.3},{"Id":3,"money":null}]'
    assert desk.load(records, stream=VALUES, scope=EVERYTHING).noise == 1
