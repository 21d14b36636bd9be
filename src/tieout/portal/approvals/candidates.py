"""From a key that an approval gave to a data source: prove whose books it opens, then swap, then sync, then tell.

Every step can be the last one before the power goes: each leaves in the database what the next one needs, and
`check_candidates` goes on from there. The old credentials stay until the new ones are proved.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tieout.connectors.base import Company, Reader, Secret
from tieout.connectors.errors import ConnectorError, NeedsCompanyError
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
from tieout.portal.approvals.swap import NotThisCompanyError, SourceRemovedError, put_key
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.workspaces.actions import tell

if TYPE_CHECKING:
    from tieout.portal.sources.models import Source

log = logging.getLogger(__name__)

Step = Callable[[str], None]  # told the name of each step as it is done; a test ends the process there

KEPT_FOR = timedelta(days=7)
# A fresh key may be refused for a moment, while the system's own servers learn of it.
REFUSAL_BELIEVED_AFTER = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
MAIL_TRIED_FOR = timedelta(days=2)
SESSIONS_KEPT_FOR = timedelta(days=30)


def pass_by(_step: str) -> None:
    """What a step does outside tests: nothing."""


def check(candidate: Candidate, *, now: datetime, step: Step = pass_by) -> None:
    """Prove one chosen candidate and make it the credentials. Keeps it for later while the system can't be asked."""
    try:
        key = candidate.reveal("client_key")
        company = prove(candidate.session.connector, key, candidate.organisation_number)
        step("proved")
        _promote(candidate, key, company, now=now)
        step("swapped")
    except NotThisCompanyError as error:
        candidate.company_name, candidate.organisation_number = error.company.name, error.company.organisation_number
        _drop(candidate, CandidateState.REFUSED, "")
    except (CannotDecryptError, SourceRemovedError) as error:
        _drop(candidate, CandidateState.GIVEN_UP, str(error))
    except NeedsCompanyError as error:
        _refused(candidate, error, now=now)
    except ConnectorError as error:
        _later(candidate, error, now=now)
    finish(candidate.session_id, now=now, step=step)


def prove(connector: str, key: Secret, organisation_number: str) -> Company:
    """Ask the system whose books a key opens. Raises ConnectorError."""
    reader: Reader = settings.CONNECTORS[connector].open(key, company=organisation_number)
    try:
        return reader.company()
    finally:
        reader.close()


def _promote(candidate: Candidate, key: Secret, company: Company, *, now: datetime) -> None:
    """The swap: credentials in, candidate's key out, one transaction. Another thread may have done it already."""
    with transaction.atomic():
        fresh = Candidate.objects.select_for_update().select_related("session__workspace").get(pk=candidate.pk)
        if fresh.state != CandidateState.CHOSEN:
            return
        session = fresh.session
        put = put_key(
            session.workspace,
            connector=session.connector,
            company=company,
            told=fresh.organisation_number,
            key=key,
            pinned=session.organisation_number,
            source=session.source,
            approver_email=session.approver_email or None,
            by=session.person,
        )
        fresh.source, fresh.is_renewal = put.source, put.is_renewal
        fresh.company_name, fresh.organisation_number = company.name, company.organisation_number
        fresh.state, fresh.taken_at, fresh.message = CandidateState.TAKEN, now, ""
        fresh.destroy_key()
        fresh.save()
        tell(
            session.workspace,
            "approved",
            person=session.person,
            source=put.source,
            company=company.name,
            organisation_number=company.organisation_number,
            approver=session.approver_email,
            renewal=put.is_renewal,
            link=str(session.link_id or ""),
        )


def _refused(candidate: Candidate, error: NeedsCompanyError, *, now: datetime) -> None:
    if now - candidate.received_at < REFUSAL_BELIEVED_AFTER:
        _later(candidate, error, now=now)
    else:
        _drop(candidate, CandidateState.GIVEN_UP, str(error))


