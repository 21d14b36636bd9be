"""Stamping a date: the figures of the last sync that had ended are kept, whatever a running one brings meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tieout import reports
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.stamps.figures import as_the_mart_says, stored, year_start_of
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.vouchers.reading import asker
from tieout.portal.workspaces.actions import tell
from tieout.warehouse.snapshot import as_it_was

ENDED = """
select max(id) as sync, max(finished_at) as at,
       bool_or(kind = 'sync' and outcome = 'succeeded') as is_whole
from tieout.syncs where source_id = ? and finished_at is not null
"""
VERDICT = "select verdict from core.companies where company_id = ?"
ASKED = "core.companies core.postings core.accounts marts.trial_balance"  # what a stamp reads


class StampError(Exception):
    """A stamp that can't be made. `str(error)` is a sentence for people; nothing was stored."""


def stamp(source: Source, *, name: str, on: date, by: Person | None = None) -> Stamp:
    """Keep what the books say at the end of a day. Raises StampError, BusyError."""
    name = name.strip()
    if not name or len(name) > 100:
        raise StampError(_("A stamp needs a name of at most 100 characters."))
    if Stamp.objects.filter(source=source, name=name).exists():
        raise StampError(
            _("There is a stamp %(name)s already; a stamp is never changed. Choose another name.") % {"name": name}
        )
    made = _with_figures(source, Stamp(source=source, name=name, on=on, made_at=datetime.now(UTC), made_by=by))
    try:
        with transaction.atomic():
            made.save()
            tell(source.workspace, "stamped", person=by, source=source, name=name, on=on.isoformat())
    except IntegrityError as error:
        raise StampError(_("There is a stamp of this name already.")) from error
    return made


def _with_figures(source: Source, made: Stamp) -> Stamp:
    company = str(source.pk)
    if not warehouses.exists(source.workspace):
        raise StampError(_not_whole())
    with warehouses.opened(source.workspace) as warehouse, warehouse.connection() as connection:
        ask = asker(connection)
        ended = ask(ENDED, company)[0]
        if not ended["is_whole"]:
            raise StampError(_not_whole())
        made.sync, made.as_of = ended["sync"], ended["at"]
        with as_it_was(connection, made.sync, views_of=reports.views, asked=ASKED):
            verdicts = ask(VERDICT, company)
            if not verdicts:
                raise StampError(_("No report can be made of this system's books, so there is nothing to stamp."))
            made.verdict = verdicts[0]["verdict"] or ""
            made.year_start = year_start_of(ask, company, made.on)
            made.figures = stored(as_the_mart_says(ask, company, made.on, made.year_start))
    return made


def _not_whole() -> str:
    return _("The first sync has not ended well yet, so figures would be incomplete. Stamp when it has.")
