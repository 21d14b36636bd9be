"""Questions to begin with, and which tables and columns there are to ask about."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.reports.models import views
from tieout.warehouse import browse

EXAMPLES = (
    (
        _("Result by month"),
        "select month, company, sum(-movement) as result\nfrom marts.trial_balance\n"
        "where account_type in ('income', 'expense')\ngroup by all\norder by company, month",
    ),
    (
        _("Ten customers by revenue"),
        "select customer, sum(revenue) as revenue, sum(gross_margin) as gross_margin\nfrom marts.revenue_by_customer\n"
        "group by customer\norder by revenue desc\nlimit 10",
    ),
    (
        _("Vouchers that don’t balance"),
        "select company_id, voucher_no, sum(amount) as difference\nfrom core.postings\ngroup by all\n"
        "having sum(amount) <> 0\norder by all",
    ),
    (_("How the data stand"), "select *\nfrom tieout.data_status"),
)


@dataclass(frozen=True, slots=True)
class Described:
    """A table as the list beside the editor shows it: columns with name, type and what they hold."""

    title: str
    description: str
    columns: tuple[tuple[str, str, str], ...]


def tables(workspace: Workspace) -> list[tuple[str, list[Described]]]:
    """Every table by schema, the models of the books first; none before the first sync."""
    if not warehouses.exists(workspace):
        return []
    with warehouses.opened(workspace) as warehouse, warehouse.connection() as connection:
        found = browse.catalog(connection)
    told = {(one.schema, one.name): one for one in views(tuple(settings.CONNECTORS)) if not one.parameters}
    listed = []
    for (schema, name), columns in sorted(found.items(), key=lambda one: (one[0][0] not in browse.MODELS, one[0])):
        about = told.get((schema, name))
        texts = about.columns if about else {}
        listed.append(
            Described(
                f"{schema}.{name}",
                about.description if about else "",
                tuple((column.name, column.type.lower(), texts.get(column.name, "")) for column in columns),
            )
        )
    return [(schema, list(some)) for schema, some in groupby(listed, key=lambda one: one.title.partition(".")[0])]
