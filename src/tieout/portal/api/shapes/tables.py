"""Tables of the warehouse."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from tieout.portal.api.cursors import Page


class Table(Schema):
    table: str
    rows: int | None
    columns: int


class Tables(Schema):
    items: list[Table]


class Column(Schema):
    name: str
    type: str
    description: str


class Columns(Schema):
    table: str
    description: str
    columns: list[Column]


class Rows(Page[dict[str, Any]]):
    """Rows as `tieout query --format json` writes them: exact decimals, and whole numbers beyond 2^53, as text."""
