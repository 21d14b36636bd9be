"""From the system query options of an address to a question about one model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tieout.portal.feeds.odata.errors import BadQuestionError, NotDoneError
from tieout.portal.feeds.odata.filters import sql_of
from tieout.warehouse.browse import TableColumn
from tieout.warehouse.feed import Asked, owner_of

KNOWN = {"$select", "$filter", "$orderby", "$top", "$skip", "$count", "$format", "$skiptoken"}
NOT_DONE = {"$expand", "$apply", "$search", "$compute", "$levels", "$index", "$schemaversion", "$deltatoken"}
MOST = 2**31


def asked(
    options: Mapping[str, str],
    schema: str,
    name: str,
    columns: Sequence[TableColumn],
    *,
    companies: Sequence[str] | None,
    as_of: int | None = None,
) -> Asked:
    """What an address asks, of `companies` and as of a sync where those are given.

    Raises BadQuestionError, NotDoneError.
    """
    for option in options:
        if option in NOT_DONE:
            raise NotDoneError(
                f"{option} is not supported; fold it by $select, $filter and $orderby, or work it out there"
            )
        if option.startswith("$") and option not in KNOWN:
            raise BadQuestionError(f"there is no option {option}")
    sql = {column.name: f't."{column.name}"' for column in columns}
    values: dict[str, Any] = {} if companies is None or owner_of(columns) is None else {"companies": list(companies)}
    order_values: dict[str, Any] = {}
    return Asked(
        schema=schema,
        name=name,
        columns=_selected(options.get("$select", ""), columns),
        where=_where(options.get("$filter", ""), sql, owner_of(columns) if companies is not None else None, values),
        order=_order(options.get("$orderby", ""), sql, order_values),
        values=values,
        order_values=order_values,
        top=_number(options, "$top"),
        skip=_number(options, "$skip") or 0,
        as_of=as_of,
    )


def _where(text: str, columns: Mapping[str, str], owner: str | None, values: dict[str, Any]) -> str:
    """`owner` is the column by which rows are limited to $companies."""
    parts = ["true"]
    if owner:
        parts.append(f"list_contains($companies::varchar[], {columns[owner]})")
    if text:
        parts.append(sql_of(text, columns, values))
    return " and ".join(parts)


def _order(text: str, columns: Mapping[str, str], values: dict[str, Any]) -> str:
    """Nulls are the least, as OData has it."""
    parts = []
    for one in (part.strip() for part in text.split(",") if part.strip()):
        expression, _, way = one.rpartition(" ")
        if way not in ("asc", "desc"):
            expression, way = one, "asc"
        sql = sql_of(expression, columns, values, prefix="o")
        if sql.startswith("$"):
            raise BadQuestionError(f"$orderby needs a property, and {expression[:40]!r} is a value")
        parts.append(f"{sql} {way} nulls {'first' if way == 'asc' else 'last'}")
    return f"order by {', '.join(parts)}" if parts else ""


def _selected(text: str, columns: Sequence[TableColumn]) -> tuple[TableColumn, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or "*" in names:
        return tuple(columns)
    by_name = {column.name: column for column in columns}
    for name in names:
        if name not in by_name:
            raise BadQuestionError(f"there is no property {name!r}")
    return tuple(by_name[name] for name in dict.fromkeys(names))


def _number(options: Mapping[str, str], name: str) -> int | None:
    text = options.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text) >= MOST:
        raise BadQuestionError(f"{name} is a whole number of 0 or more")
    return int(text)
