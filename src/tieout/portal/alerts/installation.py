"""Causes that hit the whole installation: one incident to its owner, and none per company."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Min

from tieout.portal.alerts.found import Found, key_of, of_installation
from tieout.portal.alerts.models import Incident, Kind, Message, MessageState
from tieout.portal.sources.models import ApprovalState, Source, Trouble
from tieout.portal.syncs.models import Fault, Reason, Sync, SyncState
from tieout.portal.upkeep.disk import disk_of

FEWEST = 2  # one company alone proves nothing about the others
LATELY = timedelta(minutes=30)
FAILING_TRIES = 3


def causes(sources: Sequence[Source], *, now: datetime) -> Iterator[Found]:
    """What holds of the installation now. `sources` are all that are connected and not paused."""
    still_open = set(Incident.objects.filter(workspace=None, closed_at=None).values_list("key", flat=True))
    for connector in sorted({source.connector for source in sources}):
        theirs = [source for source in sources if source.connector == connector]
        yield from _keys_refused(connector, theirs)
        yield from _shut_out(connector, theirs)
        yield from _system_down(connector, theirs, still_open, now)
    yield from _disk_full(now)
    yield from _mail_failing()


def newest_complete(sources: Sequence[Source]) -> datetime | None:
    """When the system last let anybody of these read everything."""
    return max((source.last_complete_at for source in sources if source.last_complete_at), default=None)


def _keys_refused(connector: str, sources: Sequence[Source]) -> Iterator[Found]:
    refused = [source for source in sources if source.trouble == Trouble.OPERATOR and source.trouble_since]
    if refused:
        since = min(source.trouble_since for source in refused if source.trouble_since)
        yield _about(connector, Kind.KEYS_REFUSED, since, companies=len(refused), told=refused[0].trouble_message)


def _shut_out(connector: str, sources: Sequence[Source]) -> Iterator[Found]:
    """Several companies withdrew and none was let in since the first of them: hardly a coincidence."""
    last = newest_complete(sources)
    lately = [
        source.withdrawn_since
        for source in sources
        if source.approval_state == ApprovalState.WITHDRAWN
        and source.withdrawn_since
        and (last is None or source.withdrawn_since > last)
    ]
    if len(lately) >= FEWEST:
        yield _about(connector, Kind.SHUT_OUT, min(lately), companies=len(lately))


def _system_down(
    connector: str, sources: Sequence[Source], still_open: Collection[str], now: datetime
) -> Iterator[Found]:
    """Every sync of the last half hour ended with "busy or down", of several companies. It holds until one succeeds."""
    key = key_of(Kind.SYSTEM_DOWN, f"installation:{connector}")
    ended = Sync.objects.filter(source__in=sources, finished_at__gte=now - LATELY).exclude(reason=Reason.FILL)
    if ended.filter(state=SyncState.SUCCEEDED).exists():
        return
    failing = ended.filter(fault=Fault.TRY_LATER)
    first = failing.aggregate(first=Min("started_at"))["first"]
    hit = failing.values("source").distinct().count()
    if hit >= FEWEST and first:
        yield _about(connector, Kind.SYSTEM_DOWN, newest_complete(sources) or first, companies=hit)
    elif key in still_open and not _succeeded_since(key, sources):
        yield _about(connector, Kind.SYSTEM_DOWN, now)


def _succeeded_since(key: str, sources: Sequence[Source]) -> bool:
    opened = Incident.objects.filter(key=key, closed_at=None).values_list("opened_at", flat=True).first()
    done = Sync.objects.filter(source__in=sources, state=SyncState.SUCCEEDED)
    return opened is None or done.filter(finished_at__gte=opened).exists()


def _disk_full(now: datetime) -> Iterator[Found]:
    disk = disk_of(settings.TIEOUT)
    if disk.is_full:
        yield of_installation(Kind.DISK_FULL, "disk", since=now, percent=disk.percent)


def _mail_failing() -> Iterator[Found]:
    stuck = Message.objects.filter(state=MessageState.WAITING, tries__gte=FAILING_TRIES)
    first = stuck.aggregate(first=Min("made_at"))["first"]
    if first:
        told = stuck.exclude(error="").values_list("error", flat=True).first()
        yield of_installation(Kind.MAIL_FAILING, "mail", since=first, waiting=stuck.count(), told=told or "")


def _about(connector: str, kind: Kind, since: datetime, **facts: object) -> Found:
    title = settings.CONNECTORS[connector].title if connector in settings.CONNECTORS else connector
    return of_installation(kind, connector, since=since, system=title, **facts)
