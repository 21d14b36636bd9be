"""What the overview of a data source says: one callout by gravity, three tiles, what runs, what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tieout.connectors.base import Connector
from tieout.portal.sources.health import Freshness, freshness
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.syncs.history import Entry, timeline
from tieout.portal.syncs.models import Event, Reason, StreamPhase, StreamState, Sync, SyncState
from tieout.portal.syncs.progress import Progress, progress_of
from tieout.portal.syncs.tie_outs import TieOut, tie_out_of

LATELY = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the page shows, without opening the warehouse."""

    source: Source
    progress: Progress | None
    tie_out: TieOut | None
    streams: tuple[StreamState, ...]
    lately: tuple[Entry, ...]
    windows: tuple[Event, ...]
    callout: str
    last: Sync | None

    @property
    def is_first(self) -> bool:
        return self.source.first_sync_done_at is None

    @property
    def rows(self) -> int:
        """Rows that are here now, while a sync runs too."""
        return sum(state.rows for state in self.streams)

    @property
    def filling(self) -> tuple[StreamState, ...]:
        return tuple(state for state in self.streams if state.is_filling and state.rows_left)

    @property
    def unavailable(self) -> tuple[StreamState, ...]:
        return tuple(state for state in self.streams if state.phase == StreamPhase.UNAVAILABLE)

    @property
    def failing(self) -> tuple[StreamState, ...]:
        return tuple(state for state in self.streams if state.phase == StreamPhase.FAILED)

    @property
    def ready_from(self) -> str:
        """The first day from which the books are here, while the first sync goes backwards through them."""
        return min((event.facts["first"] for event in self.windows), default="")

    @property
    def newest_posting(self) -> Any:
        """The newest date of any row: what a person calls "how far the books go"."""
        return next((state.newest_on for state in self.streams if state.grade == "balanced" and state.newest_on), None)

    @property
    def vouchers(self) -> int:
        if self.tie_out is None:
            return 0
        return next((group.compared for group in self.tie_out.groups if group.check == "vouchers"), 0)


def overview_of(source: Source, connector: Connector, *, now: datetime) -> Overview:
    """Everything the overview shows of one data source."""
    streams = tuple(StreamState.objects.filter(source=source))
    progress = progress_of(source, allowed=getattr(connector, "requests_per_second", None), now=now)
    tie_out = tie_out_of(source)
    last = Sync.objects.filter(source=source, finished_at__isnull=False).exclude(reason=Reason.FILL).first()
    return Overview(
        source=source,
        progress=progress,
        tie_out=tie_out,
        streams=streams,
        lately=tuple(timeline(source)[:LATELY]),
        windows=_windows(source),
        callout=_gravest(source, progress, tie_out, streams, last, now),
        last=last,
    )


def _gravest(
    source: Source,
    progress: Progress | None,
    tie_out: TieOut | None,
    streams: tuple[StreamState, ...],
    last: Sync | None,
    now: datetime,
) -> str:
    """The first that holds: one callout a page, by gravity. "house" ones are those of every page of a source."""
    holds = (
        ("house", source.approval_state == ApprovalState.WITHDRAWN or bool(source.trouble) or source.is_paused),
        ("not_proved", tie_out is not None and tie_out.verdict == "not_proved"),
        ("could_not_check", tie_out is not None and tie_out.verdict == "could_not_check"),
        ("first_sync", source.first_sync_done_at is None and progress is not None),
        ("first_waits", source.first_sync_done_at is None),
        ("stale", freshness(source, now=now) in (Freshness.DELAYED, Freshness.STALE)),
        ("stream_failed", any(state.phase == StreamPhase.FAILED for state in streams)),
        ("incomplete", last is not None and last.state == SyncState.INCOMPLETE),
        ("filling", any(state.is_filling and state.rows_left for state in streams)),
        ("unavailable", any(state.phase == StreamPhase.UNAVAILABLE for state in streams)),
    )
    return next((name for name, is_so in holds if is_so), "")


def _windows(source: Source) -> tuple[Event, ...]:
    if source.first_sync_done_at is not None:
        return ()
    events = Event.objects.filter(sync__source=source, code="window_ready").order_by("-at")
    return tuple(event for event in events if event.facts.get("first"))
