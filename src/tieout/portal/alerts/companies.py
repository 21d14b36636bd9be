"""What holds of each data source: withdrawn, standing still, not proved, not checked for a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Min

from tieout.portal.alerts.found import Found, of_source
from tieout.portal.alerts.installation import newest_complete
from tieout.portal.alerts.models import Kind
from tieout.portal.sources.health import Freshness, freshness
from tieout.portal.sources.models import ApprovalState, Source, Trouble, Verdict
from tieout.portal.sources.schedules import overdue_at
from tieout.portal.syncs.models import OPEN_STATES, Fault, Reason, Sync, SyncState

CHECKED_EVERY = timedelta(hours=24)
PATIENCE = timedelta(hours=1)  # for a sync that waits or runs: after a restart all are asked for at once
EVIDENCE_WITHIN = timedelta(minutes=15)  # so long the others may show that it is this company alone
SEVERAL = (Kind.KEYS_REFUSED, Kind.SHUT_OUT, Kind.SYSTEM_DOWN, Kind.DISK_FULL)


def troubles(sources: Sequence[Source], causes: Sequence[Found], *, now: datetime) -> Iterator[Found]:
    """What holds of each source. `causes` are those of the installation: they cover what follows from them."""
    for source in sources:
        covered = {cause.kind for cause in causes if cause.kind in SEVERAL and _reaches(cause, source)}
        if source.is_paused:
            yield from _rests(source, now)
            continue
        yield from _withdrawn(source, sources, covered, now)
        yield from _stands_still(source, covered, now)
        yield from _verdict(source, now)


def _reaches(cause: Found, source: Source) -> bool:
    return cause.kind == Kind.DISK_FULL or cause.key.startswith(f"installation:{source.connector}:")


def _rests(source: Source, now: datetime) -> Iterator[Found]:
    """A paused source: what was told stays told, nothing new is."""
    for kind in (Kind.APPROVAL_WITHDRAWN, Kind.STANDS_STILL, Kind.NOT_PROVED, Kind.COULD_NOT_CHECK):
        yield of_source(kind, source, since=now, is_masked=True)


def _withdrawn(source: Source, sources: Sequence[Source], covered: set[Kind], now: datetime) -> Iterator[Found]:
    if source.approval_state != ApprovalState.WITHDRAWN:
        return
    since = source.withdrawn_since or now
    alike = [one for one in sources if one.connector == source.connector and one.pk != source.pk]
    masked = Kind.SHUT_OUT in covered or Kind.KEYS_REFUSED in covered or not _is_alone(since, alike, now)
    yield of_source(Kind.APPROVAL_WITHDRAWN, source, since=since, is_masked=masked)


def _is_alone(since: datetime, alike: Sequence[Source], now: datetime) -> bool:
    """Whether the others were let in after it, or could not be asked in the time that is given for it."""
    standing = [one for one in alike if one.approval_state == ApprovalState.APPROVED and not one.is_paused]
    last = newest_complete(standing)
    return not standing or now - since >= EVIDENCE_WITHIN or (last is not None and last > since)


def _stands_still(source: Source, covered: set[Kind], now: datetime) -> Iterator[Found]:
    if freshness(source, now=now) not in (Freshness.DELAYED, Freshness.STALE):
        return
    if source.approval_state != ApprovalState.APPROVED:  # that says why, and is told
        yield of_source(Kind.STANDS_STILL, source, since=now, is_masked=True)
        return
    began = source.last_complete_at or source.created_at
    since = overdue_at(str(source.pk), source.interval_minutes, source.hours, since=began)
    masked = _is_covered(source, covered) or _is_at_it(source, now)
    yield of_source(Kind.STANDS_STILL, source, since=since, is_masked=masked, told=source.trouble_message)


def _is_covered(source: Source, covered: set[Kind]) -> bool:
    """Whether a cause of the whole installation says why this one stands still."""
    if Kind.DISK_FULL in covered or Kind.SHUT_OUT in covered:
        return True
    if Kind.KEYS_REFUSED in covered and source.trouble == Trouble.OPERATOR:
        return True
    return Kind.SYSTEM_DOWN in covered and _last_fault(source) in (Fault.TRY_LATER, "")


def _last_fault(source: Source) -> str:
    ended = Sync.objects.filter(source=source).exclude(finished_at=None).exclude(reason=Reason.FILL)
    return ended.order_by("-finished_at").values_list("fault", flat=True).first() or ""


def _is_at_it(source: Source, now: datetime) -> bool:
    """Whether a sync waits or runs that was asked for a little while ago."""
    going_on = Sync.objects.filter(source=source, state__in=OPEN_STATES).exclude(reason=Reason.FILL)
    return going_on.filter(requested_at__gte=now - PATIENCE).exists()


def _verdict(source: Source, now: datetime) -> Iterator[Found]:
    as_of = source.verdict_as_of or now
    if source.verdict == Verdict.NOT_PROVED:
        note = source.verdict_note or {}
        yield of_source(
            Kind.NOT_PROVED,
            source,
            since=as_of,
            differing=note.get("differing", 0),
            compared=note.get("compared", 0),
        )
    if source.verdict == Verdict.COULD_NOT_CHECK:
        since = _unchecked_since(source) or as_of
        shut = source.approval_state != ApprovalState.APPROVED
        if now - since >= CHECKED_EVERY:
            yield of_source(Kind.COULD_NOT_CHECK, source, since=since, is_masked=shut)


def _unchecked_since(source: Source) -> datetime | None:
    """The end of the first sync in a row that couldn't be checked."""
    ended = Sync.objects.filter(source=source, state__in=(SyncState.SUCCEEDED, SyncState.INCOMPLETE, SyncState.FAILED))
    told = ended.exclude(verdict="").exclude(verdict=Verdict.COULD_NOT_CHECK)
    checked = told.aggregate(at=Max("finished_at"))["at"]
    unchecked = ended.filter(verdict=Verdict.COULD_NOT_CHECK)
    if checked:
        unchecked = unchecked.filter(finished_at__gt=checked)
    since: datetime | None = unchecked.aggregate(at=Min("finished_at"))["at"]
    return since
