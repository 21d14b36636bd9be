"""Scans of keys: hard deletions leave no trace at the source, so the keys it still has are read and compared."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from tieout.catalog import Ask, Stream
from tieout.sync.events import Event, StreamProgressed
from tieout.sync.load import MovingError, Tally, take_in
from tieout.sync.plan import FIRST, SCAN, instant, is_due
from tieout.sync.work import Loads, Work
from tieout.warehouse.base import Loaded, Scanned


def scan_where_due(work: Work, *, nightly: bool) -> Iterator[Event]:
    """Scan the streams whose time has come; those that this sync has read whole need none."""
    for stream in work.connector.streams:
        cursors = work.store.cursors(stream.name)
        due = stream.vanishes or nightly or is_due(SCAN, cursors, work.clock())
        if (
            stream.key_scan
            and due
            and stream.name not in work.read_whole
            and work.readable(stream)
            and FIRST in cursors
        ):
            yield from scan(work, stream)


def scan(work: Work, stream: Stream) -> Iterator[Event]:
    """Scan a stream's keys; where some are missing scan again at once, and remove what both did not see."""

    def loads(tally: Tally) -> Loads:
        scanned = yield from _scan_once(work, stream, tally)
        if scanned.missing and not scanned.removed:
            scanned = yield from _scan_once(work, stream, tally)
        tally.loaded += Loaded(removed=scanned.removed)

    yield from work.stream(stream, "scan", 1, loads)


def _scan_once(work: Work, stream: Stream, tally: Tally) -> Generator[StreamProgressed, None, Scanned]:
    """One complete scan. Raises MovingError where it lacks keys that the source counted."""
    answer = work.ask(Ask(stream=stream, keys_only=True))
    try:
        with work.store.scanning(stream, work.sync) as scanning:
            total = (yield from take_in(answer, scanning, tally)).total
            if total is not None and total != scanning.distinct():
                raise MovingError
            if total is not None:
                work.totals[stream.name] = total
            return scanning.commit(cursors={SCAN: instant(answer.asked_at)})
    finally:
        answer.give_up()
        work.spool.done(answer.folder, sync=work.sync, stream=stream.name)
