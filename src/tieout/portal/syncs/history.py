"""The history of a data source: syncs and what people did, newest first, filtered, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

from django.core.paginator import Page, Paginator
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Event, Reason, Sync, SyncState
from tieout.portal.workspaces.models import Happening
from tieout.portal.workspaces.queries import happenings_of

ENTRIES_A_PAGE = 50
EVENTS_A_PAGE = 100
SHOWS = (("", _("All")), ("syncs", _("Syncs")), ("changes", _("Changes")), ("problems", _("Problems")))
PROBLEMS = Q(state__in=(SyncState.FAILED, SyncState.INCOMPLETE)) | Q(verdict__in=("not_proved", "could_not_check"))
WORRYING = ("approval_withdrawn", "link_reported", "approval_refused", "approval_given_up", "key_replaced_elsewhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the history: a sync, or something that happened."""

    at: datetime
    sync: Sync | None = None
    happening: Happening | None = None


class Timeline(Sequence[Entry]):
    """Syncs and happenings in one order, read only as far as asked."""

    def __init__(self, syncs: QuerySet[Sync], happenings: QuerySet[Happening]) -> None:
        self._syncs, self._happenings = syncs, happenings
        keys = ("moment", "what", "key")
        ours = syncs.order_by().annotate(
            moment=F("requested_at"), what=Value("sync", CharField()), key=Cast("pk", CharField())
        )
        theirs = happenings.order_by().annotate(
            moment=F("at"), what=Value("happening", CharField()), key=Cast("pk", CharField())
        )
        self._keys = ours.values_list(*keys).union(theirs.values_list(*keys), all=True).order_by("-moment", "-key")

    def __len__(self) -> int:
        return self._syncs.count() + self._happenings.count()

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, int):
            return self[at : at + 1][0]
        keys = list(self._keys[at])
        syncs = self._syncs.in_bulk([int(key) for _moment, what, key in keys if what == "sync"])
        happenings = self._happenings.in_bulk([int(key) for _moment, what, key in keys if what == "happening"])
        return [
            Entry(at=moment, sync=syncs[int(key)])
            if what == "sync"
            else Entry(at=moment, happening=happenings[int(key)])
            for moment, what, key in keys
        ]


def timeline(source: Source, *, show: str = "") -> Timeline:
    """The history of one source; `show` is one of SHOWS."""
    syncs = syncs_of(source)
    happenings = happenings_of(source.workspace, source_id=source.pk)
    if show == "syncs":
        happenings = happenings.none()
    elif show == "changes":
        syncs = syncs.none()
    elif show == "problems":
        syncs, happenings = syncs.filter(PROBLEMS), happenings.filter(kind__in=WORRYING)
    return Timeline(syncs, happenings)


def syncs_of(source: Source) -> QuerySet[Sync]:
    """All syncs of a source with who asked for and who cancelled them."""
    return Sync.objects.filter(source=source).select_related("requested_by", "cancelled_by")


def page_of(source: Source, *, show: str, number: Any) -> Page[Entry]:
    """One page of the history; a number out of bounds is the nearest one."""
    return Paginator(timeline(source, show=show), ENTRIES_A_PAGE).get_page(number)


def counts(source: Source) -> dict[str, int]:
    """How much each filter would show."""
    return {show: len(timeline(source, show=show)) for show, _word in SHOWS}


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamLine:
    """What one sync did to one stream."""

    stream: str
    code: str  # the event that ended it: stream_finished, stream_postponed, ...
    facts: dict[str, Any]


def lines_of(sync: Sync) -> list[StreamLine]:
    """What a sync did per stream; a stream that was read in several goes has its last word."""
    ends = ("stream_finished", "stream_postponed", "stream_not_available", "stream_failed")
    found: dict[str, StreamLine] = {}
    for event in sync.events.filter(code__in=ends):
        known = found.get(event.stream)
        facts = event.facts if known is None or sync.reason != Reason.FILL else _added(known.facts, event.facts)
        found[event.stream] = StreamLine(stream=event.stream, code=event.code, facts=facts)
    return list(found.values())


def log_of(sync: Sync, *, number: Any) -> Page[Event]:
    """One page of what a sync told."""
    return Paginator(sync.events.all(), EVENTS_A_PAGE).get_page(number)


def _added(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    figures = ("rows", "new", "changed", "removed", "requests")
    return now | {key: int(before.get(key) or 0) + int(now.get(key) or 0) for key in figures}
