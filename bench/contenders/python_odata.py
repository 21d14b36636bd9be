"""Reads a whole feed with python-odata, a client that nobody here wrote, and prints what it got as JSON.

Runs in an environment of its own (`bench/peers/python_odata.txt`), so it imports nothing of ours.
Arguments: the feed's address, its token, rows a page, and the tables to read; none: all.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from odata import ODataService
from odata.query import Query

root, token, page_rows, *wanted = sys.argv[1:]
headers = {"Accept": "application/json;IEEE754Compatible=true", "Prefer": f"odata.maxpagesize={page_rows}"}
service = ODataService(root, auth=("any", token), extra_headers=headers, reflect_entities=True, quiet_progress=True)


def names(entity: Any) -> list[str]:
    return [one["name"] for one in entity.__odata_schema__["properties"]]


def plain(entity: Any, query: Query[Any]) -> list[dict[str, str | None]]:
    """Every value as text, as the client made it from what was declared."""
    return [
        {name: None if row.__odata__[name] is None else str(getattr(row, name)) for name in names(entity)}
        for row in query
    ]


chosen = {name: service.entities[name] for name in wanted or service.entities}
postings = service.entities["core_postings"]
query = service.query(postings)
asked = {
    "text": query.filter(postings.description == "O'Neil"),
    "part of a text": query.filter(postings.description.contains("æøå")),
    "amount": query.filter((postings.amount > 0) & (postings.account_no != 1920)),
    "either": query.filter((postings.account_no == 6000) | (postings.account_no == 3000)),
    "nothing there": query.filter(postings.department_id.is_null()),
    "a day, which the client takes for a text": query.filter(postings.posting_date >= "2026-02-01"),
    "not": query.filter(postings.description.lacks("O'Neil")),
}
by_amount = query.order_by(postings.amount.desc(), postings.posting_id.asc())

json.dump(
    {
        "tables": sorted(service.entities),
        "rows": {name: plain(entity, service.query(entity)) for name, entity in chosen.items()},
        "counts": {name: service.query(entity).count() for name, entity in chosen.items()},
        "filters": {name: sorted(int(row.posting_id) for row in one) for name, one in asked.items()},
        "filtered counts": {name: one.count() for name, one in asked.items()},
        "ordered": [str(row.amount) for row in by_amount],
        "second and third": [str(row.amount) for row in by_amount.offset(1).limit(2)],
        "chosen": query.select(postings.account_no, postings.amount).all(),
    },
    sys.stdout,
)
