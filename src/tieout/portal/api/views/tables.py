"""Tables of the warehouse: which there are, what their columns hold, and their rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from tieout.portal.api.access import caller_of
from tieout.portal.api.cursors import Place
from tieout.portal.api.rows import columns_of, rows_of
from tieout.portal.api.shapes import tables as shapes
from tieout.portal.explorer.queries import tables_of
from tieout.portal.feeds.queries import set_name, told
from tieout.portal.workspaces.queries import workspace_of

router = Router(tags=["Tables"])
MOST_ROWS = 10_000


class Question(Place):
    """Which rows, in which order, and which columns of them. Expressions are OData's."""

    limit: int = Field(1_000, ge=1, le=MOST_ROWS, description="at most so many")
    filter: str = Field("", max_length=8_000, description="as in `amount gt 100 and voucher_no in (1, 2)`")
    order: str = Field("", max_length=8_000, description="as in `posting_date desc, amount`")
    select: str = Field("", max_length=8_000, description="columns, with commas between")

    def as_options(self) -> dict[str, str]:
        """As feeds call them."""
        given = {"$filter": self.filter, "$orderby": self.order, "$select": self.select}
        return {name: text for name, text in given.items() if text}


@router.get("", response=shapes.Tables)
def list_tables(request: HttpRequest) -> Any:
    """Every table that the token may see. `rows` is null for views, which would have to be worked out."""
    found = tables_of(workspace_of(request))
    return {
        "items": [{"table": f"{one.schema}.{one.name}", "rows": one.rows, "columns": len(one.columns)} for one in found]
    }


@router.get("/{table}", response=shapes.Columns)
def get(request: HttpRequest, table: str) -> Any:
    """The columns of a table (`core.postings`), and what they hold where it is a model."""
    schema, _, name = table.partition(".")
    columns = columns_of(workspace_of(request), schema, name)
    description, holds = told().get(set_name(schema, name), ("", {}))
    return {
        "table": table,
        "description": description,
        "columns": [{"name": one.name, "type": one.type, "description": holds.get(one.name, "")} for one in columns],
    }


@router.get("/{table}/rows", response=shapes.Rows)
def rows(request: HttpRequest, table: str, page: Query[Question]) -> Any:
    """Rows of a table. With a cursor the walk goes on over the rows of its beginning, whatever a sync stores meanwhile."""
    schema, _, name = table.partition(".")
    return rows_of(caller_of(request), schema, name, page.as_options(), page)
