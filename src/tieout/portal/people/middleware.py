"""Keeps the list of a person's sessions: each browser signed in, from where, when it was last used; and ends those too old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tieout.portal.people.models import Person

SEEN_EVERY = timedelta(minutes=5)  # how exactly the last use is noted: a page costs a read, not a write
IDLE = timedelta(days=1)
POLLED = "poll"  # what a page's own script sends; it asks whether or not somebody sits there


class Seen:
    """Around every request of somebody signed in by a browser. Tokens have no session.

    A session ends a day after its last use, and SESSION_COOKIE_AGE after the sign-in however much it is used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and isinstance(request.user, Person):
            known = UserSession.objects.filter(session_key=request.session.session_key, user=request.user).first()
            if known is not None and _is_over(known):
                known.delete()
                logout(request)
            elif known is None or _is_to_be_noted(known, request):
                UserSession.objects.create_from_request(request)
        return self.get_response(request)


def _is_over(session: UserSession) -> bool:
    now = timezone.now()
    longest = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return bool(session.last_seen_at <= now - IDLE or session.created_at <= now - longest)


def _is_to_be_noted(session: UserSession, request: HttpRequest) -> bool:
    is_used = request.headers.get("X-Requested-With") != POLLED
    return is_used and bool(session.last_seen_at <= timezone.now() - SEEN_EVERY)
