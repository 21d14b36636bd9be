"""The physical limit of loading: DuckDB's JSON reader alone over pages that lie on disk, typed, without a single check."""

from __future__ import annotations

import sys

import duckdb
from columns import FIELDS

TYPES = {
    "text": "VARCHAR",
    "uuid": "UUID",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
    "money": "DECIMAL(18,4)",
    "number": "DECIMAL(28,10)",
    "date": "DATE",
    "timestamp": "TIMESTAMPTZ",
}

if __name__ == "__main__":
    pages, _, folder = sys.argv[1:4]
    columns = ", ".join(f"'{name}': '{TYPES[kind]}'" for name, kind in FIELDS.items())
    with duckdb.connect(f"{folder}/w.duckdb") as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            f"create table transactions as select * from read_json('{pages}/*.json', format = 'array', columns = {{{columns}}})"
        )
