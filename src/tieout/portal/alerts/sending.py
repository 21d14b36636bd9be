"""Emptying the outbox: each message at most once, tried again while the mail server surely has not taken it.

A message is marked just before it is handed over, with the connection already open. What a kill leaves marked may have been
taken: it is told as unsure and not sent again, for the incident itself stands on the page.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any

from django.core import mail
from django.db.models import F
from django.utils import timezone

from tieout.portal.alerts.emails import letter_of
from tieout.portal.alerts.models import Message, MessageState
from tieout.portal.alerts.receivers import who_may_see

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
TRIED_FOR = timedelta(days=3)


def due(now: datetime) -> list[list[Message]]:
    """What must be sent now, in letters: a person's warnings of a morning are one."""
    waiting = Message.objects.filter(state=MessageState.WAITING, due_at__lte=now)
    letters: dict[tuple[Any, ...], list[Message]] = {}
    for message in waiting.select_related("incident__source", "incident__workspace", "person"):
        together = (message.person_id, message.incident.workspace_id) if message.is_digest else (message.pk,)
        letters.setdefault(together, []).append(message)
    return list(letters.values())


def send_due(*, now: datetime | None = None) -> int:
    """Send what is due; returns how many letters the mail server took. Never two calls at once: jobs see to it."""
    now = now or timezone.now()
    Message.objects.filter(state=MessageState.HANDING).update(state=MessageState.UNSURE)
    letters = due(now)
    if not letters:
        return 0
    connection = mail.get_connection()
    try:
        connection.open()
    except (OSError, SMTPException) as error:
        for messages in letters:
            _later(messages, error, now)
        return 0
    try:
        return sum(_send(connection, messages, now) for messages in letters)
    finally:
        connection.close()


def _still_theirs(messages: Sequence[Message]) -> list[Message]:
    """Those whose receiver may still see what they tell of; access may have ended since. The others are given up."""
    theirs = [one for one in messages if one.person.is_active and who_may_see([one.person], one.incident)]
    lost = [one.pk for one in messages if one not in theirs]
    Message.objects.filter(pk__in=lost).update(state=MessageState.GIVEN_UP, error="")
    return theirs


def _send(connection: Any, messages: Sequence[Message], now: datetime) -> bool:
    if not (messages := _still_theirs(messages)):
        return False
    mine = Message.objects.filter(pk__in=[one.pk for one in messages])
    try:
        letter = letter_of(messages)
    except Exception:  # a fault of ours in one letter must not hold back all others
        log.exception("an e-mail could not be written")
        mine.update(state=MessageState.GIVEN_UP, error="could not be written")
        return False
    letter.connection = connection
    mine.update(state=MessageState.HANDING)
    try:
        letter.send()
    except (OSError, SMTPException) as error:
        _later(messages, error, now)
        return False
    mine.update(state=MessageState.SENT, sent_at=timezone.now(), error="")
    return True


def _later(messages: Sequence[Message], error: Exception, now: datetime) -> None:
    """Try again after a pause that grows; after three days nobody would want it any more."""
    log.warning("an e-mail could not be sent (%s); it is tried again", type(error).__name__)
    for message in messages:
        old = now - message.made_at >= TRIED_FOR
        Message.objects.filter(pk=message.pk).update(
            state=MessageState.GIVEN_UP if old else MessageState.WAITING,
            tries=F("tries") + 1,
            due_at=now + PAUSES[min(message.tries, len(PAUSES) - 1)],
            error=_reason(error),
        )


def _reason(error: Exception) -> str:
    """The kind of error and its number. Its text may hold an address or a greeting with a name."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
