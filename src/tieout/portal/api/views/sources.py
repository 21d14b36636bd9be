"""Data sources: listed, added by a key, changed, removed; their streams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from tieout.catalog import Choice, Personal
from tieout.connectors.base import Secret
from tieout.ledger.organisation_number import normalise
from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import checked, conflict, invalid
from tieout.portal.api.shapes import sources as shapes
from tieout.portal.approvals.forms import OrganisationNumberField
from tieout.portal.approvals.onboarding import Wish
from tieout.portal.approvals.own_key import take_own_key
from tieout.portal.approvals.swap import NotThisCompanyError
from tieout.portal.approvals.views.leaving import connector_or_404
from tieout.portal.groups.actions import DoesNotSeeError, make_responsible
from tieout.portal.groups.queries import people_of
from tieout.portal.personal import actions as personal
from tieout.portal.sources import actions, schedules
from tieout.portal.sources.forms import SettingsForm
from tieout.portal.sources.health import freshness, health
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import choices_of, connector_of, get_source
from tieout.portal.syncs.models import StreamState
from tieout.portal.workspaces.decorators import must_administer, must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Data sources"])
ORDER = ("organisation_number", "id")


class Filters(Place):
    """Which sources."""

    organisation_number: str = Field("", max_length=24)


class Removal(Schema):
    """What becomes of the data."""

    delete_data: bool = False


@router.get("", response=shapes.Sources)
def list_sources(request: HttpRequest, page: Query[Filters]) -> Any:
    """All data sources that the token may see, by organisation number."""
    sources = Source.objects.in_workspace(workspace_of(request)).prefetch_related("groups")
    if page.organisation_number:
        sources = sources.filter(organisation_number=normalise(page.organisation_number))
    return paged(sources, page, shape, by=ORDER)


@router.post("", response={201: shapes.Source})
def add_source(request: HttpRequest, response: HttpResponse, asked: shapes.NewSource) -> Any:
    """Connect a company whose client key is known, and begin its first sync. A new key of one that is here is taken too."""
    must_look_after_all(request)
    connector_or_404(asked.connector)
    wish = Wish(
        workspace=workspace_of(request),
        connector=asked.connector,
        person=person_of(request),
        organisation_number=_number(asked.organisation_number),
        only_new=asked.only_new,
    )
    try:
        taken = take_own_key(wish, Secret(asked.client_key.strip()), browser="", now=timezone.now())
    except actions.AlreadyThereError as error:
        told = _("%(company)s is a data source of this workspace already. Nothing was changed.")
        raise conflict("already-there", told % {"company": error.source.name}) from error
    except NotThisCompanyError as error:
        told = _("This key opens the books of %(company)s, another company than the one asked for. Nothing was stored.")
        raise conflict("other-company", told % {"company": error}) from error
    assert taken.source is not None
    response["Location"] = f"/api/v1/sources/{taken.source.pk}"
    return Status(201, shape(taken.source))


def _number(text: str) -> str:
    field = OrganisationNumberField()
    try:
        return field.clean(text)
    except ValueError as error:
        raise invalid([("organisation_number", str(error))]) from error


@router.get("/{uuid:source_id}", response=shapes.Source)
def get(request: HttpRequest, source_id: UUID) -> Any:
    """One data source."""
    return shape(get_source(workspace_of(request), source_id))


@router.patch("/{uuid:source_id}", response=shapes.Source)
def change(request: HttpRequest, source_id: UUID, asked: shapes.SourceChange) -> Any:
    """Name, schedule, pause, who is responsible, personal data. All of it or nothing."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    given = asked.dict(exclude_unset=True)
    with transaction.atomic():
        _change_settings(request, source, given)
        if "responsible" in given:
            _make_responsible(request, source, given["responsible"])
        if given.get("is_paused") is not None and given["is_paused"] != source.is_paused:
            (actions.pause if given["is_paused"] else actions.resume)(source, by=person_of(request))
    if given.get("personal"):
        wanted = {Personal(kind): Choice(choice) for kind, choice in given["personal"].items()}
        personal.choose(source, wanted, by=person_of(request))
    return shape(source)


def _change_settings(request: HttpRequest, source: Source, given: dict[str, Any]) -> None:
    asked = {name: given[name] for name in ("name", "schedule") if given.get(name) is not None}
    if asked:
        now = {"name": source.name, "schedule": schedules.code_of(source.interval_minutes, source.hours)}
        form = SettingsForm(now | asked, instance=get_source(workspace_of(request), source.pk))
        checked(form)
        actions.change_settings(source, **form.chosen(), by=person_of(request))


def _make_responsible(request: HttpRequest, source: Source, person_id: int | None) -> None:
    workspace = workspace_of(request)
    person = next((one for one in people_of(workspace) if one.pk == person_id), None)
    if person is None and person_id is not None:
        raise invalid([("responsible", _("There is nobody of this id in the workspace."))])
    try:
        make_responsible(workspace, [source], person, by=person_of(request))
    except DoesNotSeeError as error:
        raise conflict("does-not-see", str(error)) from error


@router.delete("/{uuid:source_id}", response={204: None})
def remove(request: HttpRequest, source_id: UUID, how: Query[Removal]) -> Any:
    """Remove a data source; its key is destroyed at once. `delete_data`: its rows, versions and copies too, for good."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    actions.remove(source, delete_data=how.delete_data, by=person_of(request))
    return Status(204, None)


@router.get("/{uuid:source_id}/streams", response=shapes.Streams)
def streams(request: HttpRequest, source_id: UUID) -> Any:
    """How every stream stands."""
    source = get_source(workspace_of(request), source_id)
    return {"items": [_stream(state) for state in StreamState.objects.filter(source=source)]}


def shape(source: Source) -> dict[str, Any]:
    """A data source as the API tells it."""
    return {
        "source": source.pk,
        "organisation_number": source.organisation_number,
        "name": source.name,
        "company_name": source.company_name,
        "connector": source.connector,
        "approval": source.approval_state,
        "health": health(source).value,
        "freshness": freshness(source).value,
        "verdict": source.verdict or None,
        "verdict_as_of": source.verdict_as_of,
        "activity": source.activity or None,
        "cause": source.trouble or None,
        "reason": source.trouble_message or None,
        "rows": source.rows_total,
        "schedule": schedules.code_of(source.interval_minutes, source.hours),
        "is_paused": source.is_paused,
        "responsible": source.responsible_id,
        "groups": [group.pk for group in source.groups.all()],
        "created_at": source.created_at,
        "last_complete_at": source.last_complete_at,
        "next_sync_at": source.next_sync_at,
        "where_to_end": connector_of(source).where_to_end(),
        "personal": choices_of(source),
    }


def _stream(state: StreamState) -> dict[str, Any]:
    return {
        "stream": state.stream,
        "state": state.phase,
        "grade": state.grade or None,
        "holds": state.grade_holds,
        "rows": state.rows,
        "newest": state.newest_on,
        "reason": state.reason or None,
        "last_success_at": state.last_success_at,
        "unknown_fields": state.unknown_fields,
    }
