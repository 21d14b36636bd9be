"""What holds for every address of the API, known or not: a token, its limit, one answer per key, errors that programs read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import gettext as _

from tieout.portal.api.access import SAFE, Caller, let_in, limit_headers
from tieout.portal.api.idempotency import once
from tieout.portal.api.interface import refuse_unknown
from tieout.portal.api.problems import MEDIA_TYPE, Problem, Who, problem_of
from tieout.portal.audits.actions import record
from tieout.portal.feeds.actions import note_read

ROOT = "/api/v1/"
OPEN = (f"{ROOT}openapi.json",)
log = logging.getLogger(__name__)


class Edge:
    """Around every request below /api/v1/; the others pass by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return self.get_response(request)
        try:
            response = self._open(request) if request.path in OPEN else self._answer(request)
        except Exception as error:  # noqa: BLE001 - nothing but problem+json leaves here
            response = _told(error)
        return _conditional(request, _as_problem(response))

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Before an address answers: does it know what is asked of it?"""
        if not request.path.startswith(ROOT):
            return None
        try:
            refuse_unknown(request)
        except Problem as problem:
            return problem.response()
        return None

    def _open(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        caller = let_in(request)
        try:
            response = once(request, caller, self.get_response)
        except Exception as error:  # noqa: BLE001 - as above; and the limit is told with it
            response = _told(error)
        if request.method not in SAFE and response.status_code < 300:
            _note(request, caller)
        elif request.method in SAFE and response.status_code == 200:
            note_read(caller.token, "api_read", what=request.path, address=request.META.get("REMOTE_ADDR", ""))
        return _with(response, limit_headers(caller.token))


def _with(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response[name] = value
    return response


def _told(error: Exception) -> HttpResponse:
    problem = problem_of(error)
    if problem.status == 500:
        log.exception("A request of the API failed")
    return problem.response()


def _note(request: HttpRequest, caller: Caller) -> None:
    """In the audit log: that a token did it, beside what was done."""
    record(
        caller.workspace,
        "api_called",
        person=caller.token.person,
        token=caller.token.name,
        what=f"{request.method} {request.path}",
    )


def _as_problem(response: HttpResponse) -> HttpResponse:
    """What Django itself refuses (no such address, no such method, too large a body) in the form of all others."""
    if response.status_code < 400 or response.headers.get("Content-Type", "") == MEDIA_TYPE:
        return response
    kept = {name: response[name] for name in ("Allow", "RateLimit", "RateLimit-Policy") if name in response}
    status = response.status_code
    if status >= 500:
        return Problem(500, "fault", _("This is a fault of Tieout."), who=Who.TIEOUT, headers=kept).response()
    codes = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}
    sentences = {
        404: _("There is nothing at this address that you may see."),
        405: _("This address knows other methods only; Allow lists them."),
    }
    detail = sentences.get(status, _("The request can't be read."))
    return Problem(status, codes.get(status, "bad-request"), detail, headers=kept).response()


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 where the caller has the answer already. It saves the way, not the work."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if request.method not in SAFE or response.status_code != 200 or response.streaming:
        return response
    set_response_etag(response)
    kept = {name: response[name] for name in ("RateLimit", "RateLimit-Policy") if name in response}
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is not response and isinstance(answer, HttpResponse):
        return _with(answer, kept)
    return response
