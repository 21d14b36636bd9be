"""Storing what an approval brought, encrypted, in a transaction of its own: the accounting system gives keys once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tieout.connectors.base import OnboardedCompany
from tieout.ledger.organisation_number import normalise
from tieout.portal.approvals.candidates import GRACE, leave
from tieout.portal.approvals.models import (
    HOLDING_A_KEY,
    ApprovalLink,
    Candidate,
    CandidateState,
    OnboardingSession,
    SessionState,
)
from tieout.portal.approvals.settling import reopen
from tieout.portal.approvals.several import numbers_of, use_up
from tieout.portal.approvals.swap import is_same_number


def receive(
    session: OnboardingSession, companies: Sequence[OnboardedCompany], *, approver_email: str, now: datetime
) -> list[Candidate]:
    """Store the keys, encrypted, in a transaction of their own: the system gives them once. Returns what is to be proved.

    A key that can't be wanted (another company than the pinned one) is not stored at all.
    """
    with transaction.atomic():
        link = _consume(session, now)
        wanted = [company for company in companies if _is_wanted(session, link, company)]
        is_named = bool(
            session.organisation_number or (link and link.companies)
        )  # the approver saw which are asked for
        state = CandidateState.CHOSEN if is_named or len(wanted) == 1 else CandidateState.OFFERED
        kept = [_candidate(session, company, number, state, now) for number, company in enumerate(wanted)]
        left = [
            _candidate(session, company, len(kept) + number, CandidateState.LEFT, now)
            for number, company in enumerate(company for company in companies if company not in wanted)
        ]
        leave(left, session)
        session.approver_email, session.received_at = _address(approver_email), now
        session.state = _state_on_receipt(is_named, kept, left)
        if not kept:
            session.ended_at = now
        session.save(update_fields=["approver_email", "received_at", "state", "ended_at"])
        if link and link.companies:
            use_up(link, now=now)
        elif not kept:
            reopen(link, now=now)
    return kept if state is CandidateState.CHOSEN else []


def _address(text: str) -> str:
    """An e-mail address as the system told it; empty if it is none that a receipt could go to."""
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text


def _consume(session: OnboardingSession, now: datetime) -> ApprovalLink | None:
    if session.link_id is None:
        return None
    link = ApprovalLink.objects.select_for_update().get(pk=session.link_id)
    if not link.used_at and not link.revoked_at and not link.companies:
        ApprovalLink.objects.filter(pk=link.pk).update(used_at=now)
    return link


def _is_wanted(session: OnboardingSession, link: ApprovalLink | None, company: OnboardedCompany) -> bool:
    """Whether a company's key may be kept. `link` is as it was before this session consumed it."""
    if link and link.revoked_at:
        return False
    if link and link.companies:
        return normalise(company.organisation_number) in numbers_of(link)  # one without a number can't be told apart
    if link and link.used_at and not _came_already(link, company):
        return False
    number = company.organisation_number
    return not session.organisation_number or not number or is_same_number(number, session.organisation_number)


def _came_already(link: ApprovalLink, company: OnboardedCompany) -> bool:
    """Whether the link's approval, finished in another tab at the same time, was for this company. Its key may be newer."""
    return Candidate.objects.filter(
        session__link=link,
        organisation_number=normalise(company.organisation_number),
        state__in=(*HOLDING_A_KEY, CandidateState.TAKEN),
    ).exists()


def _candidate(
    session: OnboardingSession, company: OnboardedCompany, position: int, state: CandidateState, now: datetime
) -> Candidate:
    candidate = Candidate(
        session=session,
        position=position,
        company_name=company.name[:200],
        organisation_number=normalise(company.organisation_number),
        state=state,
        received_at=now,
        next_try_at=now + GRACE if state is CandidateState.CHOSEN else None,
    )
    if state in HOLDING_A_KEY:
        candidate.keep("client_key", company.client_key)
    candidate.save(force_insert=True)
    return candidate


def _state_on_receipt(is_named: bool, kept: list[Candidate], left: list[Candidate]) -> SessionState:
    if kept:
        return SessionState.CHECKING if kept[0].state == CandidateState.CHOSEN else SessionState.CHOOSING
    if left and is_named:
        return SessionState.WRONG_COMPANY
    return SessionState.LINK_CLOSED if left else SessionState.TRY_AGAIN
