"""What can be asked of the audit log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from tieout.portal.audits.models import Entry, EntryQuerySet
from tieout.portal.audits.words import GROUPS
from tieout.portal.workspaces.models import Workspace

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)  # days far outside any log: those of other years have no instant


def entries_of(
    workspace: Workspace, *, group: str = "", who: str = "", since: date | None = None, until: date | None = None
) -> EntryQuerySet:
    """Entries of a workspace, newest first. Days are whole ones of the zone that is active; `until` is included."""
    rows = Entry.objects.in_workspace(workspace)
    if group in GROUPS:
        rows = rows.filter(reduce(or_, (Q(kind__startswith=one) for one in GROUPS[group].beginnings)))
    if who:
        rows = rows.filter(who=who)
    if since:
        rows = rows.filter(at__gte=_midnight(max(since, EARLIEST)))
    if until:
        rows = rows.filter(at__lt=_midnight(min(max(until, EARLIEST), LATEST) + timedelta(days=1)))
    return rows


def people_in(workspace: Workspace) -> list[str]:
    """Everybody who stands in the log, by name."""
    return sorted(set(Entry.objects.in_workspace(workspace).exclude(who="").order_by().values_list("who", flat=True)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
