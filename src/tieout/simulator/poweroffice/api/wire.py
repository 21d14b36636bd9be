"""How values look on the vendor's wire (contract 5.4): numbers with their exact digits, stamps with 100-ns digits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import orjson


def money(hundredths: int | None) -> orjson.Fragment | None:
    """Øre, or hundredths of a document's currency, as a JSON number."""
    return None if hundredths is None else orjson.Fragment(_scaled(hundredths, 2))


def ratio(basis_points: int | None) -> orjson.Fragment | None:
    """Basis points as a share of one: 2500 is 0.25."""
    return None if basis_points is None else orjson.Fragment(_scaled(basis_points, 4))


def percent(basis_points: int | None) -> orjson.Fragment | None:
    """Basis points as percent: 250 is 2.5."""
    return None if basis_points is None else orjson.Fragment(_scaled(basis_points, 2))


def rate(millionths: int | None) -> orjson.Fragment | None:
    """Millionths as a JSON number."""
    return None if millionths is None else orjson.Fragment(_scaled(millionths, 6))


def _scaled(value: int, places: int) -> bytes:
    sign = "-" if value < 0 else ""
    digits = f"{abs(value):0{places + 1}d}"
    decimals = digits[-places:].rstrip("0")
    return f"{sign}{digits[:-places]}{'.' + decimals if decimals else ''}".encode()


def stamp(moment: datetime | None, record_id: int = 0) -> str | None:
    """An instant with seven decimals; the last is the record's own, so that nobody gets away with microseconds."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f')}{record_id % 10}+00:00"


def ticks(moment: datetime, record_id: int = 0) -> tuple[datetime, int]:
    """The same instant for comparing: microseconds and the seventh decimal."""
    return moment, record_id % 10


def day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()
