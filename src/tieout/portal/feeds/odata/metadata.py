"""What there is, as programs read it: the service document and $metadata, in XML and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from tieout.portal.feeds.odata.types import digits_of, type_of
from tieout.warehouse.browse import TableColumn

NAMESPACE = "tieout"
_DESCRIPTION = "Org.OData.Core.V1.Description"
Sets = Mapping[str, Sequence[TableColumn]]
Told = Mapping[str, tuple[str, Mapping[str, str]]]  # entity set -> what it is, what its columns hold


def service(root: str, sets: Sets) -> dict[str, Any]:
    """The list of entity sets. `root` is the feed's address with a slash at its end."""
    return {
        "@odata.context": f"{root}$metadata",
        "value": [{"name": name, "kind": "EntitySet", "url": name} for name in sets],
    }


def as_xml(sets: Sets, told: Told) -> str:
    """CSDL 4.0. Entity types have no keys: rows are figures, which nobody addresses one by one."""
    types = "".join(_type(name, columns, *told.get(name, ("", {}))) for name, columns in sets.items())
    names = "".join(f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{name}"/>' for name in sets)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
        f'<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">{types}'
        f'<EntityContainer Name="Container">{names}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    )


def as_json(sets: Sets, told: Told) -> dict[str, Any]:
    """CSDL JSON 4.01."""
    types = {name: _type_as_json(columns, *told.get(name, ("", {}))) for name, columns in sets.items()}
    container = {name: {"$Collection": True, "$Type": f"{NAMESPACE}.{name}"} for name in sets}
    return {
        "$Version": "4.01",
        "$EntityContainer": f"{NAMESPACE}.Container",
        NAMESPACE: {**types, "Container": {"$Kind": "EntityContainer", **container}},
    }


def _type(name: str, columns: Sequence[TableColumn], description: str, holds: Mapping[str, str]) -> str:
    properties = "".join(_property(column, holds.get(column.name, "")) for column in columns)
    return f'<EntityType Name="{name}">{properties}{_annotation(description)}</EntityType>'


def _property(column: TableColumn, description: str) -> str:
    digits = digits_of(column)
    facets = f' Precision="{digits[0]}" Scale="{digits[1]}"' if digits else ""
    if type_of(column) == "Edm.DateTimeOffset":
        facets = ' Precision="6"'
    head = f'<Property Name="{column.name}" Type="{type_of(column)}" Nullable="true"{facets}'
    told = _annotation(description)
    return f"{head}>{told}</Property>" if told else f"{head}/>"


def _annotation(text: str) -> str:
    return f'<Annotation Term="{_DESCRIPTION}" String={quoteattr(text)}/>' if text else ""


def _type_as_json(columns: Sequence[TableColumn], description: str, holds: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"$Kind": "EntityType"}
    if description:
        made[f"@{_DESCRIPTION}"] = description
    for column in columns:
        one: dict[str, Any] = {"$Type": type_of(column), "$Nullable": True}
        if digits := digits_of(column):
            one |= {"$Precision": digits[0], "$Scale": digits[1]}
        if holds.get(column.name):
            one[f"@{_DESCRIPTION}"] = holds[column.name]
        made[column.name] = one
    return made
