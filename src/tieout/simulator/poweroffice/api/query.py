"""What a query parameter may hold, and what it lets through (contract 5.1, 5.3)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from tieout.simulator.books.model import Books

Keep: TypeAlias = Callable[[Any, Books], bool]  # record, books -> whether it stays
Instant: TypeAlias = tuple[datetime, int]  # microseconds, and the seventh decimal

BLANK_DIMENSION = "-1"  # rows without that dimension
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7}))?)?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE
)


class BadValueError(ValueError):
    """A parameter's value has the wrong form; answered with 400."""


class NotSimulatedError(ValueError):
    """The vendor documents this parameter; the simulator does not have it. Answered with 400, never ignored."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter: `parse` reads its text (raises BadValueError), `keeps` builds the test for records."""

    parse: Callable[[str], Any]
    keeps: Callable[[Any], Keep]


def instant(text: str) -> Instant:
    """An ISO instant with up to seven decimals; without an offset it is UTC (contract 11.23)."""
    match = _INSTANT.fullmatch(text.strip())
    if not match:
        raise BadValueError(f"The value '{text}' is not valid.")
    on, at, decimals, offset = match.groups()
    digits = (decimals or "").ljust(7, "0")
    try:
        moment = datetime.fromisoformat(f"{on}T{at or '00:00'}{_offset(offset)}").astimezone(UTC)
    except ValueError as error:
        raise BadValueError(f"The value '{text}' is not valid.") from error
    return moment + timedelta(microseconds=int(digits[:6])), int(digits[6])


def _offset(text: str | None) -> str:
    return "+00:00" if text is None or text.upper() == "Z" else text


def a_date(text: str) -> date:
    """The date part counts, time and offset are ignored (contract 5.3)."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise BadValueError(f"The value '{text}' is not valid.") from error


def a_bool(text: str) -> bool:
    if text.strip().lower() not in ("true", "false"):
        raise BadValueError(f"The value '{text}' is not valid.")
    return text.strip().lower() == "true"


def an_int(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadValueError(f"The value '{text}' is not valid.") from error


def codes(text: str) -> frozenset[str]:
    return frozenset(code.strip() for code in text.split(",") if code.strip())


def uuids(text: str) -> frozenset[UUID]:
    try:
        return frozenset(UUID(item) for item in codes(text))
    except ValueError as error:
        raise BadValueError(f"The value '{text}' is not valid.") from error


def numbers(text: str) -> Callable[[int | None], bool]:
    """`1-5, 7, 9-`: inclusive ranges, the last may be open."""
    spans = []
    for part in codes(text):
        match = re.fullmatch(r"(\d+)(?:\s*(-)\s*(\d*))?", part)
        if not match:
            raise BadValueError(f"The value '{text}' is not valid.")
        first, is_range, last = match.groups()
        spans.append((int(first), (int(last) if last else None) if is_range else int(first)))
    return lambda number: number is not None and any(a <= number and (b is None or number <= b) for a, b in spans)


def after(stamp_of: Callable[[Any], Instant | None]) -> Filter:
    """`...GreaterThan`: strictly, at 100 ns; records without the stamp never match (contract 11.21, 11.24)."""

    def keeps(moment: Instant) -> Keep:
        def keep(record: Any, _books: Books) -> bool:
            own = stamp_of(record)
            return own is not None and own > moment

        return keep

    return Filter(instant, keeps)


def numbered(number_of: Callable[[Any, Books], int | None]) -> Filter:
    """A list of numbers and ranges."""
    return Filter(numbers, lambda test: lambda record, books: test(number_of(record, books)))


def coded(code_of: Callable[[Any, Books], str | None], *, blank: bool = False) -> Filter:
    """A list of codes; with `blank`, -1 is for rows without one."""

    def keeps(wanted: frozenset[str]) -> Keep:
        def keep(record: Any, books: Books) -> bool:
            code = code_of(record, books)
            return code in wanted or (blank and code is None and BLANK_DIMENSION in wanted)

        return keep

    return Filter(codes, keeps)


def equal(parse: Callable[[str], Any], value_of: Callable[[Any, Books], Any]) -> Filter:
    """One value that must be met exactly."""
    return Filter(parse, lambda wanted: lambda record, books: value_of(record, books) == wanted)


def among(parse: Callable[[str], Any], value_of: Callable[[Any, Books], Any]) -> Filter:
    """A set of values, one of which must be met."""
    return Filter(parse, lambda wanted: lambda record, books: value_of(record, books) in wanted)


def touching(value_of: Callable[[Any, Books], Any]) -> Filter:
    """A list of ids, one of which must be among the record's own."""

    def parse(text: str) -> frozenset[int]:
        return frozenset(an_int(item) for item in codes(text))

    return Filter(parse, lambda wanted: lambda record, books: not wanted.isdisjoint(value_of(record, books)))


def since(day_of: Callable[[Any], date | None]) -> Filter:
    """`fromDate`, inclusive."""
    return Filter(a_date, lambda first: lambda record, _: (own := day_of(record)) is not None and own >= first)


def until(day_of: Callable[[Any], date | None]) -> Filter:
    """`toDate`, inclusive."""
    return Filter(a_date, lambda last: lambda record, _: (own := day_of(record)) is not None and own <= last)


def when(parse: Callable[[str], bool], keep: Keep) -> Filter:
    """A flag: true keeps what `keep` says, false keeps everything."""
    return Filter(parse, lambda wanted: keep if wanted else lambda _record, _books: True)


def unused(parse: Callable[[str], Any] = str) -> Filter:
    """A parameter that the endpoint itself reads, or that changes nothing here."""
    return Filter(parse, lambda _value: lambda _record, _books: True)


def _refuse(_text: str) -> Any:
    raise NotSimulatedError


NOT_SIMULATED = Filter(_refuse, lambda _value: lambda _record, _books: False)
