"""Keeps the list of a person's sessions: each browser signed in, from where, and when it was last used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tieout.portal.people.models import Person

SEEN_EVERY = timedelta(minutes=5)  # how exactly the last use is noted: a page costs a read, not a write


class Seen:
    """Around every request of somebody signed in by a browser. Tokens have no session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.session_key and isinstance(request.user, Person):
            known = UserSession.objects.filter(session_key=request.session.session_key, user=request.user)
            if not known.filter(last_seen_at__gt=timezone.now() - SEEN_EVERY).exists():
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
