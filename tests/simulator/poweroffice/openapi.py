"""The vendor's OpenAPI description as JSON Schema: what OpenAPI 3.0 says differently is put into JSON Schema's words."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tieout import config

PATH = config.load().test_data / "poweroffice" / "openapi.yaml"
_FORMATS = FormatChecker(formats=())
_NAME = "urn:poweroffice"


@_FORMATS.checks("date", ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value) is not None


@_FORMATS.checks("date-time", ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("uuid", ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or UUID(value) is not None


@_FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@cache
def document() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(Path(PATH).read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - a safe loader either way


@cache
def schemas() -> dict[str, Any]:
    return {name: _json_schema(schema) for name, schema in document()["components"]["schemas"].items()}


@cache
def validator(schema: str) -> Draft202012Validator:
    """Accepts one row of a schema; members that the description does not know are allowed."""
    everything = {"components": {"schemas": schemas()}}
    registry: Registry[Any] = Registry().with_resource(_NAME, DRAFT202012.create_resource(everything))
    return Draft202012Validator(
        {"$ref": f"{_NAME}#/components/schemas/{schema}"}, registry=registry, format_checker=_FORMATS
    )


def properties(schema: str) -> dict[str, Any]:
    return dict(document()["components"]["schemas"][schema]["properties"])


def parameters(path: str) -> dict[str, bool]:
    """Query parameters of a GET by name: whether required. Paging's own are left out."""
    found = {}
    for one in document()["paths"][path]["get"].get("parameters", ()):
        if one.get("in") == "query" and one["name"] != "resourceParameter":
            found[one["name"]] = bool(one.get("required"))
    return found


def _json_schema(schema: Any) -> Any:
    """`nullable` as a type; members that are not described pass."""
    if isinstance(schema, list):
        return [_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _json_schema(value) for name, value in schema.items() if name not in ("example", "nullable")}
    if made.get("additionalProperties") is False:
        del made["additionalProperties"]
    if schema.get("nullable") is True:
        if isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        if isinstance(made.get("enum"), list):
            made["enum"] = [*made["enum"], None]
    return made
