from __future__ import annotations

import json
import random

import pytest

from tieout.catalog import Choice, Column, Kind, Mark, Personal, Stream, Where
from tieout.connectors.emptying import emptying

STREAM = Stream(
    name="parties",
    columns=(
        Column("id", "Id", Kind.INTEGER),
        Column("name", "Name", Kind.TEXT, Mark(Personal.PEOPLE, (Where("is_person", ("true",), or_missing=True),))),
        Column("is_person", "IsPerson", Kind.BOOLEAN),
        Column(
            "text",
            "Text",
            Kind.TEXT,
            Mark(Personal.PAYROLL_TEXTS, (Where("type", ("Payroll",)), Where("employee_no"))),
        ),
        Column("type", "Type", Kind.TEXT),
        Column("employee_no", "EmployeeNo", Kind.INTEGER),
        Column("address", "Address", Kind.JSON, Mark(Personal.PEOPLE, (Where("is_person", ("true",)),))),
    ),
).as_chosen({Personal.PEOPLE: Choice.NOT_FETCHED, Personal.PAYROLL_TEXTS: Choice.NOT_FETCHED})


def emptied(text: str) -> str:
    change = emptying(STREAM)
    assert change is not None
    return change(text.encode()).decode()


def test_only_the_meant_values_of_the_meant_records_go_and_every_other_byte_stays() -> None:
    told = (
        '[ {"Id":1,"Name":"Fixture \\"Name\\": \\u00e6", "IsPerson" : true,"Balance":9007199254740.930,'
        '"Address":{"City":"Bø","Name":"x"}},'
        '\n{"Id":2,"Name":"Sag AS","IsPerson":false,"Address":{"City":"Oslo"}},{"Name":"A fixture pay","Id":3},'
        '{"Id":4,"IsPerson":false,"Type":"Payroll","Text":"Lønn fixture"},'
        '{"Id":5,"IsPerson":false,"EmployeeNo":7,"Text":"A fixture pay"},'
        '{"Id":6,"IsPerson":false,"Type":"Bank","EmployeeNo":null,"Text":"Strøm"} ]'
    )
    assert emptied(told) == (
        '[ {"Id":1,"Name":null, "IsPerson" : true,"Balance":9007199254740.930,"Address":null},'
        '\n{"Id":2,"Name":"Sag AS","IsPerson":false,"Address":{"City":"Oslo"}},{"Name":null,"Id":3},'
        '{"Id":4,"IsPerson":false,"Type":"Payroll","Text":null},{"Id":5,"IsPerson":false,"EmployeeNo":7,"Text":null},'
        '{"Id":6,"IsPerson":false,"Type":"Bank","EmployeeNo":null,"Text":"Strøm"} ]'
    )


def test_whatever_the_values_the_others_are_read_as_before() -> None:
    dice = random.Random(5)
    values = [None, True, 0, -1.25, 1e22, "", 'a"],[{\\', "\n}", [], [1, {"Name": "n"}], {"Text": "]"}]
    for _ in range(300):
        records = [
            {name: dice.choice(values) for name in ("Name", "IsPerson", "Other", "Text", "Type", "Address", "Name2")}
            for _ in range(dice.randrange(4))
        ]
        found = json.loads(emptied(json.dumps(records, indent=dice.choice([None, 1]))))
        for record, left in zip(records, found, strict=True):
            is_person = record["IsPerson"] is True or record["IsPerson"] is None
            expected = record | ({"Name": None} if is_person else {})
            assert left == expected | ({"Address": None} if record["IsPerson"] is True else {})


@pytest.mark.parametrize("text", ["", "[{", '[{"Id":1}', "{}", "[1]", '[{"Id":1}] x'])
def test_what_is_no_whole_array_of_records_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        emptied(text)


def test_a_stream_that_lacks_nothing_is_left_as_it_comes() -> None:
    assert emptying(Stream(name="parties", columns=STREAM.columns)) is None
