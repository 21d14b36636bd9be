"""Airbyte's CDK: a declarative manifest, read by PyAirbyte into its DuckDB cache, merged by Id."""

from __future__ import annotations

import os
import sys

os.environ["AIRBYTE_ANALYTICS_ID"] = ""
os.environ["DO_NOT_TRACK"] = "1"
os.environ["AIRBYTE_OFFLINE_MODE"] = "1"

import airbyte as ab
from airbyte.caches import DuckDBCache
from columns import FIELDS

TYPES = {
    "text": {"type": ["null", "string"]},
    "uuid": {"type": ["null", "string"]},
    "integer": {"type": ["null", "integer"]},
    "boolean": {"type": ["null", "boolean"]},
    "money": {"type": ["null", "number"]},
    "number": {"type": ["null", "number"]},
    "date": {"type": ["null", "string"], "format": "date"},
    "timestamp": {"type": ["null", "string"], "format": "date-time"},
}
SCHEMA = {"type": "object", "properties": {name: TYPES[kind] for name, kind in FIELDS.items()}}


def option(name: str) -> dict[str, str]:
    return {"type": "RequestOption", "inject_into": "request_parameter", "field_name": name}


def manifest(address: str, work: str) -> dict[str, object]:
    changed = {"lastChangedDateTimeOffsetGreaterThan": "2026-01-01"} if work == "changes" else {}
    paginator = {
        "type": "DefaultPaginator",
        "page_token_option": option("PageNumber"),
        "page_size_option": option("PageSize"),
        "pagination_strategy": {
            "type": "PageIncrement",
            "page_size": 5000,
            "start_from_page": 1,
            "inject_on_first_request": True,
        },
    }
    requester = {
        "type": "HttpRequester",
        "url_base": f"{address}/v2",
        "path": "/AccountTransactions",
        "http_method": "GET",
        "request_parameters": {"fromDate": "1900-01-01", "toDate": "2100-12-31", **changed},
    }
    stream = {
        "type": "DeclarativeStream",
        "name": "transactions",
        "primary_key": ["Id"],
        "retriever": {
            "type": "SimpleRetriever",
            "requester": requester,
            "record_selector": {
                "type": "RecordSelector",
                "extractor": {"type": "DpathExtractor", "field_path": []},
            },
            "paginator": paginator,
        },
        "schema_loader": {"type": "InlineSchemaLoader", "schema": SCHEMA},
    }
    return {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["transactions"]},
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
        "streams": [stream],
    }


def main(address: str, work: str, folder: str) -> None:
    source = ab.get_source("source-bench", source_manifest=manifest(address, work), config={})
    source.select_all_streams()
    cache = DuckDBCache(db_path=f"{folder}/w.duckdb")
    print(source.read(cache=cache, write_strategy="merge", force_full_refresh=True).processed_records)


if __name__ == "__main__":
    main(*sys.argv[1:4])
