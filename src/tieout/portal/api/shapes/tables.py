"""Tables of the warehouse."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictStr

from tieout.portal.api.cursors import Page
from tieout.portal.api.shapes.base import Asked


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


class Question(Asked):
    """One SELECT over the tables of the workspace."""

    sql: StrictStr = Field(min_length=1, max_length=100_000)


class AnswerColumn(Schema):
    name: str
    type: str


class Answer(Schema):
    """What came of a question. `is_cut`: it has as many rows as an answer may have, so there may be more."""

    query: UUID
    columns: list[AnswerColumn]
    rows: int
    is_cut: bool
    seconds: float


class AnswerRows(Page[list[Any]]):
    """Values as `tieout query --format json` writes them, in the order of the columns."""
