"""Who calls: a token, its person, and what both may. Sessions of browsers open nothing here."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from tieout.portal.api.problems import Problem, Who
from tieout.portal.feeds import actions, limits
from tieout.portal.feeds.models import FeedToken, Scope
from tieout.portal.workspaces.models import Membership, Workspace
from tieout.portal.workspaces.queries import be_member

SAFE = ("GET", "HEAD")
READS = ("/api/v1/queries",)  # asked by POST, since an address is no place for a question
_CALLER = "_tieout_caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """A live token and the membership of its person, whose workspace opens what both may see."""

    token: FeedToken
    membership: Membership

    @property
    def workspace(self) -> Workspace:
        return self.membership.workspace


def let_in(request: HttpRequest) -> Caller:
    """Whose request this is, which counts against the token's limit. Raises Problem: 401, 403, 429."""
    header = request.headers.get("Authorization", "")
    token = actions.token_of_any_workspace(header) if header.lower().startswith("bearer ") else None
    if token is None:
        raise Problem(
            401,
            "no-token",
            _(
                "A token is needed: Authorization: Bearer ... It is made on the page Feeds, and lives as long as was chosen."
            ),
            headers={"WWW-Authenticate": 'Bearer realm="Tieout"'},
        )
    if actions.lacks_factor(token):
        raise Problem(403, "second-factor-needed", str(actions.FACTOR_NEEDED))
    if wait := limits.seconds_to_wait(token.pk):
        detail = _("More than %(n)s requests in a minute. Go on after %(seconds)s seconds.")
        told = detail % {"n": limits.REQUESTS, "seconds": wait}
        headers = {"Retry-After": str(wait)} | limit_headers(token)
        raise Problem(429, "too-many-requests", told, who=Who.NOBODY, headers=headers)
    caller = Caller(token, _membership(token))
    if request.method not in SAFE and request.path not in READS and token.scope != Scope.MANAGE:
        raise Problem(403, "read-only-token", _("This token may only read. Make one that may change things too."))
    be_member(request, caller.membership)
    setattr(request, _CALLER, caller)
    return caller


def caller_of(request: HttpRequest) -> Caller:
    """Who was let in."""
    caller: Caller | None = getattr(request, _CALLER, None)
    if caller is None:
        raise PermissionDenied
    return caller


def limit_headers(token: FeedToken) -> dict[str, str]:
    """How much the token has left (draft-ietf-httpapi-ratelimit-headers)."""
    left, seconds = limits.left(token.pk)
    return {
        "RateLimit-Policy": f'"token";q={limits.REQUESTS};w={int(limits.SECONDS)}',
        "RateLimit": f'"token";r={left};t={seconds}',
    }


def _membership(token: FeedToken) -> Membership:
    """The person's membership, its workspace narrowed to the companies that the person and the token both open."""
    member = Membership.objects.in_workspace(token.workspace).select_related("workspace").get(person=token.person)
    opened = actions.companies_of(token)
    if opened is not None:
        member.workspace.companies = frozenset(map(UUID, opened))
    return member


class Bearer(HttpBearer):
    """What the description of the API says of tokens. Who gets this far was let in already."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        return caller_of(request)
