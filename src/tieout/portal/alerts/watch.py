"""Looking at the installation and keeping incidents: what holds is opened once, what no longer holds is closed once.

It compares states, not events, so that it may be called at any time and after any kill: after each sync, and each minute.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tieout.portal.alerts import companies, installation, news, outbox
from tieout.portal.alerts.found import Found
from tieout.portal.alerts.models import Gravity, Incident, ProofWish, gravity_of
from tieout.portal.alerts.receivers import who_may_see
from tieout.portal.sources.models import Source
from tieout.portal.webhooks.events import incident_closed, incident_opened

# Where the responsible person is told first: when the others learn of what is still open.
OTHERS_ARE_TOLD_AFTER = timedelta(hours=24)


def look(*, now: datetime) -> None:
    """Open and close incidents by what holds now. Their messages are in the outbox when it returns, not yet sent."""
    # Every workspace's: this is the installation's own watch, each incident within its own.
    sources = list(Source.objects.connected().select_related("workspace"))
    causes = list(installation.causes([one for one in sources if not one.is_paused], now=now))
    found = [*causes, *companies.troubles(sources, causes, now=now), *webhooks_disabled()]
    _keep(found, now=now)
    _tell_news(now)


def webhooks_disabled() -> Iterable[Found]:
    """Webhooks that were switched off by themselves."""
    from tieout.portal.webhooks.queries import disabled_by_failure

    return disabled_by_failure()


def _keep(found: Iterable[Found], *, now: datetime) -> None:
    by_key = {one.key: one for one in found}
    standing = {one.key: one for one in Incident.objects.filter(closed_at=None).select_related("source", "workspace")}
    for key, one in by_key.items():
        if key not in standing and not one.is_masked:
            open_incident(one, now=now)
    for key, incident in standing.items():
        if key not in by_key:
            close_incident(incident, now=now)
        elif now - incident.opened_at >= OTHERS_ARE_TOLD_AFTER:
            outbox.tell_others(incident, now=now)


@transaction.atomic
def open_incident(found: Found, *, now: datetime) -> Incident | None:
    """Keep an incident with its messages and webhooks, all or none. None where somebody else did it meanwhile."""
    same = Incident.objects.filter(key=found.key)
    is_news = gravity_of(found.kind) is Gravity.NEWS
    if (same if is_news else same.filter(closed_at=None)).exists():
        return None
    incident = Incident.objects.create(
        workspace=found.workspace,
        source=found.source,
        kind=found.kind,
        key=found.key,
        since=found.since,
        opened_at=now,
        closed_at=now if is_news else None,
        facts=dict(found.facts),
    )
    outbox.tell_begin(incident, now=now)
    incident_opened(incident)
    return incident


@transaction.atomic
def close_incident(incident: Incident, *, now: datetime) -> None:
    """End an incident and tell who was told of its beginning. That of a source that was removed ends without a word."""
    if not Incident.objects.filter(pk=incident.pk, closed_at=None).update(closed_at=now):
        return
    incident.closed_at = now
    is_removed = incident.source is not None and incident.source.is_removed
    if not is_removed:
        outbox.tell_end(incident, now=now)
    incident_closed(incident)


def _tell_news(now: datetime) -> None:
    for found in news.news(now=now):
        open_incident(found, now=now)
    for wish, found in news.fulfilled(now=now):
        _fulfil(wish, found, now)


@transaction.atomic
def _fulfil(wish: ProofWish, found: Found, now: datetime) -> None:
    """One message to the one who asked, and the wish is forgotten."""
    if not ProofWish.objects.filter(pk=wish.pk).delete()[0]:
        return
    incident = Incident.objects.create(
        workspace=found.workspace,
        source=found.source,
        kind=found.kind,
        key=found.key,
        since=found.since,
        opened_at=now,
        closed_at=now,
        facts=dict(found.facts) | {"for": wish.person_id},
    )
    if settings.IS_MAIL_SET:
        outbox.put(incident, who_may_see([wish.person], incident), now=now)
