"""All of a company's books as plain values, so that two of them can be compared."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from tieout.simulator.books.model import Books, Entry, Posting, Voucher

_WITHOUT_MEANING = {"version"}


def snapshot(books: Books) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(books, field.name), depth=0)
        for field in fields(books)
        if field.name not in _WITHOUT_MEANING
    }


def _plain(value: Any, *, depth: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, depth=depth + 1) for item in value]
    if isinstance(value, Voucher | Entry | Posting) and depth > 1:
        return f"{type(value).__name__} {value.id}"  # they point at each other
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), depth=depth + 1) for field in fields(value)}
    return value
