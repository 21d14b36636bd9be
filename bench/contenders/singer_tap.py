"""A tap made with singer-sdk, as its guide has it: messages on standard output for target-duckdb."""

from __future__ import annotations

import json
import sys
from typing import Any

from columns import FIELDS
from singer_sdk import Stream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import BasePageNumberPaginator
from singer_sdk.streams import RESTStream

ADDRESS, WORK = sys.argv[1:3]
TYPES = {
    "text": th.StringType,
    "uuid": th.StringType,
    "integer": th.IntegerType,
    "boolean": th.BooleanType,
    "money": th.NumberType,
    "number": th.NumberType,
    "date": th.DateType,
    "timestamp": th.DateTimeType,
}


class Pages(BasePageNumberPaginator):
    def has_more(self, response: Any) -> bool:
        told = json.loads(response.headers["X-Pagination"])
        return bool(told["currentPage"] < told["totalPages"])


class Transactions(RESTStream):
    name = "transactions"
    path = "/v2/AccountTransactions"
    url_base = ADDRESS
    primary_keys = ("Id",)
    records_jsonpath = "$[*]"
    schema = th.PropertiesList(*(th.Property(name, TYPES[kind]) for name, kind in FIELDS.items())).to_dict()

    def get_new_paginator(self) -> Pages:
        return Pages(1)

    def get_url_params(self, context: Any, next_page_token: Any) -> dict[str, Any]:
        changed = {"lastChangedDateTimeOffsetGreaterThan": "2026-01-01"} if WORK == "changes" else {}
        span = {"fromDate": "1900-01-01", "toDate": "2100-12-31"}
        return {"PageNumber": next_page_token or 1, "PageSize": 5000, **span, **changed}


class BenchTap(Tap):
    name = "tap-bench"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self) -> list[Stream]:
        return [Transactions(tap=self)]


if __name__ == "__main__":
    del sys.argv[1:3]
    BenchTap.cli()
