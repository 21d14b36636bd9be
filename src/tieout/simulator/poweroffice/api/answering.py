"""From an understood question to an answer: rows, filtered, ordered, a page of them, as JSON."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from starlette.responses import Response

from tieout.simulator.poweroffice.api.asking import Asked
from tieout.simulator.poweroffice.api.endpoint import Endpoint, Shape
from tieout.simulator.poweroffice.api.view import View
from tieout.simulator.poweroffice.gateway import answers

_JSON = orjson.OPT_NON_STR_KEYS


@dataclass(slots=True)
class Disturbance:
    """What a fault does to the rows of one answer."""

    lag: float = 0  # seconds: rows made since then can't be seen
    shift: int = 0  # rows by which later pages have moved: 1 leaves one out, -1 repeats one
    without_header: bool = False
    changes: list[str] = field(default_factory=list)  # unknown_enum, extra_member, missing_member


@dataclass(frozen=True, slots=True)
class Address:
    """Where the question was sent, for links."""

    url: str  # without query
    query: tuple[tuple[str, str], ...]
    instance: str  # path, for ProblemDetails

    def page(self, number: int) -> str:
        kept = [(name, value) for name, value in self.query if name.lower() != "pagenumber"]
        return f"{self.url}?{urlencode([*kept, ('PageNumber', str(number))])}"


def answer(endpoint: Endpoint, asked: Asked, view: View, address: Address, disturbance: Disturbance) -> Response:
    """The vendor's answer to a question that it understood."""
    found = endpoint.rows(view)
    if found is None:
        return answers.problem(404, "The entity was not found, or is not accessible.", address.instance)
    if endpoint.shape is Shape.FILE:
        return _zip(found)
    rows = _kept(endpoint, asked, view, found)
    rows = list(view.seen(rows))
    if disturbance.lag:
        rows = _visible(rows, view.now - timedelta(seconds=disturbance.lag))
    if endpoint.shape is Shape.OBJECT:
        return _object(endpoint, asked, view, rows, address)
    if endpoint.shape is Shape.LIST:
        return _body(_made(endpoint, asked, view, rows))
    if _is_too_many(rows, asked, view):
        return answers.problem(500, "The query took too long.", address.instance)
    return _page(endpoint, asked, view, address, _ordered(endpoint, asked, view, rows), disturbance)


def _kept(endpoint: Endpoint, asked: Asked, view: View, found: Iterable[Any]) -> list[Any]:
    rows = list(found)
    for parameter, value in asked.filters:
        assert parameter.keep is not None
        test = parameter.keep(value, view)
        if test is not None:
            rows = [row for row in rows if test(row)]
    return rows


def _visible(rows: list[Any], until: datetime) -> list[Any]:
    """Without what a replica has not seen yet."""
    return [row for row in rows if (made := getattr(row, "created", None)) is None or made <= until]


def _is_too_many(rows: Sequence[Any], asked: Asked, view: View) -> bool:
    return 0 < view.options.most_rows_in_span < len(rows) and "fromDate" in asked.given


def _ordered(endpoint: Endpoint, asked: Asked, view: View, rows: list[Any]) -> list[Any]:
    if not asked.order and view.options.order == "shuffled":
        return random.sample(rows, len(rows))
    for name, descending in reversed(asked.order):
        get = endpoint.columns[name]
        rows.sort(key=lambda row, get=get: _sortable(get(row, view)), reverse=descending)  # type: ignore[misc]
    return rows


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value if value is not None else 0


def _page(
    endpoint: Endpoint, asked: Asked, view: View, address: Address, rows: list[Any], disturbance: Disturbance
) -> Response:
    shift = disturbance.shift if asked.page > 1 else 0
    start = (asked.page - 1) * asked.size + shift
    total = len(rows) - shift
    page = _made(endpoint, asked, view, rows[start : start + asked.size])
    for change in disturbance.changes:
        _disturb(page, change)
    headers = {} if disturbance.without_header else _pagination(asked, address, total, view.options.pagination_keys)
    if not page and view.options.past_the_end == "204":
        return Response(status_code=204, headers=headers)
    return _body(page, headers)


def _pagination(asked: Asked, address: Address, total: int, keys: str) -> dict[str, str]:
    if keys == "none":
        return {}
    last = -(-total // asked.size)
    told = {
        "totalCount": total,
        "pageSize": asked.size,
        "currentPage": asked.page,
        "totalPages": last,
        "previousPageLink": address.page(asked.page - 1) if 1 < asked.page <= last + 1 else None,
        "nextPageLink": address.page(asked.page + 1) if asked.page < last else None,
    }
    if keys == "pascal":
        told = {name[0].upper() + name[1:]: value for name, value in told.items()}
    return {"X-Pagination": orjson.dumps(told).decode()}


def _made(endpoint: Endpoint, asked: Asked, view: View, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The properties asked for, of each row."""
    gets = [(name, endpoint.columns[name]) for name in asked.fields]
    made = [{name: get(row, view) for name, get in gets} for row in rows]
    if view.options.nulls == "omitted":
        return [{name: value for name, value in one.items() if value is not None} for one in made]
    return made


def _object(endpoint: Endpoint, asked: Asked, view: View, rows: Sequence[Any], address: Address) -> Response:
    if not rows:
        return answers.problem(404, "The entity was not found, or is not accessible.", address.instance)
    return _body(_made(endpoint, asked, view, rows[:1])[0])


def _zip(files: Iterable[tuple[str, bytes]]) -> Response:
    """The files packed, always into the same bytes; 204 where there are none (contract 6.1)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content)
        is_empty = not archive.namelist()
    return Response(status_code=204) if is_empty else Response(packed.getvalue(), media_type="application/zip")


def _body(body: object, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body, option=_JSON), 200, headers, "application/json; charset=utf-8")


def _disturb(page: list[dict[str, Any]], change: str) -> None:
    """What may come one day: members that are new or gone, words that nobody knows (contract 12.8)."""
    for row in page:
        if change == "extra_member":
            row["AddedLater"] = "simulated"
        elif change == "unknown_enum" and "VoucherType" in row:
            row["VoucherType"] = "SimulatedNewType"
        elif change == "missing_member" and "Description" in row:
            del row["Description"]
