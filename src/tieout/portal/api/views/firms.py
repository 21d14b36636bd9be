"""Accounting firms: the firm's own key, its clients, and connecting some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status

from tieout.connectors.base import Secret
from tieout.portal.api.cursors import Place, paged_rows
from tieout.portal.api.problems import conflict, invalid
from tieout.portal.api.shapes import firms as shapes
from tieout.portal.api.shapes import links as links_shapes
from tieout.portal.api.views.links import told_once
from tieout.portal.approvals.views.leaving import connector_or_404
from tieout.portal.approvals.views.patience import wait_for
from tieout.portal.partners import actions, connecting, queries
from tieout.portal.partners.models import FirmAccess, FirmsCompany
from tieout.portal.partners.queries import Row
from tieout.portal.workspaces.decorators import must_look_after_all, must_own
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["Accounting firms"])


class Filters(Place):
    """Which clients."""

    state: Literal["", "listed", "wanted", "checking", "connected", "refused"] = ""
    q: str = Field("", max_length=100, description="part of the name or organisation number")


@router.get("/{slug:connector}", response=shapes.Firm)
def get(request: HttpRequest, connector: str) -> Any:
    """The firm's access to a system."""
    must_look_after_all(request)
    return _shape(_access(request, connector))


@router.put("/{slug:connector}", response=shapes.Firm)
def set_key(request: HttpRequest, connector: str, asked: shapes.NewFirm) -> Any:
    """Prove the firm's own key, keep it in place of an earlier one, and fetch the list of clients. For owners."""
    must_own(request)
    _must_know_firms(connector)
    key = Secret(asked.client_key.strip())
    try:
        access = actions.set_key(workspace_of(request), connector, key, by=person_of(request))
    except actions.NoFirmError as error:
        raise invalid([("client_key", str(error))]) from error
    actions.list_anew(access)
    return _shape(access)


@router.delete("/{slug:connector}", response={204: None})
def end(request: HttpRequest, connector: str) -> Any:
    """Destroy the firm's key and forget the list. Connected companies stay. For owners."""
    must_own(request)
    actions.end(_access(request, connector), by=person_of(request))
    return Status(204, None)


@router.get("/{slug:connector}/clients", response=shapes.Clients)
def clients(request: HttpRequest, connector: str, page: Query[Filters]) -> Any:
    """The firm's clients."""
    must_look_after_all(request)
    rows = queries.rows_of(_access(request, connector), state=page.state, search=page.q)
    return paged_rows(rows, page, _client, key=lambda row: (row.company.pk,))


@router.post("/{slug:connector}/clients/list", response=shapes.Listed)
def list_anew(request: HttpRequest, connector: str) -> Any:
    """Fetch the list of clients again."""
    must_look_after_all(request)
    return {"clients": actions.list_anew(_access(request, connector))}


@router.post("/{slug:connector}/clients/connect", response={202: shapes.Begun})
def connect(request: HttpRequest, connector: str, asked: shapes.ClientsWish) -> Any:
    """Connect clients with the firm's one yes."""
    must_look_after_all(request)
    access = _access(request, connector)
    if not access.may_add:
        raise conflict("may-not-add", _("This firm may not let us in to its clients itself. Make an approval link."))
    begun = actions.want(access, _chosen(access, asked), by=person_of(request), now=timezone.now())
    wait_for(connecting.go_on)
    return Status(202, {"clients": begun})


@router.post("/{slug:connector}/clients/link", response={201: links_shapes.Link})
def link(request: HttpRequest, response: HttpResponse, connector: str, asked: shapes.ClientsWish) -> Any:
    """Make one approval link that asks for clients. `address` is told now and never again."""
    must_look_after_all(request)
    access = _access(request, connector)
    try:
        fresh = actions.link_for(access, _chosen(access, asked), by=person_of(request))
    except ValueError as error:
        raise conflict("no-link", str(error)) from error
    return told_once(request, response, fresh)


def _must_know_firms(connector: str) -> None:
    connector_or_404(connector)
    if not queries.knows_firms(connector):
        raise Http404


def _access(request: HttpRequest, connector: str) -> FirmAccess:
    _must_know_firms(connector)
    access = queries.access_of(workspace_of(request), connector)
    if access is None:
        raise Http404
    return access


def _chosen(access: FirmAccess, asked: shapes.ClientsWish) -> Sequence[FirmsCompany]:
    """Those that can be connected. Raises Problem where one is none of the firm's, or nothing is left."""
    rows, named = queries.rows_of(access), set(asked.clients)
    strangers = named - {row.company.pk for row in rows}
    if strangers:
        raise invalid([("clients", _("The firm has no client of this id: %(id)s.") % {"id": min(strangers)})])
    chosen = [row.company for row in rows if row.may_be_chosen and (asked.all or row.company.pk in named)]
    if not chosen:
        raise conflict("nothing-to-connect", _("All of these are connected or being connected. Nothing was changed."))
    return chosen


def _shape(access: FirmAccess) -> dict[str, Any]:
    names = ("connector", "name", "organisation_number", "may_add", "made_at", "listed_at")
    return {name: getattr(access, name) for name in names} | {"trouble": access.trouble or None}


def _client(row: Row) -> dict[str, Any]:
    company = row.company
    return {
        "client": company.pk,
        "name": company.name,
        "organisation_number": company.organisation_number,
        "is_active": company.is_active,
        "state": row.state.value,
        "reason": company.message or None,
        "source": row.source.pk if row.source else None,
    }
