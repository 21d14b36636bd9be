"""Who gets in: deactivating somebody, asking all for a second factor, and one's own tokens.

What a token can't do: make tokens, which would outlive it, and take second factors away, since it is one factor itself.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from tieout.portal.api.cursors import Place, paged
from tieout.portal.api.problems import conflict
from tieout.portal.api.shapes import people as shapes
from tieout.portal.api.views.people import member_of, shape
from tieout.portal.feeds.actions import revoke_token
from tieout.portal.feeds.models import FeedToken
from tieout.portal.feeds.queries import tokens_of
from tieout.portal.people import deactivation, queries
from tieout.portal.people.team import last_owner_sentence
from tieout.portal.workspaces.access import NoFactorYetError, require_second_factor
from tieout.portal.workspaces.actions import LastOwnerError
from tieout.portal.workspaces.decorators import must_own
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import person_of, workspace_of

router = Router(tags=["People"])


@router.post("/people/{int:person_id}/deactivate", response=shapes.Deactivated)
def deactivate(request: HttpRequest, person_id: int) -> Any:
    """End somebody's access at once; it can be given back. What they had is told, to be taken over. For owners."""
    must_own(request)
    member = member_of(request, person_id)
    try:
        deactivation.deactivate(member, by=person_of(request))
    except LastOwnerError as error:
        raise conflict("last-owner", last_owner_sentence()) from error
    left = deactivation.left_of(member)
    return shape(member) | {
        "left": {
            "companies": [one.pk for one in left.companies],
            "links": [one.pk for one in left.links],
            "told_of": [one.source_id for one in left.told],
            "webhooks": [one.pk for one in left.webhooks],
        }
    }


@router.post("/people/{int:person_id}/reactivate", response=shapes.Person)
def reactivate(request: HttpRequest, person_id: int) -> Any:
    """Give access back, with the role and companies of before; revoked tokens stay revoked. For owners."""
    must_own(request)
    member = member_of(request, person_id)
    deactivation.reactivate(member, by=person_of(request))
    return shape(member)


@router.get("/workspace", response=shapes.Workspace)
def workspace(request: HttpRequest) -> Any:
    """What holds for everybody of the workspace. For owners."""
    must_own(request)
    return _workspace(workspace_of(request))


@router.patch("/workspace", response=shapes.Workspace)
def change_workspace(request: HttpRequest, asked: shapes.WorkspaceChange) -> Any:
    """Ask a second factor of everybody. For owners, who must have one themselves. No longer to ask is the page's alone."""
    must_own(request)
    if not asked.requires_second_factor:
        detail = _("A token is one factor, and takes no second one away. Do this on the page People.")
        raise conflict("by-page-only", detail)
    try:
        require_second_factor(workspace_of(request), asked.requires_second_factor, by=person_of(request))
    except NoFactorYetError as error:
        detail = _("Set up a second factor of your own first; nothing was changed.")
        raise conflict("no-factor-yet", detail) from error
    return _workspace(workspace_of(request))


@router.get("/tokens", response=shapes.Tokens)
def list_tokens(request: HttpRequest, page: Query[Place]) -> Any:
    """The person's own tokens, newest first."""
    found = tokens_of(workspace_of(request), person_of(request)).prefetch_related("companies")
    return paged(found, page, _token, by=("-made_at", "id"))


@router.delete("/tokens/{uuid:token_id}", response={204: None})
def revoke(request: HttpRequest, token_id: UUID) -> Any:
    """Close feeds and API to one of one's own tokens, at once; also to the one that asks."""
    person = person_of(request)
    revoke_token(get_object_or_404(tokens_of(workspace_of(request), person), pk=token_id), person)
    return Status(204, None)


def _workspace(found: Workspace) -> dict[str, Any]:
    without = [one.person_id for one in queries.without_factor(found)]
    return {"name": found.name, "requires_second_factor": found.requires_second_factor, "without_factor": without}


def _token(token: FeedToken) -> dict[str, Any]:
    names = ("name", "scope", "made_at", "expires_at", "last_used_at", "is_live")
    companies = sorted(one.pk for one in token.companies.all()) if token.is_limited else None
    return {name: getattr(token, name) for name in names} | {
        "token": token.pk,
        "begins": token.shown,
        "companies": companies,
    }
