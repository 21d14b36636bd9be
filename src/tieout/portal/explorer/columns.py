"""In which order people see a table's columns: its key, dates, numbers and names, amounts, the rest, our own last."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from tieout.connectors.base import Connector
from tieout.warehouse.browse import TableColumn

RAW = "raw_"
VERSIONS = "_versions"
# What tells people which row this is, besides the columns that the connector's means of proof name.
NAMES = ("voucher_no", "account_no", "invoice_no", "order_no", "number", "code", "name", "description")
KEY, DATE, NAME, AMOUNT, REST, OURS = range(6)


def order(schema: str, table: str, columns: Sequence[TableColumn]) -> list[int]:
    """Positions of columns, in the order to show them. Tables of our own stay as they are."""
    positions = range(len(columns))
    if not schema.startswith(RAW):
        return list(positions)
    connector, name = settings.CONNECTORS.get(schema.removeprefix(RAW)), table.removesuffix(VERSIONS)
    key = _key(connector, name) if connector else ()
    names = (*NAMES, *_parties(connector, name)) if connector else NAMES
    return sorted(positions, key=lambda position: (*_rank(columns[position], key, names), position))


def _rank(column: TableColumn, key: Sequence[str], names: Sequence[str]) -> tuple[int, int]:
    if column.name.startswith("_"):
        return OURS, 0
    if column.name in key:
        return KEY, key.index(column.name)
    if column.type == "DATE":
        return DATE, 0
    if column.name in names:
        return NAME, names.index(column.name)
    return (AMOUNT, 0) if column.type.startswith("DECIMAL") else (REST, 0)


def _key(connector: Connector, name: str) -> tuple[str, ...]:
    return next((stream.primary_key for stream in connector.streams if stream.name == name), ())


def _parties(connector: Connector, name: str) -> tuple[str, ...]:
    """Columns of customers' and suppliers' numbers."""
    return tuple(subledger.party_no for subledger in connector.proof.subledgers if subledger.entries == name)
