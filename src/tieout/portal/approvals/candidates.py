"""From a key that an approval gave to a data source: prove whose books it opens, then swap. The rest is in `settling`.

Every step can be the last one before the power goes: each leaves in the database what the next one needs, and
`housekeeping.check_candidates` goes on from there. The old credentials stay until the new ones are proved.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tieout.connectors.base import Company, Reader, Secret
from tieout.connectors.errors import ConnectorError, NeedsCompanyError
from tieout.portal.approvals.models import HOLDING_A_KEY, ApprovalLink, Candidate, CandidateState, OnboardingSession
from tieout.portal.approvals.settling import Step, finish, pass_by
from tieout.portal.approvals.swap import NotThisCompanyError, SourceRemovedError, put_key
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import tell

KEPT_FOR = timedelta(days=7)
# A fresh key may be refused for a moment, while the system's own servers learn of it.
REFUSAL_BELIEVED_AFTER = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
# The request that stores a key proves it at once; the scheduler takes it up only if that request died.
GRACE = timedelta(minutes=1)


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
        drop(candidate, CandidateState.REFUSED, "")
    except (CannotDecryptError, SourceRemovedError) as error:
        drop(candidate, CandidateState.GIVEN_UP, str(error))
    except NeedsCompanyError as error:
        _refused(candidate, error, now=now)
    except ConnectorError as error:
        _later(candidate, error, now=now)
    finish(candidate.session_id, now=now, step=step)


def prove(connector: str, key: Secret, organisation_number: str) -> Company:
    """Ask the system whose books a key opens. Raises ConnectorError."""
    reader: Reader = settings.CONNECTORS[connector].open(key, company=organisation_number, hurried=True)
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
        if session.link_id and session.organisation_number:
            # Pinned by number alone: from now on its pages can say whose it is.
            ApprovalLink.objects.filter(pk=session.link_id, company_name="").update(company_name=company.name[:200])
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
        drop(candidate, CandidateState.GIVEN_UP, str(error))


def _later(candidate: Candidate, error: ConnectorError, *, now: datetime) -> None:
    if now - candidate.received_at >= KEPT_FOR:
        drop(candidate, CandidateState.GIVEN_UP, str(error))
        return
    tries = candidate.tries + 1
    pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    Candidate.objects.filter(pk=candidate.pk, state=CandidateState.CHOSEN).update(
        tries=tries, next_try_at=now + pause, message=str(error)
    )


def drop(candidate: Candidate, state: CandidateState, message: str) -> None:
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
    sources = Source.objects.in_workspace(session.workspace).filter(connector=session.connector)
    return sources.filter(organisation_number=candidate.organisation_number).first()
