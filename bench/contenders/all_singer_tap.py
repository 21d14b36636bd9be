"""A tap made with singer-sdk reads every list of a company: `ADDRESS STREAMS`, STREAMS a file of bench.limit."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.argv[1:3], ADDRESS, TOLD = [], sys.argv[1], json.loads(Path(sys.argv[2]).read_text())

from singer_sdk import Stream, Tap  # noqa: E402
from singer_sdk import typing as th  # noqa: E402
from singer_sdk.pagination import BasePageNumberPaginator, SinglePagePaginator  # noqa: E402
from singer_sdk.streams import RESTStream  # noqa: E402

TYPES = {
    "integer": th.IntegerType,
    "boolean": th.BooleanType,
    "money": th.NumberType,
    "number": th.NumberType,
    "date": th.DateType,
    "timestamp": th.DateTimeType,
    "json": th.CustomType({"type": ["null", "object", "array"]}),
}


class Pages(BasePageNumberPaginator):
    def has_more(self, response: Any) -> bool:
        return response.status_code == 200 and len(response.json()) >= 5000


class List(RESTStream):
    url_base = f"{ADDRESS}/v2"

    def __init__(self, tap: Tap, told: dict[str, Any]) -> None:
        self._told, self.path = told, told["path"]
        fields = (th.Property(name, TYPES.get(kind, th.StringType)) for name, kind in told["fields"].items())
        super().__init__(tap, name=told["name"], schema=th.PropertiesList(*fields).to_dict())
        self.primary_keys = told["key"]

    @property
    def http_headers(self) -> dict[str, str]:
        return dict(TOLD["headers"])

    def get_new_paginator(self) -> Any:
        return Pages(1) if self._told["paged"] else SinglePagePaginator()

    def get_url_params(self, context: Any, next_page_token: Any) -> dict[str, Any]:
        page = {"PageNumber": next_page_token or 1} if self._told["paged"] else {}
        return {**self._told["params"], **page}

    def parse_response(self, response: Any) -> Iterable[dict[str, Any]]:
        found = response.json() if response.status_code == 200 else []
        yield from found if isinstance(found, list) else [found]


class BenchTap(Tap):
    name = "tap-bench"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self) -> list[Stream]:
        return [List(self, told) for told in TOLD["streams"]]


if __name__ == "__main__":
    BenchTap.cli()
