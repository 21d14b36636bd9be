"""What can be asked of approvals: links with their states, what waits, who approved a data source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from tieout.portal.approvals.models import (
    ApprovalLink,
    Candidate,
    CandidateState,
    LinkState,
    OnboardingSession,
    SessionState,
)
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.workspaces.models import Happening, Workspace
from tieout.portal.workspaces.queries import happenings_of

KINDS = (
    "approved",
    "approval_refused",
    "approval_given_up",
    "approval_withdrawn",
    "company_left",
    "key_replaced_elsewhere",
    "link_asked_anew",
    "link_made",
    "link_reported",
    "link_revoked",
    "link_sent",
)


@dataclass(frozen=True, slots=True)
class Row:
    """An approval link as lists show it."""

    link: ApprovalLink
    state: LinkState
    being_checked: bool  # approved; the key is not proved yet
    sources: tuple[Source, ...]  # what it led to


def links_of(workspace: Workspace) -> QuerySet[ApprovalLink]:
    """All links of a workspace, newest first."""
    links = ApprovalLink.objects.in_workspace(workspace).select_related(
        "made_by", "revoked_by", "source", "replaced_by"
    )
    return links.prefetch_related("sessions__candidates__source")


def get_link(workspace: Workspace, link_id: UUID) -> ApprovalLink:
    """A link of this workspace. Raises Http404 for any other."""
    return get_object_or_404(links_of(workspace), pk=link_id)


def rows(workspace: Workspace, *, now: datetime) -> list[Row]:
    return [row_of(link, now=now) for link in links_of(workspace)]


def row_of(link: ApprovalLink, *, now: datetime) -> Row:
    candidates = [candidate for session in link.sessions.all() for candidate in session.candidates.all()]
    taken = [
        candidate.source for candidate in candidates if candidate.state == CandidateState.TAKEN and candidate.source
    ]
    return Row(
        link,
        link.state(now),
        being_checked=any(candidate.state == CandidateState.CHOSEN for candidate in candidates),
        sources=tuple(dict.fromkeys(taken)),
    )


def open_links(workspace: Workspace, *, now: datetime, source: Source | None = None) -> QuerySet[ApprovalLink]:
    """Links that may still be used."""
    links = links_of(workspace).filter(used_at=None, revoked_at=None, expires_at__gt=now)
    return links.filter(source=source) if source else links


def being_checked(workspace: Workspace) -> QuerySet[Candidate]:
    """Companies that approved and whose keys are not proved yet, with or without a link. New ones are nobody's who is limited."""
    waiting = Candidate.objects.filter(session__workspace=workspace, state=CandidateState.CHOSEN)
    if workspace.companies is not None:
        waiting = waiting.filter(session__source__in=workspace.companies)
    return waiting.select_related("session")


def last_approval(source: Source) -> Candidate | None:
    """How the credentials of a data source came: the newest approval that was taken."""
    taken = source.candidates.filter(session__workspace=source.workspace, state=CandidateState.TAKEN)
    return taken.select_related("session__person", "session__link__made_by").order_by("-taken_at").first()


def key_received_at(source: Source) -> datetime | None:
    """Since when the key that is used now is here."""
    return Credentials.objects.filter(source=source).values_list("received_at", flat=True).first()


def replaced_elsewhere_at(source: Source) -> datetime | None:
    """When the company approved anew in another workspace with another key, if that is later than the approval here."""
    told = happenings_of(source.workspace, source_id=source.pk).filter(kind="key_replaced_elsewhere").first()
    return told.at if told and (source.approved_at is None or told.at > source.approved_at) else None


def approval_history(source: Source) -> QuerySet[Happening]:
    """What happened around approvals of a data source, newest first."""
    return happenings_of(source.workspace, source_id=source.pk).filter(kind__in=KINDS)


def sign_in_started_at(link: ApprovalLink) -> datetime | None:
    """When somebody last went on to the system's own pages through a link."""
    starts = [session.started_at for session in link.sessions.all() if session.state == SessionState.STARTED]
    return max(starts, default=None)


def get_session(session_id: UUID) -> OnboardingSession:
    """An onboarding session. Who may see it is the caller's question. Raises Http404."""
    # Not of one workspace: an outsider has none; the browser's cookie is compared by the view.
    sessions = OnboardingSession.objects.select_related("workspace", "link__made_by", "source", "person")
    return get_object_or_404(sessions, pk=session_id)
