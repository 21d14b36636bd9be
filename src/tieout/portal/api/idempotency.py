"""A POST that is sent twice with one Idempotency-Key is done once: the second is given the answer of the first.

Kept for a day per token. Where a process was stopped in the middle nobody knows how far it came, and that is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tieout.connectors.base import Secret
from tieout.portal.api.access import Caller
from tieout.portal.api.models import Answer
from tieout.portal.api.problems import Problem, conflict
from tieout.portal.feeds.models import FeedToken

KEPT = timedelta(hours=24)
LONGEST = 255
REPEATED = "Idempotency-Replayed"


def once(request: HttpRequest, caller: Caller, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """Answer a request, or give the answer that its key was given before, as long as its person may what he might then.

    Raises Problem.
    """
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or key is None:
        return answer(request)
    if not 1 <= len(key) <= LONGEST:
        raise Problem(400, "bad-request", _("An Idempotency-Key has 1 to 255 characters."))
    question = _question(request, caller)
    begun, is_new = _begin(caller.token, _hash(key), question)
    if not is_new:
        return _again(begun, question)
    try:
        response = answer(request)
    except Problem:
        begun.delete()
        raise
    _keep(begun, response)
    return response


def forget(*, before: datetime) -> int:
    """Take away answers that nobody can ask for any more; how many went."""
    gone, _by_table = Answer.objects.filter(made_at__lt=before - KEPT).delete()
    return gone


def _begin(token: FeedToken, key: str, question: str) -> tuple[Answer, bool]:
    now = timezone.now()
    Answer.objects.filter(token=token, key=key, made_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            return Answer.objects.create(token=token, key=key, question=question, made_at=now), True
    except IntegrityError:
        return Answer.objects.get(token=token, key=key), False


def _again(known: Answer, question: str) -> HttpResponse:
    if known.question != question:
        detail = _("This Idempotency-Key was used for another request. Nothing was changed; use a new key.")
        raise Problem(422, "other-request", detail)
    if known.status is None:
        detail = _(
            "The first request with this Idempotency-Key is not finished, or was stopped in the middle. "
            "Look whether it took effect; then use a new key."
        )
        raise conflict("not-finished", detail)
    response = HttpResponse(known.reveal("body").reveal(), status=known.status, content_type="application/json")
    if known.location:
        response["Location"] = known.location
    response[REPEATED] = "true"
    return response


def _keep(begun: Answer, response: HttpResponse) -> None:
    """What went well is kept. What was refused changed nothing, and may be tried again with the same key; of a fault of
    ours nobody knows how far it came, as of a process that was stopped.
    """
    if response.status_code >= 500:
        return
    if not 200 <= response.status_code < 300:
        begun.delete()
        return
    begun.status, begun.location = response.status_code, response.headers.get("Location", "")
    begun.keep("body", Secret(response.content.decode()))
    begun.save()


def _question(request: HttpRequest, caller: Caller) -> str:
    """What is asked, and with which rights: an answer is not for somebody who may less by now."""
    scope = caller.membership.scope()
    rights = f"{caller.membership.role} {'all' if scope is None else sorted(map(str, scope))}"
    question = hashlib.sha256(f"{request.method} {request.get_full_path()} {rights}\n".encode())
    if request.content_type == "multipart/form-data":  # a file may be larger than a body that is held in memory
        question.update(request.POST.urlencode().encode())
        for field in request.FILES:
            for file in request.FILES.getlist(field):
                question.update(f"{field} {file.name} {file.size}\n".encode())
                for chunk in file.chunks():
                    question.update(chunk)
                file.seek(0)
    else:
        question.update(request.body)
    return question.hexdigest()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
