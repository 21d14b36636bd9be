"""The audit log, for owners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import invalid
from tieout.portal.api.shapes import audit as shapes
from tieout.portal.api.shapes.base import Day
from tieout.portal.audits.models import Entry
from tieout.portal.audits.queries import entries_of
from tieout.portal.audits.words import GROUPS, entry_sentence
from tieout.portal.workspaces.decorators import must_own
from tieout.portal.workspaces.queries import workspace_of

router = Router(tags=["Audit log"])


class Filters(Place):
    """Which entries. Days are whole ones of the installation's zone, both included."""

    group: str = Field("", max_length=20, description=", ".join(GROUPS))
    who: str = Field("", max_length=400, description="name and e-mail, as entries have them")
    since: Day | None = None
    until: Day | None = None


@router.get("/audit-log", response=shapes.Entries)
def list_entries(request: HttpRequest, page: Query[Filters]) -> Any:
    """What was done in this workspace, newest first. For owners."""
    must_own(request)
    if page.group and page.group not in GROUPS:
        raise invalid([("group", ", ".join(GROUPS))])
    found = entries_of(workspace_of(request), group=page.group, who=page.who, since=page.since, until=page.until)
    return paged(found, page, _shape, by=("-at", "-id"))


def _shape(entry: Entry) -> dict[str, Any]:
    told = {name: getattr(entry, name) for name in ("at", "kind", "who", "address", "facts")}
    more = {"entry": entry.pk, "person": entry.person_id, "source": entry.source_id, "what": entry_sentence(entry)}
    return told | more
