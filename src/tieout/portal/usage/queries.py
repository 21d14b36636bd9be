"""Requests under a key that several workspaces share: one's own data sources by name, all others as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from tieout.connectors.base import Priority, SharesLimit, Used
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOUR_SECONDS, DAY_SECONDS = 3600, 86_400


@dataclass(slots=True, kw_only=True)
class Row:
    """Requests of one data source, or of what has none. `of_day` is by priority."""

    name: str
    source: Source | None = None
    hour: int = 0
    day: int = 0
    refused: int = 0
    of_day: Counter[Priority] = field(default_factory=Counter)

    @property
    def kinds(self) -> tuple[int, int, int, int]:
        """Of the last day: asked for by people, by the clock, first syncs and nights, filling in."""
        return tuple(self.of_day[priority] for priority in Priority)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """Requests of all in one hour of the clock."""

    began: datetime
    requests: int
    refused: int
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """One system's limit and what was used of it. Shares are percentages of what the vendor allows."""

    title: str
    per_second: Decimal
    hour: int
    hour_share: Decimal
    day: int
    day_share: Decimal
    refused: int
    rows: tuple[Row, ...]  # most requests first
    hours: tuple[Hour, ...]  # of the last day, newest first


def usage_of(workspace: Workspace, *, now: datetime) -> list[Limited]:
    """What was used of each system's limit in the last hour and day."""
    shared = [one for one in settings.CONNECTORS.values() if isinstance(one, SharesLimit)]
    return [_limited(connector, workspace, now) for connector in shared]


def _limited(connector: SharesLimit, workspace: Workspace, now: datetime) -> Limited:
    last_hour, last_day = connector.used(now - HOUR), connector.used(now - DAY)
    hour, day = _sum(last_hour), _sum(last_day)
    return Limited(
        title=connector.title,
        per_second=Decimal(str(connector.requests_per_second)),
        hour=hour,
        hour_share=_share(hour, connector, HOUR_SECONDS),
        day=day,
        day_share=_share(day, connector, DAY_SECONDS),
        refused=sum(one.refused for one in last_day),
        rows=_rows(workspace, last_hour, last_day),
        hours=_hours(connector, last_day),
    )


def _rows(workspace: Workspace, last_hour: list[Used], last_day: list[Used]) -> tuple[Row, ...]:
    sources = {str(source.pk): source for source in Source.objects.in_workspace(workspace)}
    rows: dict[str, Row] = {}
    for used in last_day:
        row = _row_of(used, sources, rows)
        row.day += used.requests
        row.refused += used.refused
        row.of_day[used.claim.priority] += used.requests
    for used in last_hour:
        _row_of(used, sources, rows).hour += used.requests
    return tuple(sorted(rows.values(), key=lambda row: (-row.day, row.name)))


def _row_of(used: Used, sources: dict[str, Source], rows: dict[str, Row]) -> Row:
    source = sources.get(used.claim.who)
    if source is not None:
        return rows.setdefault(used.claim.who, Row(name=source.name, source=source))
    # Other workspaces' companies are nobody's business here: they are one row without a name.
    elsewhere = bool(used.claim.who)
    name = _("Elsewhere in this installation") if elsewhere else _("Approvals and checks of keys")
    return rows.setdefault("elsewhere" if elsewhere else "", Row(name=name))


def _hours(connector: SharesLimit, last_day: Iterable[Used]) -> tuple[Hour, ...]:
    requests, refused = Counter[datetime](), Counter[datetime]()
    for used in last_day:
        requests[used.hour] += used.requests
        refused[used.hour] += used.refused
    return tuple(
        Hour(
            began=began,
            requests=requests[began],
            refused=refused[began],
            share=_share(requests[began], connector, HOUR_SECONDS),
        )
        for began in sorted(requests, reverse=True)
    )


def _sum(some: Iterable[Used]) -> int:
    return sum(one.requests for one in some)


def _share(requests: int, connector: SharesLimit, seconds: int) -> Decimal:
    """A percentage with one decimal."""
    allowed = Decimal(str(connector.requests_per_second)) * seconds
    return round(100 * requests / allowed, 1)
