"""Going on with approvals that are not through, and forgetting what brought nothing. Called by the scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from tieout.portal.approvals.candidates import GRACE, KEPT_FOR, check, drop
from tieout.portal.approvals.models import ENDED, Candidate, CandidateState, OnboardingSession, SessionState
from tieout.portal.approvals.settling import Step, finish, pass_by, settle

MAIL_TRIED_FOR = timedelta(days=2)
SESSIONS_KEPT_FOR = timedelta(days=30)


def check_candidates(now: datetime | None = None, *, step: Step = pass_by) -> None:
    """Go on with every approval that is not through: safe to call at any time, beside requests too."""
    now = now or timezone.now()
    _drop_forgotten(now)
    # Not of one workspace: the portal's own housekeeping, each candidate within its own.
    due = Candidate.objects.filter(state=CandidateState.CHOSEN, next_try_at__lte=now)
    for candidate in due.select_related("session__workspace", "session__source", "session__person"):
        check(candidate, now=now, step=step)
    for session in _unfinished(now):
        finish(session.pk, now=now, step=step)
    _forget_sessions(now)


def _forget_sessions(now: datetime) -> None:
    """Sessions that brought nothing are no history."""
    OnboardingSession.objects.filter(started_at__lte=now - SESSIONS_KEPT_FOR, candidates=None).delete()


def _drop_forgotten(now: datetime) -> None:
    """Companies that nobody ticked in all that time: their keys go."""
    forgotten = Candidate.objects.filter(state=CandidateState.OFFERED, received_at__lte=now - KEPT_FOR)
    for candidate in forgotten.select_related("session__workspace", "session__source", "session__person"):
        drop(candidate, CandidateState.GIVEN_UP, "")
        settle(candidate.session_id, now=now)


def _unfinished(now: datetime) -> list[OnboardingSession]:
    lacks_sync = Q(
        candidates__state=CandidateState.TAKEN,
        candidates__sync_requested_at=None,
        candidates__source__isnull=False,
    )
    unsettled = Q(state__in=(SessionState.RETURNED, SessionState.CHECKING), received_at__isnull=False)
    # A minute's grace: the request that ended it may be sending just now.
    untold = Q(state__in=ENDED, told_at=None, ended_at__range=(now - MAIL_TRIED_FOR, now - GRACE))
    return list(OnboardingSession.objects.filter(lacks_sync | unsettled | untold).distinct())
