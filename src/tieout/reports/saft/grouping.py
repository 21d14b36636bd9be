"""Which code of the tax authority's income statement (næringsspesifikasjon) an account goes to.

The source does not know. A rule gives a first answer, which is a guess until a person confirms it: it validates, but 1250
Inventar lands among vans and trucks.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

APPROPRIATION = range(8800, 9000)  # transfers of the year's result have one code
_APPROPRIATED = 8800


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Where an account goes: GroupingCategory and GroupingCode as they stand in the file."""

    category: str
    code: str
    is_confirmed: bool = False


def seed(account_no: int) -> Grouping:
    """The code of the account's own number, else the nearest below it in its group (first two digits), class, or at all."""
    number = account_no
    while number > 9999:  # 1920001 is a bank account as 1920 is
        number //= 10
    if number in APPROPRIATION:
        number = _APPROPRIATED
    codes = _codes()
    numbers = list(codes)
    for digits in (2, 1, 0):
        same = [code for code in numbers if str(code)[:digits] == str(number)[:digits]]
        if same:
            found = same[max(bisect_right(same, number) - 1, 0)]
            return Grouping(category=codes[found], code=str(found))
    raise AssertionError("the list of codes is not empty")


def is_known(grouping: Grouping) -> bool:
    """Whether category and code belong together in the tax authority's list."""
    return grouping.code.isdigit() and _codes().get(int(grouping.code)) == grouping.category


def of_code(code: str) -> Grouping | None:
    """The grouping that a person chooses by its code alone: each stands in one category. None for no such code."""
    category = _codes().get(int(code)) if code.isascii() and code.isdigit() and len(code) < 6 else None
    return Grouping(category=category, code=str(int(code)), is_confirmed=True) if category else None


def every() -> list[Grouping]:
    """All groupings that there are, by code."""
    return [Grouping(category=category, code=str(code)) for code, category in _codes().items()]


@cache
def _codes() -> Mapping[int, str]:
    """Code -> category, by code, for companies other than banks and insurers."""
    with files("tieout.reports.saft").joinpath("grouping_codes.csv").open(encoding="utf-8") as file:
        return {int(row["code"]): row["category"] for row in csv.DictReader(file)}
