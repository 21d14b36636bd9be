"""Jobs of this app: looking, and sending. Both are safe to run twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from tieout.portal.alerts import sending, watch
from tieout.portal.alerts.late import late_news
from tieout.portal.alerts.models import Incident
from tieout.portal.health import beats, heartbeat
from tieout.portal.syncs import jobs
from tieout.portal.syncs.models import Sync
from tieout.portal.syncs.signals import sync_ended
from tieout.portal.syncs.tasks import task

log = logging.getLogger(__name__)


@task
def watch_alerts() -> None:
    """Look at everything, have sent what is owed, and tell who listens for our heart. Each minute."""
    look_and_send()
    beats.beat()
    heartbeat.send()


@task
def tidy_alerts() -> None:
    """Forget the log of webhooks after a month, and incidents with the rest of the history."""
    from tieout.portal.webhooks.delivering import forget_old

    now = timezone.now()
    forget_old(now=now)
    Incident.objects.filter(closed_at__lt=now - timedelta(days=365 * settings.TIEOUT.history_years)).delete()


@task
def send_alerts() -> None:
    """Send the e-mails that are due."""
    sending.send_due()


@receiver(sync_ended)
def _after_sync(*, sync: Sync, **_more: Any) -> None:
    """Who waits for news of a sync need not wait for the next minute. The sync itself is over, whatever happens here."""
    try:
        for found in late_news(sync.source, now=timezone.now()):
            watch.open_incident(found, now=timezone.now())
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
