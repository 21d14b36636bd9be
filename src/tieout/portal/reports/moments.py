"""Moments that reports can be looked at beside now: stamps by name, and any sync that has ended by its number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tieout.config import Settings
from tieout.portal.reports.companies import allowed
from tieout.portal.reports.reading import Ask, asking
from tieout.portal.stamps.models import Stamp
from tieout.portal.templatetags.marks import exact
from tieout.portal.workspaces.queries import workspace_of

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The end of a sync. `name` is that of the stamps made then, empty for none."""

    sync: int
    at: datetime
    name: str = ""
    companies: str = ""  # whose stamps

    @property
    def title(self) -> str:
        """What it is called and when it was."""
        name = self.name or _("sync %(n)s") % {"n": self.sync}
        return f"{name}, {exact(self.at)}"


def moment_of(request: HttpRequest, companies: Collection[str]) -> Moment | None:
    """The moment that an address asks for; None: now. `companies` are those whose figures will be shown.

    Raises Http404 for what is no ended sync of a company seen here, and for one of which not all is kept any more.
    """
    text = request.GET.get("as_of", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    sync, seen = int(text), list(allowed(request))
    with asking(workspace_of(request)) as ask:
        ended = ask("syncs_ended", syncs=[sync], companies=seen) if ask else []
        named = stamped(ask, seen) if ask else []
    if not ended or not _is_kept(sync, ended[0]["at"], companies):
        raise Http404
    return next((one for one in named if one.sync == sync), Moment(sync=sync, at=ended[0]["at"]))


def _is_kept(sync: int, at: datetime, companies: Collection[str]) -> bool:
    """Whether all rows of then are still there: earlier versions of rows are kept for some years, or since a stamp."""
    kept: Settings = settings.TIEOUT
    if at >= datetime.now(UTC) - timedelta(days=kept.history_years * DAYS_A_YEAR):
        return True
    stamps = Stamp.objects.filter(source__in=[UUID(one) for one in companies], sync__lte=sync)
    return stamps.order_by().values("source").distinct().count() == len(companies)


def stamped(ask: Ask, companies: Collection[str]) -> list[Moment]:
    """The moments at which these companies were stamped, newest first; one with several stamps bears all their names.

    A warehouse that was made anew counts its syncs anew: only stamps whose sync ended when they say are of this one.
    """
    stamps = Stamp.objects.filter(source__in=[UUID(one) for one in companies]).select_related("source")
    found = sorted(stamps.order_by("name"), key=attrgetter("sync"), reverse=True)
    ended = {
        row["sync"]: row["at"]
        for row in ask("syncs_ended", syncs=[one.sync for one in found], companies=list(companies))
    }
    here = [one for one in found if ended.get(one.sync) == one.as_of]
    return [
        Moment(
            sync=sync,
            at=ended[sync],
            name=", ".join(dict.fromkeys(one.name for one in those)),
            companies=", ".join(dict.fromkeys(one.source.name for one in those)),
        )
        for sync, group in groupby(here, key=attrgetter("sync"))
        for those in [list(group)]
    ]


def offered(request: HttpRequest, companies: Collection[str], chosen: Moment | None) -> list[Moment]:
    """What a form offers: the stamps of these companies, and what is chosen whether it is one of them or not."""
    with asking(workspace_of(request)) as ask:
        found = stamped(ask, companies) if ask else []
    return [chosen, *found] if chosen and chosen.sync not in {one.sync for one in found} else found
