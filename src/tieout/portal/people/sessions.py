"""A person's sessions: which browsers are signed in, and signing them out from elsewhere."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest

from tieout.portal.audits.actions import record_of_person
from tieout.portal.people.models import Person

# Of what a browser says of itself, the first that fits: most call themselves Safari and Chrome as well.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device(session: UserSession) -> tuple[str, str]:
    """Browser and system by the names people know; empty for one that is not known."""
    told = session.user_agent
    return _named(told, BROWSERS), _named(told, SYSTEMS)


def _named(told: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in told), "")


def sessions_of(person: Person) -> list[UserSession]:
    """Those that still open something, the one used last first. What has ended is forgotten."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda one: one.last_seen_at, reverse=True)


def end_sessions(person: Person, *, but: str | None = None, only: int | None = None) -> int:
    """Sign browsers out, at once: all, one (`only`, its id), or all but the one with a session's key. Returns how many."""
    ending = [one for one in sessions_of(person) if one.session_key != but and only in (None, one.pk)]
    for one in ending:
        one.end()
    if ending:
        record_of_person(person, "signed_out_elsewhere", sessions=len(ending))
    return len(ending)


def renew_session(request: HttpRequest, *, reauthenticated: bool = False, **_more: Any) -> None:
    """A new key for the session of who showed that it is still them: what opens more is no key that was seen before."""
    if reauthenticated:
        UserSession.objects.filter(session_key=request.session.session_key).delete()
        request.session.cycle_key()
