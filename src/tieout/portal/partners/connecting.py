"""Connecting a firm's clients, one after another: add, keep the key, prove it, make the data source, ask for its first sync.

Each step leaves in the database what the next one needs, so that a process that dies is gone on from: a company that waits
is added (again), a key that is here is a candidate like any other, which `approvals` proves even without us.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tieout.connectors.base import FirmsClient, OnboardedCompany, Partner
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NotPermittedError, TryLaterError
from tieout.ledger.organisation_number import is_valid
from tieout.portal.approvals.candidates import GRACE, check
from tieout.portal.approvals.models import Candidate, CandidateState
from tieout.portal.approvals.settling import pass_by
from tieout.portal.encryption import CannotDecryptError
from tieout.portal.partners.actions import connected_numbers, partner_of, stand_still
from tieout.portal.partners.models import ClientState, FirmAccess, FirmsCompany
from tieout.portal.syncs import running

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
ENDS = {
    CandidateState.TAKEN: ClientState.CONNECTED,
    CandidateState.REFUSED: ClientState.REFUSED,
    CandidateState.GIVEN_UP: ClientState.REFUSED,
    CandidateState.LEFT: ClientState.REFUSED,
}
_at_work = threading.Lock()


def go_on(*, step: Callable[[str], None] = pass_by) -> None:
    """Connect everything that is due, until nothing is, this process ends, or the system is down.

    One thread at a time does it: another one returns at once.
    """
    if not _at_work.acquire(blocking=False):
        return
    try:
        _work(step)
    finally:
        _at_work.release()


def _work(step: Callable[[str], None]) -> None:
    settle()
    # Not of one workspace: the portal's own work, each company within its own.
    firms = FirmAccess.objects.filter(companies__state=ClientState.WANTED).select_related("workspace").distinct()
    for access in firms:
        try:
            partner = partner_of(access.connector, access.reveal("client_key"))
        except (CannotDecryptError, KeyError) as error:
            log.warning("A firm's clients can't be connected: %s", error)
            continue
        try:
            while not running.is_ending() and (company := _next(access)) is not None:
                connect(company, partner, step=step)
        except ConnectorError as error:  # of the firm, or of the system: the others would meet the same
            stand_still(access, error)
        finally:
            partner.close()


def _next(access: FirmAccess) -> FirmsCompany | None:
    due = access.companies.filter(state=ClientState.WANTED, next_try_at__lte=timezone.now())
    return due.select_related("access__workspace", "session__person").order_by("next_try_at", "name").first()


def connect(company: FirmsCompany, partner: Partner, *, step: Callable[[str], None] = pass_by) -> None:
    """Bring one company from *waiting* to where it ends. Raises ConnectorError for what stops all of the firm's."""
    access = company.access
    if company.organisation_number in connected_numbers(access.workspace, access.connector):
        _end(company, ClientState.CONNECTED)
        return
    if not is_valid(company.organisation_number):
        _end(company, ClientState.REFUSED, _("It has no organisation number by which it could be told apart."))
        return
    asked = FirmsClient(
        id=company.client_id,
        name=company.name,
        organisation_number=company.organisation_number,
        is_active=company.is_active,
    )
    try:
        added = partner.add(asked)
    except NotPermittedError:
        _later(company, "")
        raise
    except NeedsCompanyError as error:
        _end(company, ClientState.REFUSED, str(error))
        return
    except TryLaterError as error:
        _later(company, str(error))
        raise
    except ConnectorError as error:
        _later(company, str(error))
        return
    step("added")
    candidate = _keep(company, added)
    step("key kept")
    if candidate is not None:
        check(candidate, now=timezone.now(), step=step)
        settle()


@transaction.atomic
def _keep(company: FirmsCompany, added: OnboardedCompany) -> Candidate | None:
    """Store the key, encrypted, as a candidate: it may have been shown only once. One of another company is not kept."""
    if added.organisation_number != company.organisation_number:
        told = {"number": added.organisation_number or "–", "asked": company.organisation_number}
        _end(company, ClientState.REFUSED, _("The key came for %(number)s, not for %(asked)s. It was not kept.") % told)
        return None
    assert company.session is not None
    now = timezone.now()
    candidate = Candidate(
        session=company.session,
        company_name=added.name[:200],
        organisation_number=added.organisation_number,
        state=CandidateState.CHOSEN,
        received_at=now,
        next_try_at=now + GRACE,
    )
    candidate.keep("client_key", added.client_key)
    candidate.save(force_insert=True)
    company.candidate, company.state, company.message = candidate, ClientState.CHECKING, ""
    company.save(update_fields=["candidate", "state", "message"])
    FirmAccess.objects.filter(pk=company.access_id).exclude(trouble="").update(trouble="")
    return candidate


def settle() -> None:
    """Let companies that were being checked be what became of their candidates."""
    checking = FirmsCompany.objects.filter(state=ClientState.CHECKING).select_related("candidate")
    for company in checking:
        candidate = company.candidate
        if candidate is None:  # its history was tidied away
            _end(company, ClientState.LISTED)
        elif candidate.state in ENDS:
            _end(company, ENDS[CandidateState(candidate.state)], candidate.message)


def _end(company: FirmsCompany, state: ClientState, message: str = "") -> None:
    company.state, company.message, company.next_try_at = state, message, None
    company.save(update_fields=["state", "message", "next_try_at"])


def _later(company: FirmsCompany, message: str) -> None:
    company.tries += 1
    company.message = message
    company.next_try_at = _next_try(timezone.now(), company.tries)
    company.save(update_fields=["tries", "message", "next_try_at"])


def _next_try(now: datetime, tries: int) -> datetime:
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
    return now + pause
