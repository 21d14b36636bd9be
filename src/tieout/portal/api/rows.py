"""Rows of the warehouse in pages that stay the same during a walk: an answer is worked out once and kept an hour, as in feeds.

Which tables and whose rows: those of the page *Data*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from django.http import Http404
from django.utils.translation import gettext as _

from tieout.portal.api.access import Caller
from tieout.portal.api.cursors import Place, not_ours, read, write
from tieout.portal.api.problems import Problem
from tieout.portal.feeds.actions import whose
from tieout.portal.feeds.odata.question import asked
from tieout.portal.feeds.reading import refused
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse import feed
from tieout.warehouse.browse import TableColumn, catalog, is_of_one

if TYPE_CHECKING:
    from tieout.warehouse.duckdb.file import DuckDBWarehouse

EXACT_IN_JSON = 2**53 - 1
WHOLE = ("BIGINT", "HUGEINT", "UBIGINT")
SMALL = re.compile(r"(BIGINT|INTEGER|SMALLINT|TINYINT|BOOLEAN|DOUBLE|FLOAT)")


def columns_of(workspace: Workspace, schema: str, name: str) -> tuple[TableColumn, ...]:
    """The columns of a table that may be seen. Raises Http404."""
    if not warehouses.exists(workspace):
        raise Http404
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection:
        columns = catalog(connection).get((schema, name))
    if columns is None or (workspace.companies is not None and not is_of_one(columns)):
        raise Http404
    return columns


def rows_of(caller: Caller, schema: str, name: str, wishes: Mapping[str, str], place: Place) -> dict[str, Any]:
    """A page of a table. `wishes` are OData's $filter, $orderby and $select. Raises Http404, FeedError, Problem."""
    workspace = caller.workspace
    columns = columns_of(workspace, schema, name)
    ids = [str(pk) for pk in Source.objects.in_workspace(workspace).values_list("pk", flat=True)]
    question = asked(wishes, schema, name, columns, companies=ids)
    with warehouses.opened(workspace) as warehouse:
        return _page(warehouse, question, place, whose(caller.token, [f"{schema}.{name}", *ids]))


def _page(warehouse: DuckDBWarehouse, question: feed.Asked, place: Place, mark: str) -> dict[str, Any]:
    if place.cursor:
        answer, first = _walk(place.cursor)
        path = feed.path_of(warehouse, answer, whose=mark)
    else:
        with refused():
            path, first = feed.keep(warehouse, question, whose=mark, count=False).path, 0
    values = {column.name: json_of(column) for column in question.columns}
    try:
        found = feed.page(warehouse, path, values, first=first, rows=place.limit + 1)
    except FileNotFoundError as error:
        detail = _("This walk began over an hour ago, or less may be read now. Begin it again.")
        raise Problem(410, "walk-over", detail) from error
    if len(found) <= place.limit and not first:
        path.unlink(missing_ok=True)  # there is no walk
    more = write([path.stem[-36:], first + place.limit]) if len(found) > place.limit else None
    return {"items": [orjson.loads(row) for row in found[: place.limit]], "next": more}


def _walk(cursor: str) -> tuple[UUID, int]:
    answer, first = read(cursor, 2)
    try:
        found = UUID(answer)
    except (ValueError, AttributeError, TypeError) as error:
        raise not_ours() from error
    if not isinstance(first, int) or not 0 < first < 2**40:
        raise not_ours()
    return found, first


def json_of(column: TableColumn) -> str:
    """SQL that gives a value as docs/reference/scripting.md has it: exact decimals and great integers as text, times in UTC."""
    name = f'"{column.name}"'
    if column.type in WHOLE:
        exact = f"{name} between -{EXACT_IN_JSON} and {EXACT_IN_JSON}"
        return f"case when {exact} then to_json({name}) else to_json({name}::varchar) end"
    if column.type.startswith("TIMESTAMP"):
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    return name if SMALL.fullmatch(column.type) else f"{name}::varchar"
