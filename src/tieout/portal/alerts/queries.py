"""What pages ask about alerts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tieout.portal.alerts.models import (
    NEWS,
    WARNINGS,
    Gravity,
    Incident,
    Kind,
    Message,
    MessageState,
    ProofWish,
    Receiver,
)
from tieout.portal.alerts.receivers import first_workspace
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Membership, Role, Workspace

SHOWN_FOR = timedelta(days=90)
UNSURE_FOR = timedelta(days=7)


def incidents_of(membership: Membership) -> QuerySet[Incident]:
    """What a member may see: the workspace's own, and for those who look after the installation its own too."""
    # Not of one workspace: incidents of the installation have none, and go to the owners of the first one alone.
    mine = Q(workspace=membership.workspace)
    if looks_after_installation(membership):
        mine |= Q(workspace=None)
    # Who was told on a wish of their own is nobody else's news.
    own = ~Q(kind=Kind.PROVED) | Q(facts__for=membership.person_id)
    every = Incident.objects.filter(mine).filter(own)  # Not of one workspace: see above
    if (companies := membership.scope()) is not None:
        every = every.filter(source__in=companies)
    if membership.workspace.companies is not None:  # a token may open fewer companies than its person sees
        every = every.filter(source__in=membership.workspace.companies)
    return every.filter(Q(source=None) | Q(source__removed_at=None)).select_related("source", "workspace")


def looks_after_installation(membership: Membership) -> bool:
    """Whether incidents of the whole installation are this member's."""
    return membership.role == Role.OWNER and membership.workspace == first_workspace()


def standing(membership: Membership) -> QuerySet[Incident]:
    """What is not over."""
    return incidents_of(membership).filter(closed_at=None)


def of_gravity(incidents: QuerySet[Incident], gravity: Gravity) -> QuerySet[Incident]:
    """Errors, warnings or news among incidents."""
    if gravity is Gravity.ERROR:
        return incidents.exclude(kind__in=(*WARNINGS, *NEWS))
    return incidents.filter(kind__in=WARNINGS if gravity is Gravity.WARNING else NEWS)


def resolved(membership: Membership, *, now: datetime) -> QuerySet[Incident]:
    """What began and is over, newest end first."""
    over = incidents_of(membership).filter(closed_at__gte=now - SHOWN_FOR).exclude(kind__in=NEWS)
    return over.order_by("-closed_at")


def news_of(membership: Membership, *, now: datetime) -> QuerySet[Incident]:
    """What happened lately."""
    return of_gravity(incidents_of(membership), Gravity.NEWS).filter(opened_at__gte=now - SHOWN_FOR)


def is_installation_ill(workspace: Workspace) -> bool:
    """Whether a cause that hits everybody holds now. Which one is for those who look after the installation."""
    # Not of one workspace: one fact about the whole installation.
    return Incident.objects.filter(workspace=None, closed_at=None).exclude(kind=Kind.MAIL_FAILING).exists()


def unsure_messages(workspace: Workspace, *, now: datetime) -> int:
    """How many e-mails of late may not have left, or were given up."""
    lost = Message.objects.filter(incident__workspace=workspace, made_at__gte=now - UNSURE_FOR)
    return lost.filter(state__in=(MessageState.UNSURE, MessageState.GIVEN_UP)).count()


def has_wish(source: Source, person: Person) -> bool:
    """Whether a person is to be told when a source is proved."""
    return ProofWish.objects.filter(source=source, person=person).exists()


def members(workspace: Workspace) -> list[Person]:
    """Everybody who may be told, by name."""
    everybody = Membership.objects.in_workspace(workspace).filter(person__is_active=True).select_related("person")
    return sorted((one.person for one in everybody), key=lambda person: str(person).casefold())


def own_receivers(workspace: Workspace, source: Source | None) -> list[Person]:
    """Who was chosen for exactly this: the workspace, or one source."""
    rows = Receiver.objects.in_workspace(workspace).filter(source=source).select_related("person")
    return [row.person for row in rows]
