"""A voucher's attachments: asked of the accounting system now, handed on, never kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tieout.connectors.attachments import AttachmentKind
from tieout.connectors.errors import ConnectorError
from tieout.portal.api.problems import Problem, Who, conflict, problem_of
from tieout.portal.api.shapes import attachments as shapes
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import get_source
from tieout.portal.vouchers import queries
from tieout.portal.vouchers.attachments import TYPE, NotToBeHadError, fetched, kinds_of
from tieout.portal.vouchers.reading import asking
from tieout.portal.workspaces.queries import workspace_of

router = Router(tags=["Vouchers"])
FILE = {"responses": {200: {"content": {TYPE: {"schema": {"type": "string", "format": "binary"}}}}}}


class Which(Schema):
    """Which voucher, where several have the number."""

    voucher_id: str = Field("", max_length=64)


@router.get("/{uuid:source_id}/vouchers/{int:number}/attachments", response=shapes.Attachments)
def list_attachments(request: HttpRequest, source_id: UUID, number: int, which: Query[Which]) -> Any:
    """What is attached to a voucher; one request to the accounting system."""
    source = get_source(workspace_of(request), source_id)
    voucher_id = _voucher(source, number, which.voucher_id)
    try:
        kinds, ending = kinds_of(source, voucher_id)
    except NotToBeHadError as error:
        raise _refused(error) from error
    return {"items": [{"kind": kind.value, "ending": ending} for kind in kinds]}


@router.get(
    "/{uuid:source_id}/vouchers/{int:number}/attachments/{attachment}", response={200: None}, openapi_extra=FILE
)
def fetch(request: HttpRequest, source_id: UUID, number: int, attachment: AttachmentKind, which: Query[Which]) -> Any:
    """One attachment as a file."""
    source = get_source(workspace_of(request), source_id)
    voucher_id = _voucher(source, number, which.voucher_id)
    try:
        return fetched(source, number, voucher_id, attachment)
    except NotToBeHadError as error:
        raise _refused(error) from error


def _voucher(source: Source, number: int, wanted: str) -> str:
    """The id of the voucher of a number. Raises Http404, and Problem where several have it."""
    with asking(source) as ask:
        heads = queries.heads_of(ask, str(source.pk), number) if ask and number < 2**63 else []
    ids = [str(head["voucher_id"]) for head in heads if wanted in ("", head["voucher_id"])]
    if not ids:
        raise Http404
    if len(ids) > 1:
        detail = _("Several vouchers have this number. Say which by voucher_id: %(ids)s.")
        raise conflict("several-vouchers", detail % {"ids": ", ".join(ids)})
    return ids[0]


def _refused(error: NotToBeHadError) -> Problem:
    """Who must act is told by what lies behind it: no error, where there is nothing to fetch; the system's; no key."""
    match error.__cause__:
        case None:
            known = Problem(404, "not-found", "")
        case ConnectorError() as cause:
            known = problem_of(cause)
        case _:
            known = Problem(409, "company-must-act", "", who=Who.COMPANY)
    known.detail = f"{error.why} {error.detail}".strip()
    return known
