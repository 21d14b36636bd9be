"""Back from the accounting system: the one callback, and the clean pages that it leads to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieout.connectors.base import Approval
from tieout.connectors.errors import ConnectorError
from tieout.portal.approvals import onboarding, queries
from tieout.portal.approvals.models import Candidate, CandidateState, LinkState, OnboardingSession, SessionState
from tieout.portal.approvals.onboarding import Wish
from tieout.portal.approvals.tokens import browser_of, form_key, has_form_key, hashed
from tieout.portal.approvals.views.leaving import connector_or_404, leave_for, letter
from tieout.portal.approvals.views.patience import wait_for
from tieout.portal.workspaces.queries import administrators_of

# Longer than any handshake: a session that still "returns" then was cut off before the keys came.
CUT_OFF_SECONDS = 300
FOLLOWING = ("returned", "checking")  # pages that follow by themselves


@letter
@require_http_methods(["GET", "HEAD"])
def come_back(request: HttpRequest, connector: str) -> HttpResponseBase:
    """Use the session once, then lead to an address without a token."""
    system = connector_or_404(connector, Approval.REDIRECT)
    if request.method == "HEAD":
        return HttpResponse()
    now = timezone.now()
    state = request.GET.get("state")
    session = onboarding.find_session(connector, browser=browser_of(request), state=state, now=now)
    if session is None:
        return render(request, "approvals/letters/unknown_session.html", {"connector": system}, status=400)
    if not onboarding.claim(session, now=now):
        return _redirect(session, "?again=1")
    query = {name: value for name, value in request.GET.dict().items() if name != "state"}
    callback = system.onboarding().read_callback(query, dict(request.headers))
    session.refresh_from_db()
    wait_for(lambda: onboarding.come_back(session, callback, now=now))
    return _redirect(session)


def _redirect(session: OnboardingSession, query: str = "") -> HttpResponseBase:
    response = redirect("approvals:outcome", session.connector, session.pk)
    response["Location"] += query
    response.status_code = 303
    return response


@letter
@require_safe
def outcome(request: HttpRequest, connector: str, session_id: UUID) -> HttpResponseBase:
    """What came of an approval, for the browser that gave it (and the administrators of the workspace)."""
    session = _session(request, connector, session_id)
    context = _context(request, session)
    came_again = "again" in request.GET
    if (source := _own_source(session, context["taken"])) and not came_again:
        return redirect("syncs:overview", source.pk)
    name = "again" if came_again else _page(session)
    if request.headers.get("X-Requested-With") == "poll" and name not in FOLLOWING:
        return redirect("approvals:outcome", connector, session_id)  # tells the waiting page to load anew
    return render(request, f"approvals/outcomes/{name}.html", context)


def _page(session: OnboardingSession) -> str:
    if session.state in (SessionState.STARTED, SessionState.RETURNED):
        since = session.returned_at or session.started_at
        age = (timezone.now() - since).total_seconds()
        return "returned" if session.returned_at and age < CUT_OFF_SECONDS else "try_again"
    return str(session.state)


def _own_source(session: OnboardingSession, taken: list[Candidate]) -> Any:
    """Where a person of the workspace goes at once: the page of the one data source."""
    if session.state == SessionState.DONE and session.person_id and len(taken) == 1:
        return taken[0].source
    return None


@letter
@require_POST
def choose(request: HttpRequest, connector: str, session_id: UUID) -> HttpResponseBase:
    """The companies that the approver ticked."""
    session = _session(request, connector, session_id)
    if not has_form_key(request, str(session.pk)):
        return render(request, "approvals/letters/no_cookie.html", status=403)
    chosen, now = request.POST.getlist("company"), timezone.now()
    wait_for(lambda: onboarding.choose(session, chosen, now=now))
    return _redirect(session)


@letter
@require_POST
def again(request: HttpRequest, connector: str, session_id: UUID) -> HttpResponseBase:
    """Go there once more, for the same wish."""
    session = _session(request, connector, session_id)
    if not has_form_key(request, str(session.pk)):
        return render(request, "approvals/letters/no_cookie.html", status=403)
    if not _may_go_again(session):
        return _redirect(session)
    wish = Wish(
        workspace=session.workspace,
        connector=session.connector,
        person=session.person,
        link=session.link,
        source=session.source,
        organisation_number=session.organisation_number,
        is_narrow=session.state == SessionState.WRONG_COMPANY,
    )
    try:
        return leave_for(request, wish)
    except ConnectorError as error:
        return render(
            request, "approvals/outcomes/try_again.html", _context(request, session) | {"problem": str(error)}
        )


def _may_go_again(session: OnboardingSession) -> bool:
    if session.link:
        return session.link.state(timezone.now()) is LinkState.OPEN
    return session.person in administrators_of(session.workspace, source_id=session.source_id)


def _session(request: HttpRequest, connector: str, session_id: UUID) -> OnboardingSession:
    session = queries.get_session(session_id)
    if session.connector != connector or not _may_see(request, session):
        raise Http404
    return session


def _may_see(request: HttpRequest, session: OnboardingSession) -> bool:
    browser = browser_of(request)
    if browser and constant_time_compare(hashed(browser), session.browser_hash):
        return True
    return request.user.is_authenticated and request.user in administrators_of(
        session.workspace, source_id=session.source_id
    )


def _context(request: HttpRequest, session: OnboardingSession) -> dict[str, Any]:
    candidates = list(session.candidates.select_related("source"))
    by_state = {state: [one for one in candidates if one.state == state] for state in CandidateState}
    return {
        "session": session,
        "link": session.link,
        "asking": session.workspace,
        "asked_by": session.link.made_by if session.link else session.person,
        "connector": settings.CONNECTORS[session.connector],
        "offered": by_state[CandidateState.OFFERED],
        "checking": by_state[CandidateState.CHOSEN],
        "taken": by_state[CandidateState.TAKEN],
        "left": by_state[CandidateState.LEFT] + by_state[CandidateState.REFUSED] + by_state[CandidateState.GIVEN_UP],
        "can_go_again": _may_go_again(session),
        "is_own": session.person_id is not None and request.user.pk == session.person_id,
        "form_key": form_key(request, str(session.pk)),
        "problem": session.message,
    }
