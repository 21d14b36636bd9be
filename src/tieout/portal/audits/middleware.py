"""Tells the audit log from where a request comes, and that a file was taken away; tells the server's log who was refused what."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tieout.portal.audits.actions import asked_from, record
from tieout.portal.people.models import Person
from tieout.portal.workspaces.queries import membership_of, memberships_of, person_of

REFUSED = (401, 403, 404, 429)
log = logging.getLogger(__name__)


class Audited:
    """Around every request. Every answer that a browser saves as a file is an export, whichever page it comes from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The server puts here what its trusted proxy says, and no one else's word (`serve`).
        with asked_from(request.META.get("REMOTE_ADDR", "")):
            response = self.get_response(request)
            if _is_file(response) and isinstance(request.user, Person) and request.method == "GET":
                _note(request)
            if response.status_code in REFUSED:
                _tell(request, response.status_code)
        return response


def _is_file(response: HttpResponse) -> bool:
    return response.status_code == 200 and response.headers.get("Content-Disposition", "").startswith("attachment")


def _note(request: HttpRequest) -> None:
    # The path alone: a query may hold what somebody searched for. Who is in no workspace has no file of one.
    person = person_of(request)
    if memberships_of(person).exists():
        record(membership_of(request).workspace, "file_exported", person=person, path=request.path)


def _tell(request: HttpRequest, status: int) -> None:
    """A line with the person's number, never a name. What nobody known asked for and is not there has Django's own line."""
    if isinstance(request.user, Person):
        log.warning("Refused (%s) to person %s: %s %s", status, request.user.pk, request.method, request.path)
    elif status != 404:
        log.warning("Refused (%s) to somebody unknown: %s %s", status, request.method, request.path)
