"""Takes what is not to be fetched out of an answer before it is written anywhere. Everything else stays as it came."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from tieout.catalog import Column, Stream, Where

_read_value = json.JSONDecoder().raw_decode


def emptying(stream: Stream) -> Callable[[bytes], bytes] | None:
    """What takes the stream's `emptied` columns out of a JSON array; None where there are none.

    It raises ValueError for what is not an array of objects.
    """
    columns = [stream.column(name) for name in stream.emptied]
    if not columns:
        return None
    return lambda body: _emptied(body.decode(), stream, columns).encode()


def _emptied(text: str, stream: Stream, columns: list[Column]) -> str:
    if not isinstance(json.loads(text), list):
        raise ValueError("not an array")
    kept, begun = list[str](), 0
    for start, record in _records(text):
        unwanted = {column.field for column in columns if _is_meant(record, column, stream)}
        for first, last in _values(text, start, unwanted) if unwanted else ():
            kept += [text[begun:first], "null"]
            begun = last
    return "".join([*kept, text[begun:]])


def _is_meant(record: dict[str, Any], column: Column, stream: Stream) -> bool:
    assert column.mark is not None
    return any(_holds(record.get(stream.column(where.column).field), where) for where in column.mark.where)


def _holds(value: object, where: Where) -> bool:
    if value is None:
        return where.or_missing
    return not where.values or (str(value).lower() if isinstance(value, bool) else str(value)) in where.values


def _records(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object of an array, with the place of its brace."""
    at = _after_blanks(text, text.index("[") + 1)
    while text[at] != "]":
        record, end = _read_value(text, at)
        if not isinstance(record, dict):
            raise ValueError("not a record")
        yield at, record
        at = _after_blanks(text, end)
        at = _after_blanks(text, at + 1) if text[at] == "," else at


def _values(text: str, start: int, fields: set[str]) -> Iterator[tuple[int, int]]:
    """Where the values of these fields of the object at `start` begin and end."""
    at = _after_blanks(text, start + 1)
    while text[at] != "}":
        name, at = _read_value(text, at)
        first = _after_blanks(text, _after_blanks(text, at) + 1)
        _, last = _read_value(text, first)
        if name in fields:
            yield first, last
        at = _after_blanks(text, last)
        at = _after_blanks(text, at + 1) if text[at] == "," else at


def _after_blanks(text: str, at: int) -> int:
    while text[at] in " \t\r\n":
        at += 1
    return at
