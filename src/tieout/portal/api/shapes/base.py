"""What shapes have in common: bodies that refuse what they do not know, days, ids, problems."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, WithJsonSchema


def _text_only(value: Any) -> Any:
    """JSON has no dates: a number is none, whatever it might be taken for."""
    if not isinstance(value, str) or len(value) != len("2026-01-31"):
        raise ValueError("a date is YYYY-MM-DD")
    return value


def _id_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("an id is text")
    return value


Day = Annotated[date, BeforeValidator(_text_only), WithJsonSchema({"type": "string", "format": "date"})]
Id = Annotated[UUID, BeforeValidator(_id_text), WithJsonSchema({"type": "string", "format": "uuid"})]
RoleName = Literal["owner", "administrator", "reader"]


class Asked(Schema):
    """A body. What it does not know, it refuses, so that a typing error is not taken for a wish."""

    model_config = ConfigDict(extra="forbid")


class FieldError(Schema):
    field: str
    message: str


class Problem(Schema):
    """Any answer that is no success (RFC 9457). `detail` is for people; `type` and `who_must_act` are for programs."""

    type: str
    title: str
    status: int
    detail: str
    who_must_act: Literal["caller", "owner", "company", "operator", "nobody", "tieout"]
    errors: list[FieldError] = []
