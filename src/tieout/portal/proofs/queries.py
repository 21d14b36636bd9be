"""What pages of the proof ask of a data source's warehouse."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.syncs.models import Balances, Event, Sync
from tieout.portal.syncs.words import CONVENTIONS, sentence
from tieout.warehouse.asides import PerDimension, days_asked_for, per_dimension
from tieout.warehouse.base import BusyError
from tieout.warehouse.incidents import Incident
from tieout.warehouse.months import LedgerAt, ledger_by_date

INCIDENTS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Earlier tie-outs of one source. Not `is_known` while another process has the warehouse open."""

    is_known: bool
    incidents: tuple[Incident, ...] = ()
    ledger: tuple[LedgerAt, ...] = ()
    dimensions: tuple[PerDimension, ...] = ()
    days: tuple[LedgerAt, ...] = ()  # that somebody asked for, newest first
    convention: tuple[str, ...] = ()  # sentences


def past_of(source: Source) -> Past:
    """Incidents, newest first, and every date at which the ledger was compared."""
    if not warehouses.exists(source.workspace):
        return Past(is_known=True)
    try:
        with warehouses.opened(source.workspace) as warehouse:
            store = warehouse.source(str(source.pk), connector=source.connector)
            incidents = tuple(store.incidents(limit=INCIDENTS_SHOWN))
            ledger = tuple(ledger_by_date(warehouse, str(source.pk)))
            dimensions = tuple(per_dimension(warehouse, str(source.pk)))
            days = tuple(days_asked_for(warehouse, str(source.pk)))
    except BusyError:
        return Past(is_known=False)
    return Past(
        is_known=True,
        incidents=incidents,
        ledger=ledger,
        dimensions=dimensions,
        days=days,
        convention=_convention(source),
    )


def tie_outs_told(source: Source) -> QuerySet[Event]:
    """Every tie-out of a source that is kept, as its sync told it."""
    syncs = Sync.objects.filter(source=source)
    return Event.objects.filter(sync__in=syncs, code="tie_out")


def _convention(source: Source) -> tuple[str, ...]:
    """How the source forms its trial balance, as the newest tie-out met it."""
    told = tie_outs_told(source).order_by("-at", "-pk").first()
    code = (told.facts.get("convention") or "") if told else ""
    found = []
    for part in filter(None, code.split(",")):
        name, _, account = part.partition(" ")
        found.append(sentence(CONVENTIONS, name, {"account": account}))
    return tuple(found)


def account_names(source: Source) -> dict[int, str]:
    """What accounts are called, as kept with the newest tie-out's balances."""
    kept = Balances.objects.filter(source=source).first()
    return {int(number): name for number, name, *_ in kept.rows} if kept else {}
