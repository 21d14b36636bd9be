"""In which order people see a table's columns: its key, dates, numbers and names, amounts, the rest, our own last."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from tieout.catalog import Stream
from tieout.warehouse.browse import TableColumn

RAW = "raw_"
VERSIONS = "_versions"
NAMES = ("_no", "number", "code", "name", "description")  # how columns end that tell people what a row is
KEY, DATE, NAME, AMOUNT, REST, OURS = range(6)


def order(schema: str, table: str, columns: Sequence[TableColumn]) -> list[int]:
    """Positions of columns, in the order to show them. Tables of our own stay as they are."""
    positions = range(len(columns))
    if not schema.startswith(RAW):
        return list(positions)
    stream = _stream(schema.removeprefix(RAW), table.removesuffix(VERSIONS))
    key = stream.primary_key if stream else ()
    return sorted(positions, key=lambda position: (_rank(columns[position], key), position))


def _rank(column: TableColumn, key: Sequence[str]) -> int:
    if column.name.startswith("_"):
        return OURS
    if column.name in key:
        return KEY
    if column.type == "DATE":
        return DATE
    if column.name.endswith(NAMES):
        return NAME
    return AMOUNT if column.type.startswith("DECIMAL") else REST


def _stream(connector: str, name: str) -> Stream | None:
    declared = settings.CONNECTORS.get(connector)
    return next((stream for stream in declared.streams if stream.name == name), None) if declared else None
