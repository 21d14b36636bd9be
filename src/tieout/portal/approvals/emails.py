"""E-mails about approvals: the request, receipts, reports. Plain text and HTML, in the reader's language."""

from __future__ import annotations

import logging
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tieout.connectors.base import Connector
from tieout.portal.approvals.models import ApprovalLink, CandidateState, OnboardingSession, SessionState
from tieout.portal.letters import address, send
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace
from tieout.portal.workspaces.queries import administrators_of

log = logging.getLogger(__name__)
FOLDER = "approvals/email"


def approval_link(link: ApprovalLink, token: str, *, to: str, by: Person) -> None:
    """Ask for an approval. Holds our own address only, never the accounting system's."""
    context = _about(link.workspace, link.connector) | {"link": link, "by": by}
    context["address"] = address(reverse("approvals:request", args=[token]))
    language = translation.get_language() or settings.LANGUAGE_CODE
    send(f"{FOLDER}/approval_link", to, language, context, reply_to=by.email)


def link_reported(link: ApprovalLink) -> None:
    """Somebody did not expect a link: it is revoked, and the administrators should know."""
    _to_administrators("link_reported", link.workspace, _about(link.workspace, link.connector) | {"link": link})


def link_asked_anew(link: ApprovalLink) -> None:
    """Somebody opened a dead link and asks for a new one."""
    context = _about(link.workspace, link.connector) | {"link": link}
    context["address"] = address(reverse("approvals:link", args=[link.pk]))
    _to_administrators("link_asked_anew", link.workspace, context)


def receipts(session: OnboardingSession) -> None:
    """What an approval led to, for approver and administrators. Raises OSError while the mail server takes none."""
    context = _about(session.workspace, session.connector) | {
        "session": session,
        "link": session.link,
        "taken": [one for one in session.candidates.all() if one.state == CandidateState.TAKEN],
        "left": [one for one in session.candidates.all() if one.state in _ACTIVE_THERE],
        "address": address(reverse("sources:list")),
    }
    name = "receipt" if session.state == SessionState.DONE else "nothing_changed"
    _to_administrators(f"{name}_administrators", session.workspace, context)
    if session.approver_email:
        _to_approver(f"{name}_approver", session, context)


def _to_approver(template: str, session: OnboardingSession, context: dict[str, Any]) -> None:
    try:
        send(f"{FOLDER}/{template}", session.approver_email, session.language, context)
    except SMTPRecipientsRefused:
        log.warning("the mail server refuses the address that the accounting system gave for an approver")


# The integration is active there, and no key of it is kept here.
_ACTIVE_THERE = (CandidateState.LEFT, CandidateState.REFUSED, CandidateState.GIVEN_UP)


def _about(workspace: Workspace, connector: str) -> dict[str, Any]:
    system: Connector = settings.CONNECTORS[connector]
    return {"workspace": workspace, "connector": system, "site": settings.PUBLIC_URL}


def _to_administrators(template: str, workspace: Workspace, context: dict[str, Any]) -> None:
    for person in administrators_of(workspace):
        send(f"{FOLDER}/{template}", person.email, person.language, context | {"person": person}, zone=person.time_zone)
