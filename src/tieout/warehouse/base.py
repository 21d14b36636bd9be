"""What a warehouse is to the rest of Tieout: one file (or database) per workspace, one store per data source in it.

A store keeps rows and cursors together or not at all. Nothing here knows DuckDB, PostgreSQL or an accounting system.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from tieout.catalog import NumberRange, Page, Stream, Window
from tieout.warehouse.proofs import ProofStore
from tieout.warehouse.verdicts import AccountBalance as AccountBalance
from tieout.warehouse.verdicts import Check as Check
from tieout.warehouse.verdicts import CheckOutcome as CheckOutcome
from tieout.warehouse.verdicts import Difference as Difference
from tieout.warehouse.verdicts import StreamGrade as StreamGrade
from tieout.warehouse.verdicts import TieOut as TieOut
from tieout.warehouse.verdicts import Verdict as Verdict

EMPTY_SCAN = "empty_scan"  # cursor: the sync whose scan saw nothing where rows are stored


class WarehouseError(Exception):
    """Base of all. `str(error)` is for people and holds no value of a customer's books."""


class DoesNotFitError(WarehouseError):
    """A value does not fit the type its column has. The stream stops; nothing stored is touched, nothing is rounded."""

    def __init__(self, stream: str, column: str, why: str) -> None:
        super().__init__(f"{stream}.{column}: {why}")
        self.stream, self.column, self.why = stream, column, why


class BusyError(WarehouseError):
    """Another process has the warehouse open."""


class NewerError(WarehouseError):
    """A newer Tieout wrote the warehouse: this one would read it wrong. Nothing was changed."""


class StorageError(WarehouseError):
    """The disk is full, or a file or folder can't be written or read. Nothing that was committed is lost."""


class DamagedError(StorageError):
    """A file of the warehouse is not as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a load is complete for: rows of that part which the load lacks are gone at the source.

    The default is complete for nothing (changed rows only). `everything` is the whole stream; `window` spans the
    stream's window column; `on` is one snapshot's date, in the window column too; `parents` are keys as text; `part` is
    a range of what the stream is divided by.
    `twice`: what the load lacks is only `missing`, and gone when the next complete reading or scan lacks it too.
    """

    everything: bool = False
    twice: bool = False
    window: Window | None = None
    on: date | None = None
    parents: tuple[str, ...] = ()
    part: NumberRange | None = None


