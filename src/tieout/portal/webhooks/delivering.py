"""Delivering webhooks: at least once, with pauses that grow, and an end to an endpoint that fails for days."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import httpx2
from django.db import transaction
from django.utils import timezone

from tieout.portal.encryption import CannotDecryptError
from tieout.portal.webhooks import signing
from tieout.portal.webhooks.addresses import AddressRefusedError
from tieout.portal.webhooks.models import Delivery, Endpoint, EventType, Form
from tieout.portal.webhooks.posting import Answer, post

log = logging.getLogger(__name__)

# After each failure; then the delivery is given up. The times are those that the Standard Webhooks advise.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
DISABLED_AFTER = timedelta(days=5)
AT_ONCE = 50  # of one endpoint in one job
KEPT_FOR = timedelta(days=30)


def due(now: datetime) -> list[Endpoint]:
    """Endpoints with something to deliver."""
    waiting = Delivery.objects.filter(due_at__lte=now, endpoint__disabled_at=None)
    return list(Endpoint.objects.filter(pk__in=waiting.values("endpoint")))  # Every workspace's: a job for each


def deliver_due(endpoint: Endpoint, *, now: datetime | None = None) -> int:
    """Post what is due to one endpoint, oldest first; returns how many were taken. One that fails ends the round."""
    now = now or timezone.now()
    taken = 0
    for delivery in Delivery.objects.filter(endpoint=endpoint, due_at__lte=now).order_by("made_at")[:AT_ONCE]:
        if not deliver(delivery, now=now):
            break
        taken += 1
    return taken


def deliver(delivery: Delivery, *, now: datetime) -> bool:
    """Post one delivery and keep what came back. Whether it was taken."""
    endpoint = delivery.endpoint
    try:
        answer = _posted(delivery, endpoint, now)
    except (AddressRefusedError, CannotDecryptError) as error:
        return _failed(delivery, None, str(error), now)
    except (OSError, httpx2.HTTPError, httpx2.InvalidURL) as error:
        return _failed(delivery, None, _why(error), now)
    if not answer.is_taken:
        return _failed(delivery, answer.status, answer.text, now)
    return _taken(delivery, answer, now)


def _why(error: Exception) -> str:
    """Why there was no answer, without the address."""
    if isinstance(error, socket.gaierror):
        return "The host's name is not known."
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return "No answer in time."
    return f"No connection ({type(error).__name__})."


def _posted(delivery: Delivery, endpoint: Endpoint, now: datetime) -> Answer:
    body = delivery.body.encode()
    headers: Mapping[str, str] = {}
    if endpoint.form == Form.SIGNED:
        secret = endpoint.reveal("signing_secret")
        headers = signing.headers(secret, message_id=delivery.message_id, at=now, body=body)
    return post(endpoint.reveal("url").reveal(), body, headers)


def _taken(delivery: Delivery, answer: Answer, now: datetime) -> bool:
    Delivery.objects.filter(pk=delivery.pk).update(
        delivered_at=now, due_at=None, tries=delivery.tries + 1, status=answer.status, answer=_short(answer.text)
    )
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(failing_since=None)
    return True


def _failed(delivery: Delivery, status: int | None, told: str, now: datetime) -> bool:
    """Keep the answer and try again later. A test is not tried again: somebody watches it."""
    log.warning("a webhook was not taken (%s)", status or "no answer")
    is_over = delivery.type == EventType.TEST or delivery.tries >= len(PAUSES)
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            tries=delivery.tries + 1,
            due_at=None if is_over else now + PAUSES[delivery.tries],
            status=status,
            answer=_short(told),
        )
        if delivery.type != EventType.TEST:
            _count_failure(delivery.endpoint_id, now)
    return False


def _count_failure(endpoint_id: UUID, now: datetime) -> None:
    """The first failure counts; days later, without one success, the endpoint is switched off."""
    Endpoint.objects.filter(pk=endpoint_id, failing_since=None).update(failing_since=now)
    Endpoint.objects.filter(pk=endpoint_id, disabled_at=None, failing_since__lte=now - DISABLED_AFTER).update(
        disabled_at=now, is_disabled_by_failure=True
    )


def forget_old(*, now: datetime) -> int:
    """Delete the log of deliveries that were over long ago."""
    return Delivery.objects.filter(made_at__lt=now - KEPT_FOR, due_at=None).delete()[0]


def _short(text: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(printable.split())[:300]
