"""Approval links: made, sent, withdrawn, renewed. The address of one is told once, by the answer that made it."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.connectors.base import Approval
from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import checked, conflict, invalid
from tieout.portal.api.shapes import links as shapes
from tieout.portal.approvals import actions, queries
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.forms import LinkForm, NewLinkForm
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.several import left_of
from tieout.portal.approvals.views.leaving import connector_or_404
from tieout.portal.letters import address
from tieout.portal.sources.queries import get_source
from tieout.portal.workspaces.decorators import must_administer, must_look_after_all
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Approval links"])
of_sources = Router(tags=["Approval links"])


@router.get("", response=shapes.Links)
def list_links(request: HttpRequest, page: Query[Place]) -> Any:
    """All approval links, newest first."""
    must_administer(request)
    return paged(queries.links_of(workspace_of(request)), page, shape, by=("-made_at", "-id"))


@router.post("", response={201: shapes.Link})
def make(request: HttpRequest, response: HttpResponse, asked: shapes.NewLink) -> Any:
    """Make an approval link for companies that are not connected yet. `address` is told now and never again."""
    must_look_after_all(request)
    connector_or_404(asked.connector, Approval.REDIRECT)
    numbers = "\n".join(asked.organisation_numbers)
    form = NewLinkForm(_wishes(asked) | {"more_numbers": numbers})
    checked(form)
    fresh = actions.make_link(workspace_of(request), connector=asked.connector, by=person_of(request), **form.wishes())
    return told_once(request, response, fresh, to=_to(asked))


@router.get("/{uuid:link_id}", response=shapes.Link)
def get(request: HttpRequest, link_id: UUID) -> Any:
    """One approval link, and what it led to."""
    must_administer(request)
    return shape(queries.get_link(workspace_of(request), link_id))


@router.delete("/{uuid:link_id}", response={204: None})
def withdraw(request: HttpRequest, link_id: UUID) -> Any:
    """End a link at once. Again, or for a used one, nothing changes."""
    must_administer(request)
    actions.revoke_link(queries.get_link(workspace_of(request), link_id), by=person_of(request))
    return Status(204, None)


@router.post("/{uuid:link_id}/replace", response={201: shapes.Link})
def replace(
    request: HttpRequest, response: HttpResponse, link_id: UUID, asked: shapes.Replacement | None = None
) -> Any:
    """A new link like this one, valid as long from now; this one ends."""
    must_administer(request)
    link = queries.get_link(workspace_of(request), link_id)
    if link.used_at:
        raise conflict("link-used", _("This link was used already. Nothing was changed."))
    to = link.recipient_email if asked and asked.send else ""
    if asked and asked.send and not to:
        raise conflict("nobody-to-send-to", _("This link has no e-mail address that it could be sent to."))
    return told_once(request, response, actions.replace_link(link, by=person_of(request)), to=to)


@of_sources.post("/{uuid:source_id}/links", response={201: shapes.Link})
def make_renewal(request: HttpRequest, response: HttpResponse, source_id: UUID, asked: shapes.LinkWish) -> Any:
    """Make a link by which the company of a data source approves once more; it takes no other company."""
    must_administer(request)
    source = get_source(workspace_of(request), source_id)
    connector_or_404(source.connector, Approval.REDIRECT)
    wishes = checked(LinkForm(_wishes(asked)))
    fresh = actions.make_renewal_link(source, by=person_of(request), **wishes)
    return told_once(request, response, fresh, to=_to(asked))


def _wishes(asked: shapes.LinkWish) -> dict[str, str]:
    if asked.send and not asked.recipient_email:
        raise invalid([("recipient_email", _("Type the e-mail address of whoever approves."))])
    return asked.dict(include={"recipient_name", "recipient_email", "note", "valid_for"})


def _to(asked: shapes.LinkWish) -> str:
    return asked.recipient_email if asked.send else ""


def told_once(request: HttpRequest, response: HttpResponse, fresh: FreshLink, *, to: str = "") -> Any:
    """The answer that tells a new link's address. A mail server that takes nothing is no reason to lose it."""
    if to:
        try:
            actions.send_link(fresh, to=to, by=person_of(request))
        except (OSError, SMTPException):
            fresh.link.sent_at = None
    response["Location"] = f"/api/v1/links/{fresh.link.pk}"
    return Status(201, shape(fresh.link) | {"address": address(reverse("approvals:request", args=[fresh.token]))})


def shape(link: ApprovalLink) -> dict[str, Any]:
    """An approval link as the API tells it."""
    row = queries.row_of(link, now=timezone.now())
    return {
        "link": link.pk,
        "state": row.state.value,
        "connector": link.connector,
        "source": link.source_id,
        "organisation_number": link.organisation_number or None,
        "companies_left": [one["number"] for one in left_of(link)] if link.companies else [],
        "recipient_name": link.recipient_name,
        "recipient_email": link.recipient_email,
        "note": link.note,
        "made_at": link.made_at,
        "expires_at": link.expires_at,
        "sent_at": link.sent_at,
        "used_at": link.used_at,
        "sources": [source.pk for source in row.sources],
    }
