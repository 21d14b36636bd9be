"""dlt reads every list of a company: `ADDRESS STREAMS FOLDER`, STREAMS a file that bench.limit wrote."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import dlt
from dlt.sources.helpers.rest_client.paginators import PageNumberPaginator
from dlt.sources.rest_api import rest_api_source
from requests import Request, Response


class UntilShort(PageNumberPaginator):
    """A page that is not full is the last one."""

    def __init__(self) -> None:
        super().__init__(base_page=1, page_param="PageNumber", total_path=None, maximum_page=10_000)

    def update_state(self, response: Response, data: list[Any] | None = None) -> None:
        super().update_state(response, data)
        self._has_next_page = len(data or []) >= 5000

    def init_request(self, request: Request) -> None:
        super().init_request(request)


def resource(stream: dict[str, Any]) -> dict[str, Any]:
    paging: Any = UntilShort() if stream["paged"] else "single_page"
    return {
        "name": stream["name"],
        "endpoint": {
            "path": stream["path"].lstrip("/"),
            "params": stream["params"],
            "paginator": paging,
            "data_selector": "$",
            "response_actions": [{"status_code": 204, "action": "ignore"}],
        },
        **({"primary_key": stream["key"], "write_disposition": "merge"} if stream["key"] else {}),
    }


def main(address: str, streams: str, folder: str) -> None:
    told = json.loads(Path(streams).read_text())
    source = rest_api_source(
        {
            "client": {"base_url": f"{address}/v2/", "headers": told["headers"]},
            "resources": [resource(stream) for stream in told["streams"]],
        }
    )
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(f"{folder}/w.duckdb"),
        dataset_name="bench",
        pipelines_dir=f"{folder}/pipelines",
    )
    pipeline.run(source, loader_file_format="parquet")


if __name__ == "__main__":
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    main(*sys.argv[1:4])
