"""The list of data sources: one row each, and one for each approval still on its way; filtered, searched, sorted, in pages.

Health is worked out in Python, not in SQL: a workspace has hundreds of sources, and one reading of the rule is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tieout.portal.approvals.models import ApprovalLink, Candidate
from tieout.portal.approvals.queries import being_checked, open_links
from tieout.portal.approvals.several import left_of
from tieout.portal.groups.queries import Choice, choice_of
from tieout.portal.people.models import Person
from tieout.portal.sources.health import Freshness, Health, freshness, health, standing
from tieout.portal.sources.models import Source, Verdict
from tieout.portal.workspaces.models import Workspace

ROWS_A_PAGE = 50
NEVER = datetime.min.replace(tzinfo=UTC)
FAR_OFF = datetime.max.replace(tzinfo=UTC)
GRAVITY = list(Health)
PROOF_GRAVITY = [Verdict.NOT_PROVED, Verdict.COULD_NOT_CHECK, Verdict.PARTLY, "", Verdict.PROVED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list: a data source, or what may become one: an open approval link, an approval being checked."""

    name: str
    organisation_number: str
    health: Health
    source: Source | None = None
    freshness: Freshness | None = None
    link: ApprovalLink | None = None
    is_checked: bool = False  # approved; the key is not proved yet

    @property
    def standing(self) -> Health | Freshness:
        """What its status says."""
        return standing(self.health, self.freshness) if self.freshness else self.health


@dataclass(frozen=True, slots=True)
class Filter:
    """One entry of the strip: a health (empty: all), its word, how many."""

    value: str
    word: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the page shows. `is_empty`: the workspace has nothing at all. `is_calm`: everything is fresh and proved."""

    page: Page[Row]
    matching: list[Source]  # what the filters let through, on all pages
    choice: Choice
    filters: list[Filter]
    chosen: str
    search: str
    sort: str
    is_empty: bool
    is_calm: bool
    sources: int
    newest: datetime | None
    rows_last_day: int
    waiting_links: int
    is_live: bool  # something runs or waits: the page follows it


def _proof(row: Row) -> int:
    return PROOF_GRAVITY.index(row.source.verdict if row.source else "")


# What a column sorts by. Ties go by name; a sort that begins with "-" is the other way round.
SORTS: dict[str, Callable[[Row], Any]] = {
    "company": lambda row: 0,
    "status": lambda row: GRAVITY.index(row.health),
    "proof": _proof,
    "last": lambda row: (row.source and row.source.last_complete_at) or NEVER,
    "next": lambda row: (row.source and row.source.next_sync_at) or FAR_OFF,
    "rows": lambda row: row.source.rows_last_day if row.source else 0,
}
DEFAULT_SORT = "status"


def listing_of(
    workspace: Workspace, asked: Mapping[str, str], *, person: Person | None = None, now: datetime | None = None
) -> Listing:
    """The list as an address asks for it: `group`, `whose`, `status`, `q`, `sort`, `page`. What it doesn't know, it ignores."""
    now = now or datetime.now(UTC)
    links = list(open_links(workspace, now=now))
    choice = choice_of(workspace, asked, person=person)
    rows = _rows(workspace, links, choice, now)
    chosen = asked.get("status", "") if asked.get("status") in Health.values else ""
    sort = asked.get("sort", "") if asked.get("sort", "").removeprefix("-") in SORTS else DEFAULT_SORT
    search = asked.get("q", "").strip()
    shown = [row for row in rows if (not chosen or row.health == chosen) and _matches(row, search)]
    sources = [row.source for row in rows if row.source]
    return Listing(
        matching=[row.source for row in shown if row.source],
        choice=choice,
        page=Paginator(_sorted(shown, sort), ROWS_A_PAGE).get_page(asked.get("page")),
        filters=_filters(rows),
        chosen=chosen,
        search=search,
        sort=sort,
        is_empty=not rows and not choice.is_made,
        is_calm=bool(sources) and all(_is_calm(row) for row in rows),
        sources=len(sources),
        newest=max((source.last_complete_at for source in sources if source.last_complete_at), default=None),
        rows_last_day=sum(source.rows_last_day for source in sources),
        waiting_links=len(links),
        is_live=any(source.activity for source in sources) or len(sources) < len(rows),
    )


def _rows(workspace: Workspace, links: list[ApprovalLink], choice: Choice, now: datetime) -> list[Row]:
    """A renewal has no row of its own: its data source stands in the list already. What waits is in no group, and nobody's."""
    every = Source.objects.in_workspace(workspace).select_related("paused_by", "responsible")
    sources = choice.narrow(every.prefetch_related("groups") if choice.groups else every)
    if choice.is_made:
        return [_source_row(source, now) for source in sources]
    checking = [one for one in being_checked(workspace) if not one.session.source_id]
    links_at_work = {one.session.link_id for one in checking}
    waiting = [one for one in links if not one.source_id and (one.companies or one.pk not in links_at_work)]
    return [
        *(_source_row(source, now) for source in sources),
        *(_candidate_row(candidate) for candidate in checking),
        *(_link_row(link) for link in waiting),
    ]


def _source_row(source: Source, now: datetime) -> Row:
    return Row(
        name=source.name,
        organisation_number=source.organisation_number,
        health=health(source, now=now),
        freshness=freshness(source, now=now),
        source=source,
    )


def _link_row(link: ApprovalLink) -> Row:
    several = len(left_of(link)) if link.companies else 0
    named = ngettext("%(n)s company", "%(n)s companies", several) % {"n": several} if several else ""
    name = link.company_name or named or _("Company not known yet")
    return Row(name=name, organisation_number=link.organisation_number, health=Health.WAITING, link=link)


def _candidate_row(candidate: Candidate) -> Row:
    name = candidate.company_name or _("Company not known yet")
    number = candidate.organisation_number
    return Row(
        name=name, organisation_number=number, health=Health.WAITING, link=candidate.session.link, is_checked=True
    )


def _matches(row: Row, search: str) -> bool:
    plain = search.casefold()
    digits = "".join(search.split())
    asked = f"{row.link.recipient_name} {row.link.recipient_email}" if row.link else ""
    responsible = str(row.source.responsible) if row.source and row.source.responsible else ""
    return any(plain in text.casefold() for text in (row.name, asked, responsible)) or (
        digits.isdigit() and digits in row.organisation_number
    )


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    backwards = sort.startswith("-")
    by_name = sorted(rows, key=lambda row: _alphabetical(row.name), reverse=sort == "-company")
    return sorted(by_name, key=SORTS[sort.removeprefix("-")], reverse=backwards)


def _alphabetical(name: str) -> str:
    # In Unicode å comes before æ and ø; in Norwegian it is the last letter.
    return name.casefold().replace("å", "\u00f9")


def _filters(rows: list[Row]) -> list[Filter]:
    """All, then the healths in order of gravity; those that nothing has are left out, *Healthy* never."""
    counts = Counter(row.health for row in rows)
    some = [Filter(one, str(one.label), counts[one]) for one in Health if counts[one] or one == Health.HEALTHY]
    return [Filter("", _("All"), len(rows)), *some]


def _is_calm(row: Row) -> bool:
    fresh = row.health == Health.HEALTHY and row.freshness == Freshness.FRESH
    return fresh and row.source is not None and row.source.verdict == Verdict.PROVED
