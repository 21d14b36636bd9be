"""Filters as the vendor understands them (contract 5.3): how a value is read, and which rows it keeps.

Each function here makes one Parameter for the table of endpoints. `get` gives a row's value: (row, view) -> value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID

from tieout.simulator.poweroffice.api.view import HOME, View

Get: TypeAlias = Callable[[Any, View], Any]
Test: TypeAlias = Callable[[Any], bool]
Keep: TypeAlias = Callable[[Any, View], Test | None]  # (parsed value, view) -> which rows stay; None: all

WITHOUT = "-1"  # of dimension codes: rows that have none
_RANGE = re.compile(r"(\d+)(?:\s*(-)\s*(\d*))?")


@dataclass(frozen=True, slots=True)
class Parameter:
    """`parse` raises ValueError with what is wrong. A parameter without `keep` is read by the rows themselves."""

    name: str
    parse: Callable[[str], Any]
    keep: Keep | None = None
    is_required: bool = False


def changed_after(name: str, get: Get) -> Parameter:
    """Strictly later than an instant; rows without one stay away (contract 5.3, 11.21, 11.23, 11.24: switches)."""

    def keep(told: datetime, view: View) -> Test:
        options = view.options
        after = _placed(told, options.naive_times)
        if options.stamp_precision == "exact" and options.null_changes == "left out":
            return lambda row: (value := get(row, view)) is not None and value > after
        cut, with_nulls = _CUTS[options.stamp_precision], options.null_changes == "returned"
        floor = cut(after)
        return lambda row: with_nulls if (value := get(row, view)) is None else cut(value) > floor

    return Parameter(name, time_as_told, keep)


_CUTS: dict[str, Callable[[datetime], datetime]] = {
    "exact": lambda stamp: stamp,
    "milliseconds": lambda stamp: stamp.replace(microsecond=stamp.microsecond // 1000 * 1000),
    "seconds": lambda stamp: stamp.replace(microsecond=0),
}


def _placed(told: datetime, naive_times: str) -> datetime:
    """A time without offset is UTC, or Norwegian where the switch says so."""
    home = HOME if naive_times == "oslo" else UTC
    return (told if told.tzinfo else told.replace(tzinfo=home)).astimezone(UTC)


def from_date(get: Get, *, required: bool = False) -> Parameter:
    def keep(first: date, view: View) -> Test:
        return lambda row: (value := get(row, view)) is not None and value >= first

    return Parameter("fromDate", day, keep, required)


def to_date(get: Get, *, required: bool = False) -> Parameter:
    def keep(last: date, view: View) -> Test:
        return lambda row: (value := get(row, view)) is not None and value <= last

    return Parameter("toDate", day, keep, required)


def numbers(name: str, get: Get) -> Parameter:
    """Numbers and inclusive ranges: 1-5, 7, 9-."""

    def keep(spans: list[tuple[int, float]], view: View) -> Test:
        def test(row: Any) -> bool:
            value = get(row, view)
            return value is not None and any(first <= int(value) <= last for first, last in spans)

        return test

    return Parameter(name, _spans, keep)


def words(name: str, get: Get) -> Parameter:
    """A list of codes or names, exactly as they are spelt."""

    def keep(wanted: set[str], view: View) -> Test:
        return lambda row: str(get(row, view)) in wanted

    return Parameter(name, _words, keep)


def codes(name: str, get: Get) -> Parameter:
    """Codes of a dimension, where -1 means rows without one."""

    def keep(wanted: set[str], view: View) -> Test:
        def test(row: Any) -> bool:
            value = get(row, view)
            return (WITHOUT if value is None else value) in wanted

        return test

    return Parameter(name, _words, keep)


def projects(name: str, get: Get, *, children: str) -> Parameter:
    """Codes of projects; the flag `children` takes their sub-projects (code `parent.sub`) along."""

    def keep(wanted: set[str], view: View) -> Test:
        def test(row: Any) -> bool:
            value = get(row, view)
            if value is None:
                return WITHOUT in wanted
            return value in wanted or (view.given.get(children) is True and value.split(".")[0] in wanted)

        return test

    return Parameter(name, _words, keep)


def ids(name: str, get: Get) -> Parameter:
    """A list of ids. `get` may give one, or all that a row has."""

    def keep(wanted: set[str], view: View) -> Test:
        def test(row: Any) -> bool:
            value = get(row, view)
            return any(str(one) in wanted for one in value) if isinstance(value, tuple) else str(value) in wanted

        return test

    return Parameter(name, lambda text: {word.lower() for word in _words(text)}, keep)


def part_of(name: str, get: Get) -> Parameter:
    """Text that a row's value holds, whatever the case."""

    def keep(text: str, view: View) -> Test:
        return lambda row: text.lower() in str(get(row, view) or "").lower()

    return Parameter(name, str, keep)


def flag(name: str, get: Get) -> Parameter:
    """Rows for which the flag is as asked."""

    def keep(wanted: bool, view: View) -> Test:
        return lambda row: bool(get(row, view)) is wanted

    return Parameter(name, boolean, keep)


def only(name: str, get: Get) -> Parameter:
    """Asked with true, rows for which this holds; with false, all."""

    def keep(wanted: bool, view: View) -> Test | None:
        return (lambda row: bool(get(row, view))) if wanted else None

    return Parameter(name, boolean, keep)


def excluding(name: str, get: Get) -> Parameter:
    """Asked with true, rows for which this does not hold; with false, all."""
    return only(name, lambda row, view: not get(row, view))


def plain(name: str, parse: Callable[[str], Any], *, required: bool = False) -> Parameter:
    """A parameter that filters nothing by itself."""
    return Parameter(name, parse, None, required)


def time_as_told(text: str) -> datetime:
    """An ISO time, with or without offset. Stamps have whole microseconds, so that more digits may be cut."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a valid date-time") from None


def day(text: str) -> date:
    """Only the date part counts."""
    try:
        datetime.fromisoformat(text.strip())
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise ValueError(f"'{text}' is not a valid date") from None


def boolean(text: str) -> bool:
    if text.strip().lower() not in ("true", "false"):
        raise ValueError(f"'{text}' is not a valid boolean")
    return text.strip().lower() == "true"


def whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a valid integer") from None


def uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValueError(f"'{text}' is not a valid uuid") from None


def one_of(*names: str) -> Callable[[str], str]:
    """An enum by its member's name."""

    def parse(text: str) -> str:
        if text not in names:
            raise ValueError(f"'{text}' is not one of {', '.join(names)}")
        return text

    return parse


def enum(name: str, members: tuple[str, ...], get: Get) -> Parameter:
    def keep(wanted: str, view: View) -> Test:
        return lambda row: get(row, view) == wanted

    return Parameter(name, one_of(*members), keep)


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",") if word.strip()}


def _spans(text: str) -> list[tuple[int, float]]:
    spans: list[tuple[int, float]] = []
    for part in filter(str.strip, text.split(",")):
        found = _RANGE.fullmatch(part.strip())
        if found is None:
            raise ValueError(f"'{text}' is not a list of numbers and ranges")
        first, dash, last = found.groups()
        spans.append((int(first), int(last) if last else float("inf") if dash else int(first)))
    return spans
