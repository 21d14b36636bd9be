"""How any GET endpoint answers: parameters checked, records filtered, ordered, paged and shown (contract 5, 8)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import orjson

from tieout.simulator.books.model import Books
from tieout.simulator.poweroffice.api.dto_shared import Row
from tieout.simulator.poweroffice.api.query import BadValueError, Filter, Keep, NotSimulatedError, a_bool, an_int
from tieout.simulator.poweroffice.options import Options

NORWAY = ZoneInfo("Europe/Oslo")
PAGE_SIZE = 5_000
MAX_PAGE_SIZE = 20_000
Parsed = dict[str, Any]  # parameter in lower case -> its value


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """What ClientIntegrationInformation tells about the company and this integration."""

    client_id: str
    client_name: str
    valid_privileges: tuple[str, ...]
    invalid_privileges: tuple[str, ...]
    subscriptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, understood."""

    books: Books
    path_values: Mapping[str, str]
    values: Parsed
    options: Options
    client: ClientView
    shifts: bool = False  # a fault: an earlier page's row is gone when the next page is asked for

    @property
    def today(self) -> date:
        return self.books.now.astimezone(NORWAY).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One row of the vendor's list of endpoints. `rows` raises LookupError where the path leads to nothing (404).

    `key` is the record's identity, for OrderBy its default. `changes` says that a row depends on the question as well
    (a balance at a date), so that rows can't be kept ready. `module` is the subscription that stands behind it.
    """

    path: str
    rows: Callable[[Asked], Iterable[Any]]
    show: Callable[[Asked, Any], Row]
    key: Callable[[Any], Any] = lambda record: record.id
    filters: Mapping[str, Filter] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    module: str | None = "Accounting"
    is_paged: bool = True
    is_single: bool = False
    changes: Callable[[Asked], bool] = lambda _asked: False


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body (empty for 204) and headers of our own."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def problem(status: int, title: str, detail: str, *, instance: str = "") -> Answer:
    """ProblemDetails, lower case as seen on the wire (contract 8.1)."""
    body = {
        "type": f"https://httpstatuses.io/{status}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    return Answer(status, orjson.dumps(body), {"Content-Type": "application/problem+json"})


def answer(
    endpoint: Endpoint,
    books: Books,
    path_values: Mapping[str, str],
    params: list[tuple[str, str]],
    *,
    options: Options,
    client: ClientView,
    shifts: bool = False,
) -> Answer:
    """Answer one authorised request. Required parameters are known to be there; the gateway saw to that."""
    try:
        values, keeps = _understand(endpoint, params)
        asked = Asked(
            books=books, path_values=path_values, values=values, options=options, client=client, shifts=shifts
        )
        size, number = _page_wanted(values, options) if endpoint.is_paged else (0, 1)
        records = [record for record in endpoint.rows(asked) if all(keep(record, books) for keep in keeps)]
        records = _visible(records, asked)
        if endpoint.is_single:
            return Answer(200, _serialised(endpoint, asked, records[:1])[0])
        if not endpoint.is_paged:
            return _array(endpoint, asked, records) if records else Answer(204)
        return _page(endpoint, asked, _ordered(endpoint, asked, records), size, number, params)
    except NotSimulatedError as error:
        return problem(400, "Bad Request", f"The parameter '{error}' is documented by the vendor and not simulated.")
    except BadValueError as error:
        return problem(400, "Bad Request", str(error), instance=endpoint.path)
    except LookupError:
        return problem(404, "Not Found", "The entity does not exist or is not available.", instance=endpoint.path)


COMMON: Mapping[str, Callable[[str], Any]] = {
    "pagenumber": an_int,
    "pagesize": an_int,
    "fields": str,
    "orderby": str,
    "usedatabasevalidation": a_bool,
}


def _understand(endpoint: Endpoint, params: list[tuple[str, str]]) -> tuple[Parsed, list[Keep]]:
    known = {name.lower(): found for name, found in endpoint.filters.items()}
    values: Parsed = {}
    keeps: list[Keep] = []
    for name, text in params:
        low = name.lower()
        if not text.strip():
            if low not in known and low not in COMMON:
                raise BadValueError(f"The query parameter '{name}' is not supported.")
            continue  # blank: the filter is off (contract 5.3)
        if endpoint.is_paged and low in COMMON:
            values[low] = COMMON[low](text)
        elif low in known:
            try:
                values[low] = known[low].parse(text)
            except NotSimulatedError as error:
                raise NotSimulatedError(name) from error
            keeps.append(known[low].keeps(values[low]))
        else:
            raise BadValueError(f"The query parameter '{name}' is not supported.")
    return values, keeps


def _page_wanted(values: Parsed, options: Options) -> tuple[int, int]:
    size, number = values.get("pagesize", PAGE_SIZE), values.get("pagenumber", 1)
    if options.page_size_beyond == "clamp":
        return min(max(size, 1), MAX_PAGE_SIZE), max(number, 1)
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise BadValueError(f"PageSize must be between 1 and {MAX_PAGE_SIZE}.")
    if number < 1:
        raise BadValueError("PageNumber must be 1 or greater.")
    return size, number


def _visible(records: list[Any], asked: Asked) -> list[Any]:
    """Without what a lagging replica does not have yet (contract 11.25)."""
    lag = asked.options.lag_seconds
    if not lag:
        return records
    newest = asked.books.now - timedelta(seconds=lag)
    return [record for record in records if _stamp(record) <= newest]


def _stamp(record: Any) -> datetime:
    found: datetime | None = getattr(record, "changed", None)
    return found or datetime.min.replace(tzinfo=NORWAY)


def _ordered(endpoint: Endpoint, asked: Asked, records: list[Any]) -> list[Any]:
    wanted = asked.values.get("orderby", "")
    if not wanted:
        if asked.options.order == "shuffled":
            random.shuffle(records)
        return records
    for term in reversed([term.split() for term in wanted.split(",") if term.strip()]):
        name, is_descending = term[0], len(term) > 1 and term[1].lower() == "desc"
        if len(term) > 2 or (len(term) == 2 and term[1].lower() not in ("asc", "desc")):
            raise BadValueError(f"OrderBy '{wanted}' is not valid.")
        records.sort(key=_sort_key(endpoint, asked, name, records), reverse=is_descending)
    return records


def _sort_key(endpoint: Endpoint, asked: Asked, name: str, records: list[Any]) -> Callable[[Any], Any]:
    if name == "Id":
        return endpoint.key
    if records and name not in endpoint.show(asked, records[0]):
        raise BadValueError(f"OrderBy: the property '{name}' does not exist.")
    return lambda record: _comparable(endpoint.show(asked, record)[name])


def _comparable(value: Any) -> tuple[bool, Any]:
    if isinstance(value, orjson.Fragment):
        value = Decimal(_text(value))
    return value is not None, value if value is not None else 0


def _text(number: orjson.Fragment) -> str:
    contents = number.contents
    return contents.decode() if isinstance(contents, bytes) else contents


def _page(
    endpoint: Endpoint, asked: Asked, records: list[Any], size: int, number: int, params: list[tuple[str, str]]
) -> Answer:
    if asked.shifts and number > 1:
        records = records[1:]  # a row of an earlier page left the list meanwhile
    headers = _pagination(len(records), size, number, params, asked.options)
    rows = records[(number - 1) * size : number * size]
    if not rows:
        empty = asked.options.past_the_end == "empty"
        return Answer(200, b"[]", headers) if empty else Answer(204, b"", headers)
    return _array(endpoint, asked, rows, headers)


def _array(endpoint: Endpoint, asked: Asked, records: list[Any], headers: dict[str, str] | None = None) -> Answer:
    return Answer(200, b"[" + b",".join(_serialised(endpoint, asked, records)) + b"]", headers or {})


def _pagination(total: int, size: int, number: int, params: list[tuple[str, str]], options: Options) -> dict[str, str]:
    if options.pagination_keys == "none":
        return {}
    pages = -(-total // size)
    facts = {
        "totalCount": total,
        "pageSize": size,
        "currentPage": number,
        "totalPages": pages,
        "previousPageLink": _link(params, number - 1) if number > 1 else None,
        "nextPageLink": _link(params, number + 1) if number < pages else None,
    }
    if options.pagination_keys == "pascal":
        facts = {name[0].upper() + name[1:]: value for name, value in facts.items()}
    return {"X-Pagination": orjson.dumps(facts).decode()}


def _link(params: list[tuple[str, str]], number: int) -> str:
    others = [(name, text) for name, text in params if name.lower() != "pagenumber"]
    return "?" + urlencode([*others, ("PageNumber", str(number))], quote_via=quote)


# Rows as bytes, kept ready between requests: (books, path) -> record's key -> bytes. `forget` when books change.
_ready: dict[tuple[int, str], dict[Any, bytes]] = {}


def forget(books: Books) -> None:
    """Drop the rows kept ready for a company; to be called whenever something happened in its books."""
    for where in [where for where in _ready if where[0] == id(books)]:
        del _ready[where]


def _serialised(endpoint: Endpoint, asked: Asked, records: list[Any]) -> list[bytes]:
    wanted = asked.values.get("fields")
    is_plain = not wanted and not endpoint.changes(asked) and asked.options == Options()
    if not is_plain or endpoint.is_single or asked.path_values:
        return [orjson.dumps(_restricted(_finished(endpoint.show(asked, record), asked), wanted)) for record in records]
    ready = _ready.setdefault((id(asked.books), endpoint.path), {})
    rows = []
    for record in records:
        key = endpoint.key(record)
        row = ready.get(key)
        if row is None:
            row = ready[key] = orjson.dumps(endpoint.show(asked, record))
        rows.append(row)
    return rows


def _finished(row: Row, asked: Asked) -> Row:
    return (
        {name: value for name, value in row.items() if value is not None} if asked.options.nulls == "omitted" else row
    )


def _restricted(row: Row, wanted: str | None) -> Row:
    if not wanted:
        return row
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    unknown = [name for name in names if name not in row]
    if unknown:
        raise BadValueError(f"Fields: the property '{unknown[0]}' does not exist.")
    return {name: row[name] for name in names}


def compile_path(path: str) -> re.Pattern[str]:
    """A path with {names} as a pattern, case-insensitive as the vendor's gateway treats it."""
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path), re.IGNORECASE)
