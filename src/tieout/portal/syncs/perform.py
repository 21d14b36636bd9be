"""One sync, from the key to the tie-out, with everything it tells kept. Jobs and the command line call it alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from datetime import date
from functools import partial

from django.conf import settings

from tieout.connectors.base import Connector, Reader
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.sources.queries import connector_of
from tieout.portal.syncs import running, shared, summary, warehouses
from tieout.portal.syncs.lanes import claim_of
from tieout.portal.syncs.models import OPEN_STATES, Fault, Reason, Sync, SyncState
from tieout.portal.syncs.recording import Recorder, now
from tieout.sync import run as engine
from tieout.sync.events import Event, SyncFinished
from tieout.sync.run import Deferred, Options
from tieout.warehouse.base import Outcome, SourceStore

EVERYTHING = Options()
ShouldStop = Callable[[], bool]
StoreOf = Callable[[Source], AbstractContextManager[SourceStore]]
Telling = Callable[[Connector, Reader, SourceStore], Iterator[Event]]


def perform(
    source: Source,
    *,
    options: Options = EVERYTHING,
    reason: str = Reason.COMMAND,
    by: Person | None = None,
    should_stop: ShouldStop | None = None,
    store_of: StoreOf = warehouses.store_of,
) -> Iterator[Event]:
    """Sync a data source here and now, telling what happens as it happens. Ends with SyncFinished and TiedOut.

    Never raises a ConnectorError. Anything else that is raised is a fault of ours, and kept as such before it goes on.
    """
    sync = _begun(source, reason=reason, by=by, full=options.full)
    yield from run(sync, options=options, should_stop=should_stop, store_of=store_of)


def perform_tie_out(
    source: Source, *, reason: str = Reason.CHECK, by: Person | None = None, on: date | None = None
) -> Iterator[Event]:
    """Tie out alone, on what is stored, the ledger at the end of the day `on` too.

    Ends with TiedOut. Never raises a ConnectorError."""
    yield from run_check(_begun(source, reason=Reason.CHECK, by=by, on=on))


def run(
    sync: Sync,
    *,
    options: Options,
    should_stop: ShouldStop | None = None,
    store_of: StoreOf = warehouses.store_of,
) -> Iterator[Event]:
    """Carry out a sync that has its row, into another store than its source's own where one is given."""
    stop = should_stop or running.StopSwitch(sync.pk, lambda: is_cancelled(sync))
    options = replace(options, spool_days=settings.TIEOUT.spool_days)

    def tell(connector: Connector, reader: Reader, store: SourceStore) -> Iterator[Event]:
        return engine.run(connector, reader, store, spool=store.spool, options=options, should_stop=stop)

    yield from _told(sync, tell, store_of)


def run_check(sync: Sync) -> Iterator[Event]:
    """Tie out, for a sync row that asks for nothing else."""
    yield from _told(sync, partial(engine.tie_out, also=[sync.on] if sync.on else []))


def is_cancelled(sync: Sync) -> bool:
    """Whether somebody asked that a sync ends, or its row is gone."""
    row = Sync.objects.filter(pk=sync.pk).values_list("cancel_requested_at", flat=True).first()
    return row is not None or not Sync.objects.filter(pk=sync.pk).exists()


def options_of(sync: Sync) -> Options:
    """How a sync that was asked for in the portal is done: deferred streams are left to their own job."""
    return Options(full=sync.full, skip=frozenset(sync.skip), nightly=sync.nightly, deferred=Deferred.NONE)


def _begun(source: Source, *, reason: str, by: Person | None, full: bool = False, on: date | None = None) -> Sync:
    at = now()
    return Sync.objects.create(
        source=source,
        slot=f"{reason}:{at.isoformat()}",
        reason=reason,
        full=full,
        on=on,
        state=SyncState.RUNNING,
        requested_by=by,
        requested_at=at,
        started_at=at,
    )


def _told(sync: Sync, tell: Telling, store_of: StoreOf = warehouses.store_of) -> Iterator[Event]:
    """Run what tells events and keep each. Whatever happens, the row is closed and the source's summary is right."""
    source = sync.source
    connector = connector_of(source)
    with running.writing(source.pk):
        if not Sync.objects.filter(pk=sync.pk, state__in=OPEN_STATES).exists():
            return  # cancelled, or done by another job, while this one waited for its turn
        recorder = _begin(sync, connector)
        finished: SyncFinished | None = None
        try:
            with _opened(sync, connector, store_of) as (reader, store):
                for event in tell(connector, reader, store):
                    recorder.record(event, reader, store)
                    if isinstance(event, SyncFinished):
                        finished = event
                    yield event
                recorder.catch_up(store)
                summary.rebuild(source, store.summary(), summary.facts_of(connector, store, at=now()))
        except BaseException as error:
            _broke(recorder, error)
            raise
        _end(recorder, finished)
    if finished is not None and store_of is warehouses.store_of and sync.reason != Reason.FILL:
        shared.share(source.workspace)  # a fill comes chunk by chunk; the next sync brings what it brought


@contextmanager
def _opened(sync: Sync, connector: Connector, store_of: StoreOf) -> Iterator[tuple[Reader, SourceStore]]:
    source = sync.source
    with store_of(source) as store:
        reader = connector.open(client_key(source), company=source.organisation_number, claim=claim_of(sync))
        with closing(reader):
            yield reader, store


def _begin(sync: Sync, connector: Connector) -> Recorder:
    at = now()
    sync.state = SyncState.RUNNING
    sync.started_at = sync.started_at or at
    recorder = Recorder(sync, connector)
    if recorder.has_told and sync.reason != Reason.FILL:  # a fill comes back chunk by chunk
        recorder.note("taken_up", at)
    sync.save(update_fields=["state", "started_at"])
    summary.tell_activity(sync.source)
    return recorder


def _end(recorder: Recorder, finished: SyncFinished | None) -> None:
    sync = recorder.sync
    if (
        running.is_ending()
        and finished is not None
        and finished.outcome == Outcome.CANCELLED
        and not is_cancelled(sync)
    ):
        recorder.wait_again()  # the process ends, the sync does not: the next start goes on with it
    elif finished is not None or sync.reason == Reason.CHECK:
        recorder.finish(finished, at=now())
    summary.after(sync, finished)


def _broke(recorder: Recorder, error: BaseException) -> None:
    """A fault of ours, or somebody stopped listening. Its text may hold anything, so only its kind is kept."""
    sync = recorder.sync
    if isinstance(error, GeneratorExit | KeyboardInterrupt):
        recorder.close(SyncState.CANCELLED, at=now())
    else:
        recorder.close(SyncState.FAILED, at=now(), fault=Fault.UNEXPECTED, message=type(error).__name__)
    summary.after(sync, None)
