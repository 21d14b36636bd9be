"""Certificates of tie-outs: listed, exported, and their files as they were exported."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import conflict
from tieout.portal.api.shapes import proofs as shapes
from tieout.portal.certificates.actions import NothingToCertifyError, export
from tieout.portal.certificates.models import Certificate
from tieout.portal.certificates.views import KINDS, as_file, certificate_of
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.queries import person_of, workspace_of
from tieout.sync.certificate.statement import MovedError

router = Router(tags=["Certificates"])
Kind = Literal["pdf", "json", "sql"]
CONTENT: dict[str, Any] = {kind.partition(";")[0]: {} for kind in KINDS.values()}
FILES = {"responses": {200: {"description": "The file", "content": CONTENT}}}


@router.get("/{uuid:source_id}/certificates", response=shapes.Certificates)
def list_certificates(request: HttpRequest, source_id: UUID, page: Query[Place]) -> Any:
    """Certificates of a data source, newest first."""
    found = Certificate.objects.filter(source=get_source(workspace_of(request), source_id)).select_related("link")
    return paged(found.defer("pdf", "sql", "document"), page, _shape, by=("-id",))


@router.post("/{uuid:source_id}/certificates", response={201: shapes.Certificate})
def make(request: HttpRequest, response: HttpResponse, source_id: UUID) -> Any:
    """Certify the latest tie-out, in the language that the request asks for."""
    source = get_source(workspace_of(request), source_id)
    try:
        made = export(source, by=person_of(request))
    except NothingToCertifyError as error:
        detail = _("Nothing was compared yet. The first tie-out comes at the end of the first sync.")
        raise conflict("nothing-compared", detail) from error
    except MovedError as error:
        detail = _(
            "What is stored is no longer what the latest tie-out compared. Check now; when it has ended, export again."
        )
        raise conflict("moved", detail) from error
    response["Location"] = f"/api/v1/sources/{source.pk}/certificates/{made.number}"
    return Status(201, _shape(made))


@router.get("/{uuid:source_id}/certificates/{int:number}", response=shapes.Certificate)
def get(request: HttpRequest, source_id: UUID, number: int) -> Any:
    """One certificate."""
    return _shape(certificate_of(get_source(workspace_of(request), source_id), number))


@router.get("/{uuid:source_id}/certificates/{int:number}/files/{kind}", response={200: None}, openapi_extra=FILES)
def file(request: HttpRequest, source_id: UUID, number: int, kind: Kind) -> Any:
    """Its file as it was exported: pdf, json (signed) or sql (repeats the comparison)."""
    found = certificate_of(get_source(workspace_of(request), source_id), number)
    response = as_file(found, kind)
    if response is None:
        raise Http404
    return response


def _shape(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate": certificate.number,
        "source": certificate.source_id,
        "verdict": certificate.verdict,
        "date": certificate.on,
        "tied_out_at": certificate.tied_out_at,
        "issued_at": certificate.link.issued_at,
        "sha256": certificate.link.sha256,
    }
