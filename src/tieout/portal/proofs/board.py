"""The close board: every company of a workspace at a glance, worst first, from the summary that each sync leaves.

Three queries, whatever the number of companies: no warehouse is opened and no event is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from django.core.paginator import Page, Paginator

from tieout.portal.groups.queries import Choice, choice_of
from tieout.portal.people.models import Person
from tieout.portal.proofs.months import next_month
from tieout.portal.sources.health import Freshness, Health, freshness, health
from tieout.portal.sources.models import Source
from tieout.portal.syncs.tie_outs import TONES
from tieout.portal.workspaces.models import Workspace
from tieout.sync.books import FIRST_DAY, LAST_DAY

ROWS_A_PAGE = 100
KINDS = ("ledger", "customers", "suppliers", "vouchers")


class Readiness(IntEnum):
    """Worst first: the order of the board."""

    NEEDS_YOU = 0
    NOT_READY = 1
    READY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kind of check of a company's newest tie-out. `outcome` is empty where none was made yet."""

    kind: str
    outcome: str = ""
    compared: int = 0
    differing: int = 0

    @property
    def tone(self) -> str:
        return TONES.get(self.outcome, "off")

    @property
    def is_in_order(self) -> bool:
        return self.outcome in ("agrees", "not_applicable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    source: Source
    cells: tuple[Cell, ...]
    locked_to: date | None
    is_locked: bool  # to the end of the month that is being closed
    health: Health
    freshness: Freshness

    @property
    def standing(self) -> Health | Freshness:
        """How old the figures are, unless somebody must act or has stopped them."""
        return self.freshness if self.health in (Health.HEALTHY, Health.NEEDS_ATTENTION) else self.health

    @property
    def readiness(self) -> Readiness:
        if self.health is Health.ACTION_REQUIRED or self.source.verdict == "not_proved":
            return Readiness.NEEDS_YOU
        in_order = self.source.verdict == "proved" and all(cell.is_in_order for cell in self.cells)
        is_ready = in_order and self.is_locked and self.freshness is Freshness.FRESH and self.health is Health.HEALTHY
        return Readiness.READY if is_ready else Readiness.NOT_READY


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the page shows. Counts are of all companies of the group and person chosen, whatever is searched for."""

    page: Page[Row]
    rows: list[Row]  # on all pages
    choice: Choice
    month: date
    search: str
    needs_you: int
    not_ready: int
    ready: int


def board_of(
    workspace: Workspace, asked: Mapping[str, str], *, person: Person | None = None, now: datetime | None = None
) -> Board:
    """The board as an address asks for it: `group`, `whose`, `q`, `month` (YYYY-MM; else the last whole one), `page`."""
    now = now or datetime.now(UTC)
    month, search = _month(asked.get("month", ""), now), asked.get("q", "").strip()
    choice = choice_of(workspace, asked, person=person)
    sources = choice.narrow(Source.objects.in_workspace(workspace).select_related("responsible"))
    rows = [_row(source, month, now) for source in sources]
    counts = Counter(row.readiness for row in rows)
    shown = sorted((row for row in rows if _matches(row.source, search)), key=_gravity)
    return Board(
        choice=choice,
        page=Paginator(shown, ROWS_A_PAGE).get_page(asked.get("page")),
        rows=shown,
        month=month,
        search=search,
        needs_you=counts[Readiness.NEEDS_YOU],
        not_ready=counts[Readiness.NOT_READY],
        ready=counts[Readiness.READY],
    )


def _row(source: Source, month: date, now: datetime) -> Row:
    made = source.verdict_note.get("checks", {})
    locked = source.facts.get("locked_to")
    locked_to = date.fromisoformat(locked) if locked else None
    return Row(
        source=source,
        cells=tuple(Cell(kind=kind, **made.get(kind, {})) for kind in KINDS),
        locked_to=locked_to,
        is_locked=locked_to is not None and locked_to >= next_month(month) - timedelta(days=1),
        health=health(source, now=now),
        freshness=freshness(source, now=now),
    )


def _gravity(row: Row) -> tuple[int, int, int, str]:
    differing = sum(cell.differing for cell in row.cells)
    return row.readiness, list(Health).index(row.health), -differing, row.source.name.casefold().replace("å", "\u00f9")


def _matches(source: Source, search: str) -> bool:
    digits = "".join(search.split())
    by_number = digits.isdigit() and digits in source.organisation_number
    named = f"{source.name}\n{source.responsible or ''}".casefold()
    return search.casefold() in named or by_number


def _month(text: str, now: datetime) -> date:
    """The first day of the month that is being closed; the last whole one where no book can reach the month asked for."""
    last = (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        asked = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return last
    return asked if FIRST_DAY < asked <= LAST_DAY.replace(day=1) else last
