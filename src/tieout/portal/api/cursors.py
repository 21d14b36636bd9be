"""Walking a list in pages that do not shift: a cursor is the place after the last row given, not a number of rows."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field as Bounds

from tieout.portal.api.problems import Problem, invalid

USUAL, MOST = 50, 200
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class Page(Schema, Generic[Item]):
    """Some of a list. `next` goes into `cursor` of the next request; null: this was the last page."""

    items: list[Item]
    next: str | None


class Place(Schema):
    """Where in a list, and how much of it."""

    cursor: str = Bounds("", max_length=2_000, description="`next` of the page before")
    limit: int = Bounds(USUAL, ge=1, le=MOST, description="at most so many")


def paged(rows: QuerySet[Row], place: Place, shaped: Callable[[Row], Any], *, by: Sequence[str]) -> dict[str, Any]:
    """A page of rows in the order of the fields `by` ("-at" is downwards), which together tell rows apart."""
    if place.cursor:
        rows = rows.filter(_after(rows.model, by, read(place.cursor, len(by))))
    found = list(rows.order_by(*by)[: place.limit + 1])
    some, has_more = found[: place.limit], len(found) > place.limit
    last = [_plain(getattr(some[-1], name.removeprefix("-"))) for name in by] if has_more else None
    return {"items": [shaped(row) for row in some], "next": write(last) if last else None}


def paged_list(rows: Sequence[Any], place: Place, shaped: Callable[[Any], Any]) -> dict[str, Any]:
    """A page of a list that never changes once it is there."""
    first = place_of(place)
    following = first + place.limit
    more = write([following]) if following < len(rows) else None
    return {"items": [shaped(row) for row in rows[first:following]], "next": more}


def paged_rows(
    rows: Iterable[Any], place: Place, shaped: Callable[[Any], Any], *, key: Callable[[Any], tuple[Any, ...]]
) -> dict[str, Any]:
    """A page of rows that no query orders, in the order of `key`: plain values that tell rows apart and never change."""
    following = sorted(rows, key=key)
    if place.cursor:
        last = read(place.cursor, len(key(following[0]))) if following else []
        try:
            following = [row for row in following if key(row) > tuple(last)]
        except TypeError as error:
            raise not_ours() from error
    some = following[: place.limit]
    more = write(key(some[-1])) if len(following) > len(some) else None
    return {"items": [shaped(row) for row in some], "next": more}


def place_of(place: Place) -> int:
    """Where a page of a list begins that never changes. Raises Problem."""
    first = read(place.cursor, 1)[0] if place.cursor else 0
    if not isinstance(first, int) or isinstance(first, bool) or not 0 <= first < 2**40:
        raise not_ours()
    return first


def write(values: Sequence[Any]) -> str:
    """A cursor of plain values."""
    return base64.urlsafe_b64encode(orjson.dumps(list(values))).decode().rstrip("=")


def read(cursor: str, many: int) -> list[Any]:
    """The values of a cursor. Raises Problem."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        values = orjson.loads(raw)
    except (binascii.Error, ValueError) as error:
        raise not_ours() from error
    if not isinstance(values, list) or len(values) != many:
        raise not_ours()
    return values


def _after(model: type[Model], by: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows that come after those values: the first field beyond it, or equal and the second beyond, and so on."""
    found, equal = Q(pk__in=[]), Q()
    for name, value in zip(by, values, strict=True):
        field = name.removeprefix("-")
        known = _typed(model, field, value)
        found |= equal & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": known})
        equal &= Q(**{field: known})
    return found


def _typed(model: type[Model], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    try:
        known = field.to_python(value)
    except (ValidationError, TypeError, ValueError) as error:
        raise not_ours() from error
    if known is None or (isinstance(known, datetime) and known.tzinfo is None):
        raise not_ours()
    return known


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def not_ours() -> Problem:
    """What a cursor is answered that we never gave."""
    return invalid([("cursor", _("This cursor is not one of ours. Begin the list again."))])
