"""What *Data* asks: which tables a workspace has, one page of one, and whose rows a person may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, QueryDict

from tieout.portal.sources.models import Source
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.models import StreamPhase, StreamState
from tieout.portal.workspaces.models import Workspace
from tieout.warehouse import browse

KINDS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FILTER_PREFIX = "f."
SYNCS_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a person chose to see of a table; the address holds it all."""

    page: int = 1
    sort: str = ""
    is_descending: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    source: str = ""  # id of one data source; empty: all of the workspace
    as_of: int | None = None  # number of a sync; None: now

    def query(self, **changes: Any) -> str:
        """The address's query for this view with something changed; empty values are left out."""
        values: dict[str, Any] = {"source": self.source, "sort": self.sort, "down": "1" if self.is_descending else ""}
        values["as_of"] = self.as_of
        values |= {f"{FILTER_PREFIX}{name}": text for name, text in self.filters.items()}
        return urlencode({name: value for name, value in (values | changes).items() if value})


def view_of(query: QueryDict) -> View:
    """Read a view from an address."""
    number, as_of = query.get("page", "1"), query.get("as_of", "")
    return View(
        page=max(1, int(number)) if number.isdigit() and len(number) < 10 else 1,
        sort=query.get("sort", ""),
        is_descending=bool(query.get("down")),
        filters={
            name.removeprefix(FILTER_PREFIX): str(text).strip()
            for name, text in query.items()
            if name.startswith(FILTER_PREFIX) and str(text).strip()
        },
        source=query.get("source", ""),
        as_of=int(as_of) if as_of.isdigit() and len(as_of) < 18 else None,
    )


def sources_of(workspace: Workspace) -> list[Source]:
    """The data sources whose rows the workspace shows."""
    return list(Source.objects.in_workspace(workspace).order_by("name"))


def tables_of(workspace: Workspace) -> list[browse.Table]:
    """Every table of a workspace; none before its first sync."""
    if not warehouses.exists(workspace):
        return []
    with warehouses.opened(workspace) as warehouse:
        return browse.tables(
            warehouse,
            source_ids=[str(source.pk) for source in sources_of(workspace)],
            of_one=workspace.companies is not None,
        )


def rows_of(workspace: Workspace, schema: str, name: str, view: View) -> browse.Rows:
    """One page of one table. Raises Http404 for a table or column that isn't there."""
    _refuse_sums_over_companies(workspace, schema, name)
    try:
        with warehouses.opened(workspace) as warehouse:
            return browse.rows(
                warehouse,
                schema,
                name,
                page=view.page,
                sort=view.sort or None,
                descending=view.is_descending,
                filters=view.filters,
                source_ids=_shown(workspace, view),
                as_of=view.as_of,
            )
    except KeyError as error:
        raise Http404 from error


def _refuse_sums_over_companies(workspace: Workspace, schema: str, name: str) -> None:
    """Who is limited to some companies sees no table that says nothing of whose its rows are. Raises Http404."""
    if not warehouses.exists(workspace):
        raise Http404
    if workspace.companies is not None:
        shown = {(table.schema, table.name) for table in tables_of(workspace)}
        if (schema, name) not in shown:
            raise Http404


def file_of(workspace: Workspace, schema: str, name: str, view: View, *, kind: str) -> Path:
    """All pages of a view as a new file, which the caller deletes. Raises Http404."""
    if kind not in KINDS:
        raise Http404
    _refuse_sums_over_companies(workspace, schema, name)
    try:
        with warehouses.opened(workspace) as warehouse:
            return browse.export(
                warehouse,
                schema,
                name,
                kind=kind,
                sort=view.sort or None,
                descending=view.is_descending,
                filters=view.filters,
                source_ids=_shown(workspace, view),
                as_of=view.as_of,
            )
    except KeyError as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment at which people may look: a stamp, or a sync that ended. `sync` is its number in the warehouse."""

    sync: int
    at: datetime
    name: str = ""  # of the stamp
    source: str = ""


def moments_of(workspace: Workspace, view: View) -> tuple[list[Moment], list[Moment]]:
    """Stamps, and the newest syncs that ended; of the chosen data source, if one is."""
    shown = [source for source in sources_of(workspace) if not view.source or str(source.pk) == view.source]
    stamps = Stamp.objects.filter(source__in=shown).select_related("source")
    return (
        [Moment(sync=one.sync, at=one.as_of, name=one.name, source=one.source.name) for one in stamps],
        _syncs(workspace, {str(source.pk): source.name for source in shown}),
    )


def _syncs(workspace: Workspace, names: Mapping[str, str]) -> list[Moment]:
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection:
        found = connection.execute(
            "select id, finished_at, source_id from tieout.syncs where finished_at is not null and kind <> 'filling' "
            "and list_contains(?::varchar[], source_id) order by id desc limit ?",
            [list(names), SYNCS_SHOWN],
        ).fetchall()
    return [Moment(sync=sync, at=at, source=names[source]) for sync, at, source in found]


def _shown(workspace: Workspace, view: View) -> list[str]:
    """Ids of the sources whose rows are shown: the chosen one if it is the workspace's, else all of them."""
    ids = [str(source.pk) for source in sources_of(workspace)]
    if view.source:
        if view.source not in ids:
            raise Http404
        return [view.source]
    return ids


def why_empty(workspace: Workspace, name: str, view: View) -> str:
    """Why a table has no rows: "filtered", "arriving", "unavailable", or "none": the company has none."""
    if view.filters:
        return "filtered"
    states = StreamState.objects.filter(source__in=sources_of(workspace), stream=name.removesuffix("_versions"))
    if view.source:
        states = states.filter(source_id=UUID(view.source))
    phases = set(states.values_list("phase", flat=True))
    if phases == {StreamPhase.UNAVAILABLE}:
        return "unavailable"
    if phases & {StreamPhase.QUEUED, StreamPhase.FETCHING}:
        return "arriving"
    return "none"
