"""What happened once and has no end: a first sync, an approval link opened, approved or declined, a wish fulfilled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet

from tieout.portal.alerts.found import Found, of_source
from tieout.portal.alerts.models import Kind, ProofWish
from tieout.portal.approvals.models import ApprovalLink, Candidate, CandidateState, OnboardingSession, SessionState
from tieout.portal.sources.models import Source, Verdict

FRESH = timedelta(days=1)  # what is older was told, or happened before anybody was
WISH_HOLDS = timedelta(days=7)
FEW = 3  # companies that come with one yes and are told of one by one
MANY_ARRIVE_IN = timedelta(days=14)


def news(*, now: datetime) -> Iterator[Found]:
    """What happened lately, told already or not. Of every workspace: each within its own."""
    yield from _first_syncs(now)
    yield from _links(now)


def _first_syncs(now: datetime) -> Iterator[Found]:
    done = Source.objects.connected().filter(first_sync_done_at__gte=now - FRESH).select_related("workspace")
    done = done.exclude(pk__in=_came_with_many(now))
    for source in done:
        assert source.first_sync_done_at is not None
        yield of_source(
            Kind.FIRST_SYNC_DONE,
            source,
            since=source.first_sync_done_at,
            rows=source.rows_total,
            verdict=source.verdict,
        )


def _came_with_many(now: datetime) -> QuerySet[Candidate, UUID | None]:
    """Data sources that came with one yes for many, hundreds perhaps: nobody wants an e-mail for each; the list shows them."""
    taken = Candidate.objects.filter(state=CandidateState.TAKEN, taken_at__gte=now - MANY_ARRIVE_IN, is_renewal=False)
    many = taken.values("session").annotate(number=Count("pk")).filter(number__gt=FEW).values("session")
    return taken.filter(session__in=many).exclude(source=None).values_list("source", flat=True)


def _links(now: datetime) -> Iterator[Found]:
    """Opened is gone on from: programs that look through e-mails open addresses too, and press nothing."""
    sessions = OnboardingSession.objects.filter(started_at__gte=now - FRESH, link__isnull=False)
    for session in sessions.select_related("link__source", "workspace").order_by("started_at"):
        assert session.link is not None
        yield _of_link(Kind.LINK_OPENED, session.link, session.started_at)
        if session.state == SessionState.DONE and session.ended_at:
            yield _of_link(Kind.LINK_APPROVED, session.link, session.ended_at)
        if session.state == SessionState.CANCELLED and session.returned_at:
            yield _of_link(Kind.LINK_DECLINED, session.link, session.returned_at)


def _of_link(kind: Kind, link: ApprovalLink, since: datetime) -> Found:
    return Found(
        kind=kind,
        key=f"link:{link.pk}:{kind.value}",
        since=since,
        workspace=link.workspace,
        source=link.source,
        facts={
            "company": link.company_name or link.organisation_number,
            "recipient": link.recipient_name or link.recipient_email,
            "link": str(link.pk),
        },
    )


def fulfilled(*, now: datetime) -> Iterator[tuple[ProofWish, Found]]:
    """Wishes whose source was proved after they were made. Those that waited a week in vain are forgotten."""
    ProofWish.objects.filter(asked_at__lt=now - WISH_HOLDS).delete()
    for wish in ProofWish.objects.select_related("source__workspace", "person"):
        source = wish.source
        if source.verdict == Verdict.PROVED and source.verdict_as_of and source.verdict_as_of > wish.asked_at:
            found = of_source(Kind.PROVED, source, since=source.verdict_as_of)
            yield (
                wish,
                Found(
                    kind=Kind.PROVED,
                    key=f"wish:{wish.pk}:{wish.asked_at.isoformat()}",
                    since=found.since,
                    workspace=found.workspace,
                    source=source,
                    facts=found.facts,
                ),
            )
