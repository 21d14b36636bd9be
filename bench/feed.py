"""How quickly the feed gives all postings: `python -m bench.feed [ROWS]`. One walk over pages, and one file of each kind.

Prints one JSON object: rows a second (bar: 30,000) and the peak of memory in MiB, before and after the walk.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.pages import _give, _portal
from bench.reports import fill

BAR = 30_000
PAGE = "odata.maxpagesize=50000"


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps({"rows": rows, "bar": BAR, **measured(Path(name), rows)}, indent=1))


def measured(home: Path, rows: int) -> dict[str, Any]:
    """Rows a second by way of reading."""
    _, source = _portal(home)
    fill(home / "filled", rows)
    _give(home / "filled" / "w.duckdb", home / "warehouse" / f"{source.workspace.slug}.duckdb", str(source.pk))
    from django.conf import settings
    from django.test import Client

    from tieout.portal.feeds.actions import make_token
    from tieout.portal.people.models import Person
    from tieout.portal.syncs import warehouses

    _, secret = make_token(source.workspace, Person.objects.get(), name="Bench", days=1)
    host = settings.PUBLIC_URL.partition("://")[2]
    client = Client(headers={"host": host, "authorization": f"Bearer {secret}", "prefer": PAGE})
    root = f"/odata/v4/{source.workspace.slug}/core_postings"
    before = _peak()
    told = {"pages": _rate(rows, lambda: _walk(client, root)), "peak_mib_before": before, "peak_mib_after": _peak()}
    for kind in ("csv", "parquet"):
        told[kind] = _rate(rows, lambda kind=kind: _drain(client.get(f"{root}.{kind}")))
    warehouses.close_all()
    return told


def _walk(client: Any, address: str) -> None:
    following: str | None = address
    while following:
        body = client.get(following).content
        tail = body[-400:].rpartition(b'"@odata.nextLink":"')
        following = "/" + tail[2].decode().rpartition('"')[0].split("/", 3)[3] if tail[1] else None


def _drain(answer: Any) -> None:
    for _ in answer.streaming_content:
        pass


def _rate(rows: int, read: Any) -> int:
    began = time.monotonic()
    read()
    return round(rows / (time.monotonic() - began))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
