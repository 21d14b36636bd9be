"""What follows a swap: the sync is asked for, the session settled, the receipts sent. Each once, in whatever order calls come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.db import transaction

from tieout.portal.approvals import emails
from tieout.portal.approvals.models import (
    ENDED,
    HOLDING_A_KEY,
    ApprovalLink,
    Candidate,
    CandidateState,
    OnboardingSession,
    SessionState,
)
from tieout.portal.approvals.several import use_up
from tieout.portal.syncs.actions import request_sync

log = logging.getLogger(__name__)

Step = Callable[[str], None]  # told the name of each step as it is done; a test ends the process there


def pass_by(_step: str) -> None:
    """What a step does outside tests: nothing."""


def finish(session_id: UUID, *, now: datetime, step: Step = pass_by) -> None:
    """What follows a swap, each only if not yet done: ask for the sync, settle the session, send the receipts."""
    for candidate in Candidate.objects.filter(
        session=session_id, state=CandidateState.TAKEN, sync_requested_at=None, source__isnull=False
    ).select_related("source"):
        assert candidate.source is not None
        request_sync(candidate.source, reason="renewal" if candidate.is_renewal else "first")
        Candidate.objects.filter(pk=candidate.pk).update(sync_requested_at=now)
        step("sync requested")
    session = settle(session_id, now=now)
    step("settled")
    if session.state in ENDED and session.told_at is None:
        _send_receipts(session, now=now)
        step("told")


def settle(session_id: UUID, *, now: datetime) -> OnboardingSession:
    """Set the session to what its candidates say. A link that brought nothing in the end is open again."""
    with transaction.atomic():
        session = (
            OnboardingSession.objects.select_for_update(of=("self",))
            .select_related("workspace", "link", "source", "person")
            .get(pk=session_id)
        )
        states = set(session.candidates.values_list("state", flat=True))
        # Left keys alone say nothing new, unless they are the approver's answer.
        is_new = states - {CandidateState.LEFT} or session.state == SessionState.CHOOSING
        ended = _ended_state(states) if is_new else None
        if ended and session.state != ended:
            session.state = ended
            session.ended_at = now if ended in ENDED else None
            session.save(update_fields=["state", "ended_at"])
            if ended in (SessionState.WRONG_COMPANY, SessionState.GIVEN_UP, SessionState.CANCELLED):
                reopen(session.link, now=now)
            elif session.link and session.link.companies:
                use_up(session.link, now=now)  # of several one may have turned out to be another company
    return session


def _ended_state(states: set[str]) -> SessionState:
    if CandidateState.OFFERED in states:
        return SessionState.CHOOSING
    if CandidateState.CHOSEN in states:
        return SessionState.CHECKING
    if CandidateState.TAKEN in states:
        return SessionState.DONE
    if CandidateState.REFUSED in states:
        return SessionState.WRONG_COMPANY
    return SessionState.GIVEN_UP if CandidateState.GIVEN_UP in states else SessionState.CANCELLED


def reopen(link: ApprovalLink | None, *, now: datetime) -> None:
    """An approval that brought nothing consumes no link."""
    if link and link.companies:
        use_up(link, now=now)
    elif (
        link
        and not Candidate.objects.filter(session__link=link, state__in=(*HOLDING_A_KEY, CandidateState.TAKEN)).exists()
    ):
        ApprovalLink.objects.filter(pk=link.pk).update(used_at=None)


def _send_receipts(session: OnboardingSession, *, now: datetime) -> None:
    """At least once: sent, then noted. A mail server that is down is tried again by `check_candidates`."""
    try:
        emails.receipts(session)
    except (OSError, SMTPException) as error:
        log.warning("receipts of an approval could not be sent (%s); tried again later", type(error).__name__)
        return
    OnboardingSession.objects.filter(pk=session.pk).update(told_at=now)
