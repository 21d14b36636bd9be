"""What may happen to layouts and budgets: all of an upload is taken, or nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import uuid4

from django.utils.translation import gettext as _

from tieout.portal.people.models import Person
from tieout.portal.planning import queries
from tieout.portal.reports.reading import asking
from tieout.portal.sources.models import Source
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Workspace
from tieout.reports.budget import amounts_of
from tieout.reports.layout import lines_of
from tieout.reports.uploaded import Problem, Row, UploadError
from tieout.warehouse import budgets, layouts
from tieout.warehouse.layouts import Layout


def make_layout(
    workspace: Workspace, name: str, rows: Sequence[Row] | None, *, companies: Sequence[str], by: Person
) -> Layout:
    """Make a layout of a table's rows, or of the lines of the Act with these companies' accounts where there are none.

    Raises UploadError, and ValueError for a name that is taken.
    """
    if rows is None:
        with asking(workspace) as ask:
            lines = queries.norwegian(ask, companies) if ask else ()
    else:
        lines = lines_of(rows)
    made = Layout(id=str(uuid4()), name=_free(workspace, name), changed_at=datetime.now(UTC), lines=lines)
    with warehouses.opened(workspace) as warehouse:
        layouts.keep_layout(warehouse, made)
    tell(workspace, "layout_made", person=by, layout=made.name, lines=len(lines))
    return made


def change_layout(workspace: Workspace, layout: Layout, name: str, rows: Sequence[Row], *, by: Person) -> None:
    """Put a table's rows in place of a layout's lines. Raises UploadError, and ValueError for a name that is taken."""
    if not rows:
        raise UploadError([Problem(row=0, kind="no_rows")])
    lines = lines_of(rows)
    changed = Layout(
        id=layout.id, name=_free(workspace, name, but=layout.id), changed_at=datetime.now(UTC), lines=lines
    )
    with warehouses.opened(workspace) as warehouse:
        layouts.keep_layout(warehouse, changed)
    tell(workspace, "layout_changed", person=by, layout=changed.name, lines=len(lines))


def remove_layout(workspace: Workspace, layout: Layout, *, by: Person) -> None:
    """Take a layout away. Reports in it are shown after the Act from then on."""
    with warehouses.opened(workspace) as warehouse:
        layouts.drop_layout(warehouse, layout.id)
    tell(workspace, "layout_removed", person=by, layout=layout.name)


def _free(workspace: Workspace, name: str, *, but: str = "") -> str:
    name = " ".join(name.split())
    if any(one.name.casefold() == name.casefold() and one.id != but for one in queries.layouts_of(workspace)):
        raise ValueError(_("There are report lines called %(name)s already.") % {"name": name})
    return name


def give_budget(source: Source, rows: Sequence[Row], *, in_ledger_sign: bool, by: Person) -> list[int]:
    """Put a table's amounts in place of a company's budget for the fiscal years that they lie in; those years.

    Raises UploadError, also where the company has no chart of accounts yet.
    """
    company = str(source.pk)
    with asking(source.workspace) as ask:
        found = ask("companies", companies=[company]) if ask else []
        if ask is None or not found:
            raise UploadError([Problem(row=0, kind="not_synced")])
        amounts = amounts_of(rows, queries.known(ask, company), in_ledger_sign=in_ledger_sign)
    end = found[0]["fiscal_year_end_month"]
    years = sorted({queries.year_of(one.month, end) for one in amounts})
    if not years:
        raise UploadError([Problem(row=0, kind="no_amounts")])
    at = datetime.now(UTC)
    with warehouses.opened(source.workspace) as warehouse:
        for year in years:
            first, last = queries.year_span(year, end)
            mine = [one for one in amounts if first <= one.month <= last]
            budgets.keep_budget(warehouse, company, mine, first=first, last=last, at=at)
    tell(
        source.workspace,
        "budget_given",
        person=by,
        source=source,
        years=", ".join(map(str, years)),
        amounts=len(amounts),
    )
    return years


def remove_budget(source: Source, first: date, last: date, year: int, *, by: Person) -> None:
    """Take the budget of a company's fiscal year away, from its first month to its last."""
    with warehouses.opened(source.workspace) as warehouse:
        budgets.keep_budget(warehouse, str(source.pk), (), first=first, last=last, at=datetime.now(UTC))
    tell(source.workspace, "budget_removed", person=by, source=source, year=year)
