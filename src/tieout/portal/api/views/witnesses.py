"""Witnesses: a SAF-T file that the accounting system itself exported is held against what is stored."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.datastructures import MultiValueDict
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import Problem, checked
from tieout.portal.api.shapes import proofs as shapes
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.witnesses import actions, refusals, told
from tieout.portal.witnesses.forms import WitnessForm
from tieout.portal.witnesses.models import Witness
from tieout.portal.workspaces.decorators import must_administer
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.witness.errors import WitnessError

router = Router(tags=["Proofs"])


@router.get("/{uuid:source_id}/witnesses", response=shapes.Witnesses)
def list_witnesses(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Files that were compared, newest first."""
    heard = Witness.objects.filter(source=_source(request, source_id)).defer("facts")
    return paged(heard, page, _shape, by=("-at", "-id"))


@router.post("/{uuid:source_id}/witnesses", response={201: shapes.WitnessInFull})
def hear(request: HttpRequest, response: HttpResponse, source_id: UUID, file: File[UploadedFile]) -> Any:
    """Compare what is stored with a SAF-T Financial file: XML, or a zip of one. The file is read, and not kept."""
    must_administer(request)
    source = _source(request, source_id)
    upload = checked(WitnessForm({}, MultiValueDict({"file": [file]})))["file"]
    try:
        witness = actions.hear_upload(source, upload, by=person_of(request))
    except WitnessError as error:
        raise Problem(422, "no-witness", refusals.in_words(error)) from error
    response["Location"] = f"/api/v1/sources/{source.pk}/witnesses/{witness.pk}"
    return Status(201, _in_full(witness))


@router.get("/{uuid:source_id}/witnesses/{int:witness_id}", response=shapes.WitnessInFull)
def get(request: HttpRequest, source_id: UUID, witness_id: int) -> Any:
    """What one file said."""
    return _in_full(get_object_or_404(Witness, source=_source(request, source_id), pk=witness_id))


def _source(request: HttpRequest, source_id: UUID) -> Source:
    return get_source(workspace_of(request), source_id)


def _shape(witness: Witness) -> dict[str, Any]:
    return told.facts(witness) | {"at": witness.at}


def _in_full(witness: Witness) -> dict[str, Any]:
    return _shape(witness) | {"differences": told.differences(witness)}
