"""dlt's own way: its REST source, merged by Id, loaded as Parquet."""

from __future__ import annotations

import os
import sys

import dlt
from columns import FIELDS
from dlt.sources.rest_api import rest_api_source

TYPES = {
    "text": {"data_type": "text"},
    "uuid": {"data_type": "text"},
    "integer": {"data_type": "bigint"},
    "boolean": {"data_type": "bool"},
    "money": {"data_type": "decimal", "precision": 18, "scale": 4},
    "number": {"data_type": "decimal", "precision": 28, "scale": 10},
    "date": {"data_type": "date"},
    "timestamp": {"data_type": "timestamp"},
}
COLUMNS = {name: {"name": name, "nullable": True, **TYPES[kind]} for name, kind in FIELDS.items()}
MERGED = {"disposition": "merge", "strategy": "delete-insert"}


def pipeline(folder: str) -> dlt.Pipeline:
    return dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(f"{folder}/w.duckdb"),
        dataset_name="bench",
        pipelines_dir=f"{folder}/pipelines",
    )


def params(work: str) -> dict[str, object]:
    changed = {"lastChangedDateTimeOffsetGreaterThan": "2026-01-01"} if work == "changes" else {}
    return {"PageSize": 5000, "fromDate": "1900-01-01", "toDate": "2100-12-31", **changed}


def source(address: str, work: str) -> object:
    pages = {"type": "page_number", "base_page": 1, "page_param": "PageNumber", "total_path": None}
    return rest_api_source(
        {
            "client": {"base_url": f"{address}/v2/", "paginator": {**pages, "stop_after_empty_page": True}},
            "resources": [
                {
                    "name": "transactions",
                    "endpoint": {"path": "AccountTransactions", "params": params(work), "data_selector": "$"},
                    "columns": COLUMNS,
                    "primary_key": "Id",
                    "write_disposition": MERGED,
                }
            ],
        }
    )


if __name__ == "__main__":
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    address, work, folder = sys.argv[1:4]
    print(pipeline(folder).run(source(address, work), loader_file_format="parquet"))
