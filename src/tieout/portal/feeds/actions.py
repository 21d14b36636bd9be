"""Making, using and revoking the tokens of feeds and of the API."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tieout.portal.audits.actions import record
from tieout.portal.feeds.models import FeedToken, Scope
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Membership, Workspace
from tieout.portal.workspaces.queries import lacks_factor as lacks

PREFIX = "tfeed_"
SHOWN = 10  # characters by which a person knows a token again
FACTOR_NEEDED = gettext_lazy(
    "This workspace asks for a second factor, and the person of this token has none."
    " Set one up under Preferences, Sign-in security; the token then opens again."
)
NOTED_EVERY = timedelta(hours=1)  # how often the audit log repeats that the same is read
USED_EVERY = timedelta(minutes=5)  # how exactly the last use is noted


@transaction.atomic
def make_token(
    workspace: Workspace,
    person: Person,
    *,
    name: str,
    days: int,
    companies: Sequence[Source] = (),
    scope: str = Scope.READ,
) -> tuple[FeedToken, str]:
    """A new token, and its secret, which is shown once and stored as a hash."""
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = FeedToken.objects.create(
        workspace=workspace,
        person=person,
        name=name,
        scope=Scope(scope),
        shown=secret[:SHOWN],
        digest=_digest(secret),
        is_limited=bool(companies),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    token.companies.set(companies)
    tell(workspace, "feed_token_made", person=person, name=name, days=days, scope=token.scope)
    return token, secret


def revoke_token(token: FeedToken, person: Person) -> None:
    """Close feeds and API to it, at once. Again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        tell(token.workspace, "feed_token_revoked", person=person, name=token.name)


def token_in(header: str, workspace: Workspace) -> FeedToken | None:
    """The live token of an Authorization header (Bearer, or the password of Basic, as Excel and Power BI send it)."""
    return _live_in(FeedToken.objects.in_workspace(workspace), header)


def token_of_any_workspace(header: str) -> FeedToken | None:
    """The live token of an Authorization header, whichever workspace it is of."""
    return _live_in(FeedToken.objects.all(), header)  # Not of one workspace: the token is what says which


def _live_in(tokens: QuerySet[FeedToken], header: str) -> FeedToken | None:
    secret = _secret_in(header)
    if not secret.startswith(PREFIX):
        return None
    token = tokens.select_related("person", "workspace").filter(digest=_digest(secret)).first()
    if token is None or not token.is_live or not token.person.is_active:
        return None
    if not Membership.objects.filter(workspace=token.workspace, person=token.person).exists():
        return None
    _note_use(token)
    return token


def note_read(token: FeedToken, kind: str, *, what: str, address: str) -> None:
    """Say in the audit log that a token read something: once an hour for each thing and client address, not at every page."""
    place = hashlib.sha256(f"{what}:{address}".encode()).hexdigest()[:24]
    if cache.add(f"{kind}:{token.pk}:{place}", True, int(NOTED_EVERY.total_seconds())):
        record(token.workspace, kind, person=token.person, token=token.name, what=what)


def lacks_factor(token: FeedToken) -> bool:
    """Whether the workspace asks for a second factor that the token's person has not; the token then opens nothing."""
    return lacks(Membership.objects.in_workspace(token.workspace).select_related("workspace").get(person=token.person))


def companies_of(token: FeedToken) -> list[str] | None:
    """Ids of the companies whose rows it may read, none that its person may not see; None for all of the workspace."""
    member = Membership.objects.in_workspace(token.workspace).get(person=token.person)
    allowed = [member.scope(), _chosen(token)]
    if (limits := [one for one in allowed if one is not None]) == []:
        return None
    return [str(company) for company in frozenset.intersection(*limits)]


def whose(token: FeedToken, companies: Sequence[str] | None) -> str:
    """Marks answers as a token's, for what it may read now: another token, or this one narrowed, does not meet them."""
    seen = "all" if companies is None else ",".join(sorted(companies))
    return hashlib.sha256(f"{token.pk}:{seen}".encode()).hexdigest()[:24]


def _chosen(token: FeedToken) -> frozenset[UUID] | None:
    return frozenset(token.companies.values_list("pk", flat=True)) if token.is_limited else None


def _note_use(token: FeedToken) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        FeedToken.objects.in_workspace(token.workspace).filter(pk=token.pk).update(last_used_at=now)


def _secret_in(header: str) -> str:
    scheme, _, told = header.partition(" ")
    if scheme.lower() == "bearer":
        return told.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        _name, _, password = base64.b64decode(told.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return password


def _digest(secret: str) -> str:
    """The secret has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