def _later(candidate: Candidate, error: ConnectorError, *, now: datetime) -> None:
    if now - candidate.received_at >= KEPT_FOR:
        _drop(candidate, CandidateState.GIVEN_UP, str(error))
        return
    tries = candidate.tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    Candidate.objects.filter(pk=candidate.pk, state=CandidateState.CHOSEN).update(
        tries=tries, next_try_at=now + pause, message=str(error)
    )


def _drop(candidate: Candidate, state: CandidateState, message: str) -> None:
    """Destroy a key that must not be used, and say so."""
    with transaction.atomic():
        if not Candidate.objects.filter(pk=candidate.pk, state__in=HOLDING_A_KEY).update(
            state=state,
            client_key="",
            message=message,
            company_name=candidate.company_name,
            organisation_number=candidate.organisation_number,
        ):
            return
        session = candidate.session
        tell(
            session.workspace,
            f"approval_{state}",
            person=session.person,
            source=session.source,
            company=candidate.company_name,
            organisation_number=candidate.organisation_number,
        )


def leave(candidates: list[Candidate], session: OnboardingSession) -> None:
    """Destroy the keys of companies that were not chosen, and say where the integration is still active."""
    for candidate in candidates:
        candidate.state = CandidateState.LEFT
        candidate.destroy_key()
        candidate.save(update_fields=["state", "client_key"])
        tell(
            session.workspace,
            "company_left",
            person=session.person,
            source=_source_of(session, candidate) or session.source,
            company=candidate.company_name,
            organisation_number=candidate.organisation_number,
        )


def _source_of(session: OnboardingSession, candidate: Candidate) -> Source | None:
    """The data source that the company has already: the system may have ended its key by giving this one."""
    from tieout.portal.sources.models import Source

    sources = Source.objects.in_workspace(session.workspace).filter(connector=session.connector)
    return sources.filter(organisation_number=candidate.organisation_number).first()


def finish(session_id: UUID, *, now: datetime, step: Step = pass_by) -> None:
    """What follows a swap, each only if not yet done: ask for the sync, settle the session, send the receipts."""
    for candidate in Candidate.objects.filter(
        session=session_id, state=CandidateState.TAKEN, sync_requested_at=None, source__isnull=False
    ).select_related("source"):
        assert candidate.source is not None
        _request_sync(candidate.source, is_renewal=candidate.is_renewal)
        Candidate.objects.filter(pk=candidate.pk).update(sync_requested_at=now)
        step("sync requested")
    session = settle(session_id, now=now)
    step("settled")
    if session.state in ENDED and session.told_at is None:
        _send_receipts(session, now=now)
        step("told")


def _request_sync(source: Source, *, is_renewal: bool) -> None:
    from tieout.portal.syncs.actions import request_sync

    request_sync(source, reason="renewal" if is_renewal else "first")


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
                reopen(session.link)
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


def reopen(link: ApprovalLink | None) -> None:
    """An approval that brought nothing consumes no link."""
    if (
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


def check_candidates(now: datetime | None = None, *, step: Step = pass_by) -> None:
    """Go on with every approval that is not through: called by the scheduler, every minute or so."""
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
        _drop(candidate, CandidateState.GIVEN_UP, "")
        settle(candidate.session_id, now=now)


def _unfinished(now: datetime) -> list[OnboardingSession]:
    lacks_sync = Q(
        candidates__state=CandidateState.TAKEN,
        candidates__sync_requested_at=None,
        candidates__source__isnull=False,
    )
    unsettled = Q(state__in=(SessionState.RETURNED, SessionState.CHECKING), received_at__isnull=False)
    # A minute's grace: the request that ended it may be sending just now.
    untold = Q(state__in=ENDED, told_at=None, ended_at__range=(now - MAIL_TRIED_FOR, now - FIRST_PAUSE * 2))
    return list(OnboardingSession.objects.filter(lacks_sync | unsettled | untold).distinct())
