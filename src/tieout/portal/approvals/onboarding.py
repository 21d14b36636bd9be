"""One browser's way through the accounting system's own pages and back: begin, come back, receive the keys, choose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tieout.connectors.base import Callback, CallbackStatus, Onboarding, Secret
from tieout.connectors.errors import ConnectorError, TryLaterError
from tieout.portal.approvals.candidates import GRACE, check, leave
from tieout.portal.approvals.models import (
    SESSION_VALIDITY,
    ApprovalLink,
    Candidate,
    CandidateState,
    LinkState,
    OnboardingSession,
    SessionState,
)
from tieout.portal.approvals.receiving import receive
from tieout.portal.approvals.settling import Step, finish, pass_by, settle
from tieout.portal.approvals.tokens import hashed, new_token
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import administrators_of

MOST_STARTS_AN_HOUR = 30
ENDINGS = {
    CallbackStatus.APPROVED: SessionState.TRY_AGAIN,  # without a token
    CallbackStatus.CANCELLED: SessionState.CANCELLED,
    CallbackStatus.COMPANY_NOT_FOUND: SessionState.COMPANY_NOT_FOUND,
    CallbackStatus.NOT_ADMINISTRATOR: SessionState.NOT_ADMINISTRATOR,
    CallbackStatus.BLOCKED: SessionState.BLOCKED,
    CallbackStatus.UNKNOWN: SessionState.TRY_AGAIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an approval is asked for: by a person of the workspace or through a link, perhaps to renew one source."""

    workspace: Workspace
    connector: str
    person: Person | None = None
    link: ApprovalLink | None = None
    source: Source | None = None
    organisation_number: str = ""  # pinned: only this company is taken
    is_narrow: bool = False  # on renewal: have the system offer this company alone
    only_new: bool = False  # not a company that is a data source already

    @property
    def offered_number(self) -> str | None:
        """The only company that the system shall offer. On renewal the approver chooses first, as in the system itself, and
        we compare; who chose another company is offered the right one alone the next time.
        """
        return self.organisation_number if self.organisation_number and (not self.source or self.is_narrow) else None


def wish_of(link: ApprovalLink) -> Wish:
    return Wish(
        workspace=link.workspace,
        connector=link.connector,
        link=link,
        source=link.source,
        organisation_number=link.organisation_number,
    )


def wish_to_renew(source: Source, person: Person) -> Wish:
    return Wish(
        workspace=source.workspace,
        connector=source.connector,
        person=person,
        source=source,
        organisation_number=source.organisation_number,
    )


def handshake(connector: str) -> Onboarding:
    """The connector's handshake. Raises KeyError for a connector that is not there."""
    onboarding: Onboarding = settings.CONNECTORS[connector].onboarding()
    return onboarding


def begin(wish: Wish, *, browser: str, now: datetime) -> str:
    """Start an onboarding session for one browser. Returns the address to send it to. Raises ConnectorError."""
    _not_too_often(wish, now)
    state = new_token()
    callback = settings.PUBLIC_URL + reverse("approvals:callback", args=[wish.connector])
    departure = handshake(wish.connector).begin(
        redirect_uri=f"{callback}?{urlencode({'state': state})}",
        organisation_number=wish.offered_number,
    )
    OnboardingSession.objects.create(
        workspace=wish.workspace,
        connector=wish.connector,
        link=wish.link,
        source=wish.source,
        person=wish.person,
        organisation_number=wish.organisation_number,
        browser_hash=hashed(browser),
        state_hash=hashed(state),
        language=get_language() or settings.LANGUAGE_CODE,
        started_at=now,
        valid_until=now + SESSION_VALIDITY,
    )
    return departure.url


def _not_too_often(wish: Wish, now: datetime) -> None:
    """Whoever has a link could else use up the requests that all companies share. Raises TryLaterError."""
    if wish.link and wish.link.sessions.filter(started_at__gt=now - timedelta(hours=1)).count() >= MOST_STARTS_AN_HOUR:
        raise TryLaterError(_("This link was followed too often. Try again in an hour."))


def find_session(connector: str, *, browser: str, state: str | None, now: datetime) -> OnboardingSession | None:
    """The session that came back. With a state, cookie and state must agree; without, the cookie decides when unambiguous."""
    if not browser:
        return None
    # Not of one workspace: the browser's own random value says whose it is.
    mine = OnboardingSession.objects.filter(connector=connector, browser_hash=hashed(browser))
    mine = mine.select_related("workspace", "link", "source", "person")
    if state:
        return mine.filter(state_hash=hashed(state)).first()
    waiting = list(mine.filter(returned_at=None, valid_until__gt=now)[:2])
    if len(waiting) > 1:
        return None
    return waiting[0] if waiting else mine.exclude(returned_at=None).order_by("-returned_at").first()


def claim(session: OnboardingSession, *, now: datetime) -> bool:
    """Use a session for this one callback. False for every later one, also at the same instant."""
    return bool(
        OnboardingSession.objects.filter(pk=session.pk, returned_at=None).update(
            returned_at=now, state=SessionState.RETURNED
        )
    )


def come_back(session: OnboardingSession, callback: Callback, *, now: datetime, step: Step = pass_by) -> None:
    """What a claimed session's callback leads to. Every outcome is in the session afterwards; nothing is raised."""
    if now > session.valid_until:
        _end(session, SessionState.TRY_AGAIN)
    elif _is_closed(session, now):
        _end(session, SessionState.LINK_CLOSED)
    elif callback.status is not CallbackStatus.APPROVED or callback.token is None:
        _end(session, ENDINGS[callback.status])
    else:
        _finalize(session, callback.token, now=now, step=step)


def _finalize(session: OnboardingSession, token: Secret, *, now: datetime, step: Step) -> None:
    try:
        onboarded = handshake(session.connector).finish(token)
    except ConnectorError as error:
        _end(session, SessionState.TRY_AGAIN, message=str(error))
        return
    step("finalized")
    chosen = receive(session, onboarded.companies, approver_email=onboarded.approver_email or "", now=now)
    step("received")
    _check_all(session, chosen, now=now, step=step)


def _end(session: OnboardingSession, state: SessionState, *, message: str = "") -> None:
    OnboardingSession.objects.filter(pk=session.pk).update(state=state, message=message)


def _is_closed(session: OnboardingSession, now: datetime) -> bool:
    """Whether nobody may be let in through this session any more. A link that only expired meanwhile still counts."""
    if session.link:
        return session.link.state(now) in (LinkState.USED, LinkState.REVOKED)
    return session.person not in administrators_of(session.workspace, source_id=session.source_id)


def choose(session: OnboardingSession, chosen_ids: Sequence[str], *, now: datetime, step: Step = pass_by) -> None:
    """The approver ticked companies. Keys of the others are destroyed at once. A second answer changes nothing."""
    with transaction.atomic():
        offered = list(session.candidates.select_for_update().filter(state=CandidateState.OFFERED))
        chosen = [candidate for candidate in offered if str(candidate.pk) in set(chosen_ids)]
        leave([candidate for candidate in offered if candidate not in chosen], session)
        for candidate in chosen:
            candidate.state, candidate.next_try_at = CandidateState.CHOSEN, now + GRACE
            candidate.save(update_fields=["state", "next_try_at"])
        if offered:
            settle(session.pk, now=now)
    step("chosen")
    _check_all(session, chosen, now=now, step=step)


def _check_all(session: OnboardingSession, chosen: Sequence[Candidate], *, now: datetime, step: Step) -> None:
    for candidate in chosen:
        check(candidate, now=now, step=step)
    if not chosen:
        finish(session.pk, now=now, step=step)
