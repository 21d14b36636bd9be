"""What the source has now, row by row and typed as the warehouse stores it: straight from the books, no request is made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from tests.simulation.office import Office
from tieout.catalog import Column, How, Kind, Stream
from tieout.connectors.poweroffice.streams import BY_NAME, STREAMS
from tieout.simulator.poweroffice.api.endpoint import Endpoint
from tieout.simulator.poweroffice.api.table import ENDPOINTS
from tieout.simulator.poweroffice.api.view import View

Row = tuple[Any, ...]
Table = dict[tuple[Any, ...], Row]  # by primary key; values in the order of the stream's columns

_TO_THE_MICROSECOND = re.compile(r"(\.\d{6})\d+")
_SOURCES = {endpoint.path: endpoint for endpoint in ENDPOINTS}
_OF_ALL_DATES = {"fromDate": date(1900, 1, 1), "toDate": date(2199, 12, 31), "includeExpired": True}
KEPT = tuple(stream for stream in STREAMS if stream.how is not How.SNAPSHOT)  # streams that are a list, now
PICTURES = tuple(stream for stream in STREAMS if stream.how is How.SNAPSHOT and not stream.parent)  # of today


def tables(office: Office) -> dict[str, Table]:
    """Every stream that is a list of the source's, whole. Snapshots are of a date and are compared elsewhere."""
    with office.service.reading:
        return {stream.name: dict(_rows(office, stream)) for stream in KEPT}


def key_of(stream: Stream, row: Row) -> tuple[Any, ...]:
    names = [column.name for column in stream.columns]
    return tuple(row[names.index(name)] for name in stream.primary_key)


def _rows(office: Office, stream: Stream) -> Iterator[tuple[tuple[Any, ...], Row]]:
    source = _SOURCES[BY_NAME[stream.name].path.replace("{parent}", "{id}")]
    for parent in _parents(office, stream):
        for found in _found(office, source, parent):
            told = found if not stream.parent_column else {**found, _field(stream): parent}
            row = tuple(typed(column, told.get(column.field or column.name)) for column in stream.columns)
            yield key_of(stream, row), row


def _parents(office: Office, stream: Stream) -> list[str | None]:
    if stream.how is not How.PARENTS:
        return [None]
    books = office.activation.books
    shelf = books.outgoing if stream.parent == "outgoing_invoices" else books.orders
    return [str(number) for number in shelf]


def _field(stream: Stream) -> str:
    column = stream.column(stream.parent_column or "")
    return column.field or column.name


def _found(office: Office, source: Endpoint, parent: str | None) -> list[dict[str, Any]]:
    """Rows as the wire has them: made by the endpoint's own columns, through JSON and back."""
    path = {"id": parent} if parent is not None else {}
    service = office.service
    view = View(office.activation.books, service.clock.now(), service.options, given=_OF_ALL_DATES, path=path)
    view.privileges, view.subscriptions = (
        service.privileges(office.activation),
        service.subscriptions(office.activation),
    )
    made = [{name: get(row, view) for name, get in source.columns.items()} for row in source.rows(view) or ()]
    told: list[dict[str, Any]] = json.loads(orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS), parse_float=Decimal)
    return told


def typed(column: Column, value: Any) -> Any:
    """A value of the wire as Python reads it from the warehouse."""
    if value is None:
        return None
    match column.kind:
        case Kind.TEXT:
            return value if isinstance(value, str) else json.dumps(value)
        case Kind.INTEGER:
            return int(value)
        case Kind.MONEY | Kind.NUMBER:
            return round(Decimal(value), 10)
        case Kind.DATE:
            return date.fromisoformat(value[:10])
        case Kind.TIMESTAMP:
            told = datetime.fromisoformat(_TO_THE_MICROSECOND.sub(r"\1", value))
            return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)
        case Kind.UUID:
            return UUID(value)
        case Kind.JSON:
            return json.dumps(value, sort_keys=True, default=float)
        case _:
            return value
