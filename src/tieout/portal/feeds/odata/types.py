"""How the warehouse's types are called in OData, and how their values stand in JSON: decimals with all their digits."""

from __future__ import annotations

import re

from tieout.warehouse.browse import TableColumn

_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_PLAIN = {
    "VARCHAR": "Edm.String",
    "JSON": "Edm.String",
    "BIGINT": "Edm.Int64",
    "HUGEINT": "Edm.Decimal",
    "UBIGINT": "Edm.Decimal",
    "INTEGER": "Edm.Int32",
    "SMALLINT": "Edm.Int16",
    "TINYINT": "Edm.SByte",
    "BOOLEAN": "Edm.Boolean",
    "DATE": "Edm.Date",
    "TIMESTAMP WITH TIME ZONE": "Edm.DateTimeOffset",
    "TIMESTAMP": "Edm.DateTimeOffset",
    "UUID": "Edm.Guid",
}
_LARGE = ("Edm.Int64", "Edm.Decimal")  # more digits than a double may hold


def type_of(column: TableColumn) -> str:
    """Edm.String, Edm.Decimal, ..."""
    return "Edm.Decimal" if _DECIMAL.fullmatch(column.type) else _PLAIN.get(column.type, "Edm.String")


def digits_of(column: TableColumn) -> tuple[int, int] | None:
    """Precision and scale of a decimal."""
    if found := _DECIMAL.fullmatch(column.type):
        return int(found[1]), int(found[2])
    return (38, 0) if type_of(column) == "Edm.Decimal" else None


def json_of(column: TableColumn, *, large_as_text: bool) -> str:
    """SQL that gives the value for JSON. `large_as_text` for readers that ask so (IEEE754Compatible)."""
    name, kind = f'"{column.name}"', type_of(column)
    if kind in _LARGE:
        return f"{name}::varchar" if large_as_text else f"{name}::varchar::json"
    if kind == "Edm.DateTimeOffset":
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"{name}::varchar" if kind in ("Edm.String", "Edm.Date", "Edm.Guid") else name
