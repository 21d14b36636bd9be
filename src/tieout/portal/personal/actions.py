"""What may happen to personal data: chosen by people, erased by the clock.

A choice is kept first and carried out then; carrying it out can be done again after a cut at any point.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tieout.catalog import Choice, Personal
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Source
from tieout.portal.sources.queries import choices_of, connector_of
from tieout.portal.syncs import running, shared, warehouses
from tieout.portal.syncs.actions import cancel_sync, request_sync
from tieout.portal.syncs.models import Reason
from tieout.portal.upkeep.unfinished import finish
from tieout.portal.workspaces.actions import tell
from tieout.warehouse.base import WarehouseError

log = logging.getLogger(__name__)


def choose(source: Source, choices: Mapping[Personal, Choice], *, by: Person) -> None:
    """Keep what a source is to do with each kind of personal data, do it to what is stored, and sync.

    Raises BusyError where somebody else has the warehouse: the choice holds for all that comes, and the next start of the
    server does it to what is stored.
    """
    before = choices_of(source)
    changed = {kind: [before[kind], choice] for kind, choice in choices.items() if before[kind] is not choice}
    if not changed:
        return
    wanted = [kind for kind, (old, _) in changed.items() if old is Choice.NOT_FETCHED]
    with transaction.atomic():
        source.personal = {kind.value: choice.value for kind, choice in (before | dict(choices)).items()}
        source.to_rearrange = [*(source.to_rearrange or ()), *(kind.value for kind in wanted)]
        source.save(update_fields=["personal", "to_rearrange"])
        facts = {kind.value: [old.value, new.value] for kind, (old, new) in changed.items()}
        tell(source.workspace, "personal_data_chosen", person=by, source=source, **facts)
    cancel_sync(source, by)
    rearrange(source)
    if not source.is_paused and source.approval_state == ApprovalState.APPROVED:
        request_sync(source, reason=Reason.PERSON, by=by)


def finish_choices() -> int:
    """Carry out choices that a stopped process left; returns how many. For the holder of TIEOUT_HOME."""
    return finish(list(Source.objects.exclude(to_rearrange=None).select_related("workspace")), rearrange)


def rearrange(source: Source) -> None:
    """Make what is stored as it was chosen: rows, versions, copies, kept answers, spool. Raises BusyError."""
    with running.writing(source.pk):
        if warehouses.exists(source.workspace):
            _rearrange_stored(source)
        warehouses.drop_spool(source)
        source.to_rearrange = None
        source.save(update_fields=["to_rearrange"])
    shared.share(source.workspace)


def _rearrange_stored(source: Source) -> None:
    streams = connector_of(source).streams
    wanted = {Personal(kind) for kind in source.to_rearrange or ()}
    with warehouses.opened(source.workspace) as warehouse:
        store = warehouse.source(str(source.pk), connector=source.connector)
        store.prepare(streams)
        store.rearrange(streams)
        for stream in streams:
            if any(column.mark and column.mark.kind in wanted for column in stream.columns):
                store.forget_cursors(stream.name)  # what was never asked for is read from the beginning
        shutil.rmtree(warehouse.exports, ignore_errors=True)


def erase_gone_contacts(*, now: datetime) -> int:
    """Erase what is personal of contacts that the systems removed long enough ago; returns how many contacts that were."""
    before = now - timedelta(days=settings.TIEOUT.contact_days)
    erased = 0
    # Every workspace's, and data sources too that were removed and whose rows were kept.
    for source in Source.objects.filter(is_to_be_deleted=False).select_related("workspace"):
        if warehouses.exists(source.workspace):
            try:
                erased += _erase(source, before, now)
            except WarehouseError as error:  # one that can't be opened must not keep the others from it
                log.warning("Gone contacts of data source %s were left: %s", source.pk, error)
    return erased


def _erase(source: Source, before: datetime, now: datetime) -> int:
    streams = connector_of(source).streams
    with running.writing(source.pk), warehouses.opened(source.workspace) as warehouse:
        if str(source.pk) not in warehouse.source_ids():
            return 0
        store = warehouse.source(str(source.pk), connector=source.connector)
        store.prepare(streams)
        erased = store.erase_contacts(streams, before=before, at=now)
        if erased:
            shutil.rmtree(warehouse.exports, ignore_errors=True)
    if erased:
        warehouses.drop_spool(source)
        shared.share(source.workspace)
    return erased
