"""The heat map of the proof page: one cell a month, the latest comparison of the ledger in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tieout.portal.sources.models import Source
from tieout.warehouse.incidents import Incident, IncidentState
from tieout.warehouse.months import LedgerAt

MOST_YEARS = 12
TONES = {"agrees": "ok", "differs": "bad", "could_not_check": "warn", "mended": "wait"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One cell. `outcome` is agrees, differs, could_not_check, mended, before, after, or empty: not compared by itself."""

    first: date
    outcome: str
    at: LedgerAt | None = None
    is_locked: bool = False

    @property
    def tone(self) -> str:
        return TONES.get(self.outcome, "off")


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    months: tuple[Month, ...]


def heat_map(
    source: Source, compared: Iterable[LedgerAt], incidents: Iterable[Incident], *, now: datetime
) -> list[Year]:
    """Years of a source's books, newest first; none before anything was compared."""
    latest = {_first(one.on): one for one in sorted(compared, key=lambda one: one.on)}  # a month's latest date wins
    if not latest:
        return []
    mended = {
        _first(found.month)
        for incident in incidents
        if incident.state is not IncidentState.OPEN
        for found in incident.findings
        if found.month
    }
    since = _day(source.facts.get("books_since")) or min(latest)
    locked = _day(source.facts.get("locked_to"))
    years = range(now.year, max(min(since.year, min(latest).year), now.year - MOST_YEARS + 1) - 1, -1)
    return [
        Year(year, tuple(_month(date(year, number, 1), latest, mended, since, locked, now) for number in range(1, 13)))
        for year in years
    ]


def _month(
    first: date, latest: dict[date, LedgerAt], mended: set[date], since: date, locked: date | None, now: datetime
) -> Month:
    at = latest.get(first)
    is_locked = locked is not None and (next_month(first) - locked).days <= 1
    if at is None:
        is_before = next_month(first) <= _first(since)
        outcome = "after" if first > now.date() else "before" if is_before else ""
    else:
        outcome = "mended" if at.outcome == "agrees" and first in mended else at.outcome
    return Month(first=first, outcome=outcome, at=at, is_locked=is_locked)


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _first(day: date) -> date:
    return day.replace(day=1)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
