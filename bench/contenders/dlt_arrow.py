"""dlt at its best: pages fetched and made Arrow tables by hand, four at a time, typed as the schema says; dlt loads them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import dlt
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import requests
from columns import FIELDS
from dlt_rest import COLUMNS, MERGED, params, pipeline

WANTED = {
    "text": pa.string(),
    "uuid": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "money": pa.decimal128(18, 4),
    "number": pa.decimal128(28, 10),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
}
AS_READ = {**WANTED, "money": pa.float64(), "number": pa.float64(), "date": pa.string(), "timestamp": pa.string()}
READ = pa.schema([(name, AS_READ[kind]) for name, kind in FIELDS.items()])
DIGITS = {"money": 4, "number": 10}


def typed(column: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    if kind in DIGITS:
        return pc.round(column, DIGITS[kind]).cast(WANTED[kind], safe=False)
    if kind == "timestamp":  # seven digits: Arrow reads nine
        return pc.cast(column, pa.timestamp("ns", "UTC")).cast(WANTED[kind], safe=False)
    return column.cast(WANTED[kind])


def table(rows: list[dict[str, object]]) -> pa.Table:
    read = pa.Table.from_pylist(rows, schema=READ)
    return pa.table({name: typed(read[name], kind) for name, kind in FIELDS.items()})


def pages(address: str, work: str) -> Iterator[list[dict[str, object]]]:
    session = requests.Session()

    def page(number: int) -> requests.Response:
        answer = session.get(f"{address}/v2/AccountTransactions", params={**params(work), "PageNumber": number})
        answer.raise_for_status()
        return answer

    first = page(1)
    yield orjson.loads(first.content)
    last = orjson.loads(first.headers["X-Pagination"])["totalPages"]
    with ThreadPoolExecutor(4) as threads:
        for answer in threads.map(page, range(2, last + 1)):
            yield orjson.loads(answer.content)


def main(address: str, work: str, folder: str) -> None:
    @dlt.resource(name="transactions", columns=COLUMNS, primary_key="Id", write_disposition=MERGED)
    def transactions() -> Iterator[pa.Table]:
        waiting: list[pa.Table] = []
        for rows in pages(address, work):
            waiting.append(table(rows))
            if sum(len(one) for one in waiting) >= 50_000:
                yield pa.concat_tables(waiting)
                waiting = []
        if waiting:
            yield pa.concat_tables(waiting)

    print(pipeline(folder).run(transactions(), loader_file_format="parquet"))


if __name__ == "__main__":
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"
    main(*sys.argv[1:4])