CHANGES = Scope()
EVERYTHING = Scope(everything=True)
TWICE = Scope(everything=True, twice=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a load did. `rows` were read (repeats once); unchanged ones are the rest after new and changed."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    missing: int = 0  # were not seen for the first time
    noise: int = 0  # amounts that came with the noise of binary floats, within 1e-9 of four decimals
    unknown: tuple[str, ...] = ()  # keys of the source that no column declares; their values are in `_extra`

    def __add__(self, other: Loaded) -> Loaded:
        return Loaded(
            rows=self.rows + other.rows,
            new=self.new + other.new,
            changed=self.changed + other.changed,
            removed=self.removed + other.removed,
            missing=other.missing,
            noise=self.noise + other.noise,
            unknown=tuple(sorted({*self.unknown, *other.unknown})),
        )

    @property
    def touched(self) -> int:
        """Rows that differ from before."""
        return self.new + self.changed + self.removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan of keys found. `missing` were not seen for the first time, `removed` for the second."""

    seen: int
    missing: int
    removed: int


class Loading(Protocol):
    """Pages on their way into one stream: staged one by one while the next are fetched, then committed at once."""

    @property
    def rows(self) -> int:
        """Staged so far, repeats counted."""

    def add(self, page: Page) -> int:
        """Stage a page and give its number of rows. Raises DoesNotFitError."""

    def distinct(self) -> int:
        """How many records were staged, repeats once."""

    def staged(self, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Some columns of what was staged, the last of each key."""

    def commit(self, scope: Scope, *, cursors: Mapping[str, str] | None = None) -> Loaded:
        """Make staged rows the truth within `scope`, with the cursors, in one transaction. The pages may then go."""


class Scanning(Protocol):
    """Keys on their way in, from a scan that must be complete before `commit`."""

    def add(self, page: Page) -> int: ...

    def distinct(self) -> int: ...

    def commit(self, *, cursors: Mapping[str, str] | None = None) -> Scanned:
        """Remove rows that this scan and the one before lack; remember those that only this one lacks.

        An empty scan where rows are stored removes nothing until an empty scan of another sync confirms it.
        """


class SyncKind(StrEnum):
    """What a sync was for."""

    SYNC = "sync"
    FILLING = "filling"  # lines only, in the background
    TIE_OUT = "tie_out"  # a tie-out alone, with what came meanwhile


class Outcome(StrEnum):
    """How a sync ended."""

    SUCCEEDED = "succeeded"
    INCOMPLETE = "incomplete"  # some streams were postponed or failed
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # the process died; the next sync carried on


class StreamState(StrEnum):
    """Where a stream stands."""

    WAITING = "waiting"  # not read yet
    CURRENT = "current"
    FILLING = "filling"  # first windows or lines are still arriving
    POSTPONED = "postponed"  # busy; the next sync carries on
    NOT_AVAILABLE = "not_available"  # the company lacks the module or the privilege
    FAILED = "failed"  # an unexpected answer
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSummary:
    """One stream as it stands. Counts are of the last sync that read it; `newest` is the newest posting or other date.

    `filled` of `to_fill` parents (invoices) have their lines, where a stream fills in the background.
    """

    stream: str
    state: StreamState
    reason: str | None = None
    rows: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    newest: date | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    filled: int = 0
    to_fill: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRun:
    """What one sync did to one stream."""

    stream: str
    state: StreamState
    reason: str | None = None
    rows: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncRecord:
    """One sync of the history, newest first in lists. Times are UTC; `rows` were read."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None  # None: running
    reason: str | None = None
    rows: int = 0
    requests: int = 0
    throttled: int = 0
    kind: SyncKind = SyncKind.SYNC
    streams: tuple[StreamRun, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """One data source in a glance; what the portal's own tables repeat is rebuilt from here."""

    source_id: str
    connector: str
    rows: int
    first_sync_done_at: datetime | None  # all but the streams that fill in the background
    last_complete_at: datetime | None  # last sync that succeeded
    last_sync_at: datetime | None
    verdict: Verdict | None
    verdict_at: datetime | None
    proved_at: datetime | None  # last time it was Proved


@dataclass(frozen=True, slots=True)
class Sums:
    """Where sums for a tie-out come from: a table and its columns' names."""

    stream: str
    group: str  # column to sum by
    amount: str
    date: str


class SourceStore(ProofStore, Protocol):
    """One data source's part of a warehouse. One writer at a time, any number of readers."""

    source_id: str
    connector: str

    @property
    def spool(self) -> Path:
        """This source's own folder for pages."""

    def prepare(self, streams: Sequence[Stream]) -> None:
        """Make the tables of all streams, empty ones too, and add columns that are new. Idempotent."""

    def keep_company(self, *, name: str, organisation_number: str) -> None:
        """Keep whose books these are, for reports."""

    def begin_sync(self, at: datetime, *, kind: SyncKind = SyncKind.SYNC) -> int:
        """Number a new sync; whatever was running is marked interrupted. NumberRange grow within the workspace."""

    def finish_sync(
        self,
        sync: int,
        outcome: Outcome,
        *,
        at: datetime,
        reason: str | None = None,
        requests: int = 0,
        throttled: int = 0,
    ) -> None: ...

    def note_stream(self, sync: int, run: StreamRun, *, at: datetime) -> None:
        """Keep what a sync did to a stream, and where the stream stands now."""

    def loading(self, stream: Stream, sync: int) -> AbstractContextManager[Loading]:
        """Begin a load. Leaving without commit drops what was staged."""

    def scanning(self, stream: Stream, sync: int) -> AbstractContextManager[Scanning]: ...

    def cursors(self, stream: str) -> dict[str, str]:
        """What earlier loads committed, by kind of cursor."""

    def forget_cursors(self, stream: str) -> None:
        """Let the next sync read the stream from scratch (rows stay until then)."""

    def rearrange(self, streams: Sequence[Stream]) -> None:
        """Make the stored rows as the streams' choices of personal data have them; nothing of what went is left in the files.

        Waits until no other thread is reading or loading.
        """

    def erase_contacts(self, streams: Sequence[Stream], *, before: datetime, at: datetime) -> int:
        """Erase the personal data of contacts that the source removed before a moment; how many. Waits as `rearrange` does."""

    def note_filling(self, stream: str, *, filled: int, to_fill: int) -> None:
        """Keep how far a stream has filled: `filled` of `to_fill` parents have been asked. It is current when all are."""

    def set_cursors(self, stream: str, sync: int, cursors: Mapping[str, str]) -> None:
        """Keep cursors that go with no load."""

    def unanswered_parents(
        self, stream: Stream, *, parent: Stream, again_when_changed: bool, on: date | None = None
    ) -> list[str]:
        """Keys of the parent's rows not asked yet (`on` that date; or changed since), newest first."""

    def stale(self, stream: Stream, column: str, *, since_sync: int) -> list[Any]:
        """Distinct values of `column` in rows that repeat a code which was renamed elsewhere in `since_sync` or later."""

    def forget_parents(self, stream: str, parents: Sequence[str]) -> None:
        """Let the next filling ask for these parents again."""

    def remove_orphans(self, stream: Stream, sync: int, *, parent: Stream) -> int:
        """Remove rows whose parent is no longer stored. How many there were."""

    def greatest(self, stream: str, column: str) -> Any:
        """The greatest value of a column; None where there are no rows."""

    def count(self, stream: str) -> int: ...

    def value(self, stream: str, column: str) -> Any:
        """The column of a stream's only row (settings); None where there is none."""

    def column(
        self, stream: str, column: str, *, where: Mapping[str, Any] | None = None, since_sync: int = 0
    ) -> list[Any]:
        """Distinct values of a column, of rows that came or changed in `since_sync` or later. Nulls are left out."""

    def names(self, stream: str, *, number: str, name: str) -> dict[int, str]:
        """What a stream calls each number: two of its columns, rows that lack either left out."""

    def sums(
        self, of: Sums, *, until: date, since: date | None = None, where: Mapping[str, Sequence[int]] | None = None
    ) -> dict[int, Decimal]:
        """Sum per group of rows with a date in the span, both inclusive; `where` a column has one of some values."""

    def unbalanced(self, of: Sums) -> dict[Any, Decimal]:
        """Groups whose sum is not zero, all dates."""

    def groups(self, of: Sums) -> int:
        """How many groups there are."""

    def dates(self, stream: str, column: str, *, since_sync: int = 0) -> list[date]:
        """Distinct months in which there are rows (the first day of each), of rows touched since a sync, gone ones too."""

    def syncs(self, *, limit: int = 50) -> list[SyncRecord]:
        """Newest first, with what each did per stream."""

    def streams(self) -> list[StreamSummary]:
        """Every stream in the catalog's order, as prepared."""

    def summary(self) -> SourceSummary: ...

    def publish(self) -> Path | None:
        """Write what changed to the published copy and switch to it. None where nothing is published."""


class Warehouse(Protocol):
    """One workspace's data. Opened once per process by the owner of TIEOUT_HOME and shared by its threads."""

    def source(self, source_id: str, *, connector: str) -> SourceStore: ...

    def source_ids(self) -> list[str]: ...

    def delete_source(self, source_id: str) -> None:
        """Delete for good: rows, versions, history, spool and published copies; the file is rewritten without them."""

    def close(self) -> None: ...
