"""Stamps of a data source: what was reported is kept, and what changed since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged, place_of, write
from tieout.portal.api.problems import checked, conflict
from tieout.portal.api.shapes import proofs as shapes
from tieout.portal.sources.queries import get_source
from tieout.portal.stamps import told
from tieout.portal.stamps.actions import StampError, stamp
from tieout.portal.stamps.comparing import compared
from tieout.portal.stamps.forms import StampForm
from tieout.portal.stamps.models import Stamp
from tieout.portal.stamps.queries import get_stamp
from tieout.portal.workspaces.decorators import must_administer
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Stamps"])


@router.get("/{uuid:source_id}/stamps", response=shapes.Stamps)
def list_stamps(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Stamps, newest date first."""
    stamps = Stamp.objects.filter(source=get_source(workspace_of(request), source_id))
    return paged(stamps.defer("figures"), page, _shape, by=("-on", "-made_at", "id"))


@router.post("/{uuid:source_id}/stamps", response={201: shapes.Stamp})
def make(request: HttpRequest, response: HttpResponse, source_id: UUID, asked: shapes.NewStamp) -> Any:
    """Keep what the books say at the end of a day, under a name. A stamp is never changed."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    wishes = checked(StampForm({"name": asked.name, "on": asked.date}))
    try:
        made = stamp(source, **wishes, by=person_of(request))
    except StampError as error:
        raise conflict("not-stamped", str(error)) from error
    response["Location"] = f"/api/v1/sources/{source.pk}/stamps/{made.pk}"
    return Status(201, _shape(made))


@router.get("/{uuid:source_id}/stamps/{uuid:stamp_id}", response=shapes.Stamp)
def get(request: HttpRequest, source_id: UUID, stamp_id: UUID) -> Any:
    """One stamp."""
    return _shape(get_stamp(get_source(workspace_of(request), source_id), stamp_id))


@router.get("/{uuid:source_id}/stamps/{uuid:stamp_id}/changes", response=shapes.Changes)
def changes(request: HttpRequest, source_id: UUID, stamp_id: UUID, page: Query[Place]) -> Any:
    """What became of a stamp's figures: stamp + changes = now, to the øre; and the vouchers, in pages."""
    found = get_stamp(get_source(workspace_of(request), source_id), stamp_id)
    first = place_of(page)
    result = compared(found, limit=page.limit, offset=first)
    following = first + page.limit
    more = write([following]) if following < result.vouchers_in_all else None
    return _shape(found) | told.told(result) | {"next": more}


def _shape(stamp: Stamp) -> dict[str, Any]:
    return told.facts(stamp) | {"as_of": stamp.as_of, "verdict": stamp.verdict or None}
