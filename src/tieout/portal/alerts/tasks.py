"""Jobs of this app: looking, and sending. Both are safe to run twice."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

from django.dispatch import receiver
from django.utils import timezone

from tieout.portal.alerts import sending, watch
from tieout.portal.syncs import jobs
from tieout.portal.syncs.signals import sync_ended
from tieout.portal.syncs.tasks import task

log = logging.getLogger(__name__)


@task
def watch_alerts() -> None:
    """Look at everything, and have sent what is owed. Each minute, and after each sync."""
    look_and_send()


@task
def send_alerts() -> None:
    """Send the e-mails that are due."""
    sending.send_due()


@receiver(sync_ended)
def _after_sync(**_more: Any) -> None:
    """Who waits for news of a sync need not wait for the next minute. The sync itself is over, whatever happens here."""
    try:
        look_and_send()
    except Exception:
        log.exception("looking for incidents after a sync failed; the next minute looks again")


def look_and_send() -> None:
    """Keep incidents by what holds now, then ask for a job that sends what is due, if there is anything."""
    from tieout.portal.webhooks.events import tell_syncs
    from tieout.portal.webhooks.tasks import ask_to_deliver

    now = timezone.now()
    watch.look(now=now)
    tell_syncs(now=now)
    if sending.due(now):
        ask_to_send()
    ask_to_deliver(timezone.now())  # what was owed a moment ago is due by now


def ask_to_send() -> None:
    """A durable job of its own, so that a slow mail server keeps nobody's sync waiting. Never two at once."""
    engine = jobs.engine()
    if engine is not None:
        engine.enqueue(
            jobs.Job(id=f"alerts:{uuid4()}", task="send_alerts", partition="alerts", queue=jobs.Queue.PEOPLE)
        )
