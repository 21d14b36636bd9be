"""The list of data sources: one row each, waiting approval links too; filtered, searched, sorted, in pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Page
from django.urls import NoReverseMatch, reverse

from tieout.portal.sources.health import Freshness, Health
from tieout.portal.sources.models import Source

ROWS_A_PAGE = 50
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list: a data source, or an approval link that somebody has still to use."""

    name: str
    organisation_number: str
    health: Health
    source: Source | None = None
    freshness: Freshness | None = None
    link: Any = None  # an ApprovalLink: what the app `approvals` calls waiting

    @property
    def url(self) -> str:
        """The page behind the row: a source's overview, or the approval links."""
        try:
            return reverse("syncs:overview", args=[self.source.pk]) if self.source else reverse("approvals:links")
        except NoReverseMatch:
            return reverse("sources:settings", args=[self.source.pk]) if self.source else "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What the page shows, and what its filters count."""

    page: Page[Row]
    filters: list[tuple[str, str, int]]  # health or "", word, count
    chosen: str
    query: str
    sort: str
    is_empty: bool  # the workspace has nothing at all
    is_calm: bool  # everything is healthy and proved
    newest: datetime | None = None
    counts: Counter[str] = field(default_factory=Counter)
