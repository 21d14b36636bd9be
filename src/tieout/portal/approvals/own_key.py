"""The small way: somebody has a key already. It is proved first and stored only then, so there is nothing to keep for later."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language

from tieout.connectors.base import Company, Secret
from tieout.ledger.organisation_number import normalise
from tieout.portal.approvals.candidates import prove
from tieout.portal.approvals.models import (
    ApprovalLink,
    Candidate,
    CandidateState,
    LinkState,
    OnboardingSession,
    SessionState,
)
from tieout.portal.approvals.onboarding import Wish
from tieout.portal.approvals.settling import finish
from tieout.portal.approvals.several import left_of, use_up
from tieout.portal.approvals.swap import NotThisCompanyError, put_key
from tieout.portal.approvals.tokens import hashed, new_token
from tieout.portal.workspaces.actions import tell


class LinkClosedError(Exception):
    """The approval link was used, revoked or ran out meanwhile. Nothing was stored."""


def take_own_key(wish: Wish, key: Secret, *, browser: str, now: datetime) -> Candidate:
    """Prove a typed key and make or renew its data source. Returns what was taken, with its source and session.

    Raises ConnectorError when the system refuses the key or can't be asked, NotThisCompanyError for another company than
    the wish's, AlreadyThereError where the wish is for a new one only, LinkClosedError. Then nothing is stored, and the
    key is gone.
    """
    company = prove(wish.connector, key, wish.organisation_number)
    with transaction.atomic():
        if wish.link and wish.link.companies:
            _must_be_left(wish.link, company, now=now)
        elif wish.link and not ApprovalLink.objects.filter(
            pk=wish.link.pk, used_at=None, revoked_at=None, expires_at__gt=now
        ).update(used_at=now):
            raise LinkClosedError
        put = put_key(
            wish.workspace,
            connector=wish.connector,
            company=company,
            key=key,
            pinned=wish.organisation_number,
            source=wish.source,
            approver_email=None,
            by=wish.person,
            only_new=wish.only_new,
        )
        taken = Candidate.objects.create(
            session=_session(wish, browser, now),
            company_name=company.name,
            organisation_number=company.organisation_number,
            state=CandidateState.TAKEN,
            received_at=now,
            taken_at=now,
            source=put.source,
            is_renewal=put.is_renewal,
        )
        tell(
            wish.workspace,
            "approved",
            person=wish.person,
            source=put.source,
            company=company.name,
            organisation_number=company.organisation_number,
            renewal=put.is_renewal,
            link=str(wish.link.pk) if wish.link else "",
            own_key=True,
        )
        if wish.link and wish.link.companies:
            use_up(wish.link, now=now)
    finish(taken.session_id, now=now)
    return taken


def _must_be_left(link: ApprovalLink, company: Company, *, now: datetime) -> None:
    """Of a link for several: this company is one of them, not yet approved. Raises NotThisCompanyError, LinkClosedError."""
    link = ApprovalLink.objects.select_for_update().get(pk=link.pk)
    if link.state(now) is not LinkState.OPEN:
        raise LinkClosedError
    if normalise(company.organisation_number) not in {one["number"] for one in left_of(link)}:
        raise NotThisCompanyError(company)


def _session(wish: Wish, browser: str, now: datetime) -> OnboardingSession:
    return OnboardingSession.objects.create(
        workspace=wish.workspace,
        connector=wish.connector,
        link=wish.link,
        source=wish.source,
        person=wish.person,
        organisation_number=wish.organisation_number,
        browser_hash=hashed(browser),
        state_hash=hashed(new_token()),  # no callback will come
        language=get_language() or settings.LANGUAGE_CODE,
        state=SessionState.DONE,
        started_at=now,
        valid_until=now,
        returned_at=now,
        received_at=now,
        ended_at=now,
    )
