"""Deactivating somebody in a workspace: access ends at once and can be given back; what they had is listed to be taken over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from tieout.portal.alerts.models import Receiver
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.queries import open_links
from tieout.portal.feeds.actions import revoke_token
from tieout.portal.feeds.models import FeedToken
from tieout.portal.feeds.queries import tokens_of
from tieout.portal.people.models import Person
from tieout.portal.people.sessions import end_sessions
from tieout.portal.sources.models import Source
from tieout.portal.webhooks.models import Endpoint
from tieout.portal.workspaces.actions import end_invitations, keep_an_owner, tell
from tieout.portal.workspaces.models import Membership, Role


@dataclass(frozen=True, slots=True)
class Left:
    """What of a workspace hangs on one member, each by name."""

    companies: list[Source]  # responsible for
    links: list[ApprovalLink]  # made, and still open
    told: list[Receiver]  # chosen to be told of incidents
    tokens: list[FeedToken]  # that open something
    webhooks: list[Endpoint]  # made

    def __bool__(self) -> bool:
        return any((self.companies, self.links, self.told, self.tokens, self.webhooks))


def left_of(membership: Membership) -> Left:
    """What somebody else should take over when this member goes."""
    workspace, person = membership.workspace, membership.person
    sources = Source.objects.in_workspace(workspace).filter(responsible=person, removed_at=None)
    return Left(
        companies=list(sources.order_by("name")),
        links=list(open_links(workspace, now=datetime.now(UTC)).filter(made_by=person)),
        told=list(Receiver.objects.in_workspace(workspace).filter(person=person).select_related("source")),
        tokens=[one for one in tokens_of(workspace, person) if one.is_live],
        webhooks=list(Endpoint.objects.in_workspace(workspace).filter(made_by=person)),
    )


@transaction.atomic
def deactivate(membership: Membership, *, by: Person) -> None:
    """End a member's access at once: tokens, waiting invitations, and the sessions of who is in no other workspace.

    What they made and are responsible for stays, to be taken over. Again changes nothing. Raises LastOwnerError.
    """
    membership.refresh_from_db(fields=["role", "deactivated_at"])
    if membership.deactivated_at is not None:
        return
    if membership.role == Role.OWNER:
        keep_an_owner(membership)
    for token in left_of(membership).tokens:
        revoke_token(token, by)
    end_invitations(membership)
    membership.deactivated_at = datetime.now(UTC)
    membership.save(update_fields=["deactivated_at"])
    tell(membership.workspace, "person_deactivated", person=by, who=str(membership.person))
    if not Membership.objects.filter(person=membership.person).exists():
        end_sessions(membership.person)


@transaction.atomic
def reactivate(membership: Membership, *, by: Person) -> None:
    """Give access back, with the role and companies of before. Revoked tokens stay revoked. Again changes nothing."""
    membership.refresh_from_db(fields=["deactivated_at"])
    if membership.deactivated_at is None:
        return
    membership.deactivated_at = None
    membership.save(update_fields=["deactivated_at"])
    tell(membership.workspace, "person_reactivated", person=by, who=str(membership.person))
