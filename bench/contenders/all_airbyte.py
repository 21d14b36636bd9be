"""Airbyte's CDK by PyAirbyte reads every list of a company: `ADDRESS STREAMS FOLDER`, STREAMS a file of bench.limit."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from airbyte_manifest import TYPES, DuckDBCache, ab, option


def stream(address: str, told: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    paging = {
        "type": "DefaultPaginator",
        "page_token_option": option("PageNumber"),
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
        "path": told["path"],
        "http_method": "GET",
        "request_parameters": told["params"],
        "request_headers": headers,
    }
    selector = {"type": "RecordSelector", "extractor": {"type": "DpathExtractor", "field_path": []}}
    retriever = {"type": "SimpleRetriever", "requester": requester, "record_selector": selector}
    fields = {name: TYPES.get(kind, {}) for name, kind in told["fields"].items()}
    return {
        "type": "DeclarativeStream",
        "name": told["name"],
        "primary_key": told["key"],
        "retriever": {**retriever, "paginator": paging} if told["paged"] else retriever,
        "schema_loader": {"type": "InlineSchemaLoader", "schema": {"type": "object", "properties": fields}},
    }


def main(address: str, streams: str, folder: str) -> None:
    told = json.loads(Path(streams).read_text())
    manifest = {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["vat_codes"]},
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
        "streams": [stream(address, one, told["headers"]) for one in told["streams"]],
    }
    source = ab.get_source("source-bench", source_manifest=manifest, config={})
    source.select_all_streams()
    source.read(cache=DuckDBCache(db_path=f"{folder}/w.duckdb"), force_full_refresh=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])
