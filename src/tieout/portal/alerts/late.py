"""What a sync did to figures that were reported or locked before it, as news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tieout.portal.alerts.found import Found, of_source
from tieout.portal.alerts.models import Kind
from tieout.portal.sources.models import Source
from tieout.portal.stamps.late import Late, late_changes
from tieout.portal.syncs import warehouses

FRESH = timedelta(days=1)  # what is older was told
LOOKED_AT = 12


def late_news(source: Source, *, now: datetime) -> Iterator[Found]:
    """News of the source's syncs of late, also of those that a command made; the same each time it is asked. Raises BusyError."""
    if not warehouses.exists(source.workspace):
        return
    with warehouses.store_of(source) as store:
        lately = [record for record in store.syncs(limit=LOOKED_AT) if record.started_at >= now - FRESH]
    for record in lately:
        for late in late_changes(source, sync=record.id):
            yield _of(source, late, record.id, now)


def _of(source: Source, late: Late, sync: int, now: datetime) -> Found:
    kind = Kind.STAMPED_CHANGED if late.stamp else Kind.LOCKED_CHANGED
    name = late.stamp.name if late.stamp else ""
    found = of_source(kind, source, since=now, name=name, up_to=late.up_to.isoformat(), vouchers=late.in_all)
    about = late.stamp.pk if late.stamp else late.up_to
    return Found(
        kind=kind,
        key=f"{found.key}:{about}:{sync}",
        since=now,
        workspace=found.workspace,
        source=source,
        facts=found.facts,
    )
