"""What feeds ask: the tables there are, under the names that programs use, and a person's tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tieout.portal.feeds.models import FeedToken
from tieout.portal.people.models import Person
from tieout.portal.stamps.models import Stamp
from tieout.portal.syncs import warehouses
from tieout.portal.workspaces.models import Workspace
from tieout.reports.models import SCHEMAS, models
from tieout.reports.models import views as described
from tieout.warehouse import feed
from tieout.warehouse.browse import TableColumn

STATUS = "data_status"
Sets = dict[str, tuple[str, str, tuple[TableColumn, ...]]]  # entity set -> schema, name, columns


def sets_of(workspace: Workspace, *, all_companies: bool) -> Sets:
    """The entity sets of a workspace: core_accounts, marts_trial_balance, ..., data_status. None before its first sync.

    Who may read some companies only gets no tables that add companies up.
    """
    if not warehouses.exists(workspace):
        return {}
    with warehouses.opened(workspace) as warehouse:
        found = feed.models(warehouse)
    return {
        set_name(schema, name): (schema, name, columns)
        for (schema, name), columns in found.items()
        if all_companies or feed.owner_of(columns) or _is_list(schema, name)
    }


def stamped_as(workspace: Workspace, name: str, *, companies: Sequence[str] | None) -> list[int]:
    """The syncs at which somebody stamped by this name, of `companies` where given."""
    found = Stamp.objects.filter(source__workspace=workspace, name=name)
    if companies is not None:
        found = found.filter(source__in=[UUID(one) for one in companies])
    return sorted(set(found.values_list("sync", flat=True)))


def set_name(schema: str, name: str) -> str:
    """What a model is called in the feed."""
    return f"{schema}_{name}" if schema in SCHEMAS else name


def told() -> dict[str, tuple[str, Mapping[str, str]]]:
    """What each entity set is, and what its columns hold."""
    return {
        set_name(view.schema, view.name): (view.description, view.columns)
        for view in described(tuple(settings.CONNECTORS))
        if view.schema in SCHEMAS and not view.parameters
    }


def tokens_of(workspace: Workspace, person: Person) -> QuerySet[FeedToken]:
    """A person's tokens, newest first."""
    return FeedToken.objects.in_workspace(workspace).filter(person=person)


def _is_list(schema: str, name: str) -> bool:
    """Short lists that belong to no company: classes of accounts, standard VAT codes."""
    return any(model.schema == schema and model.name == name and model.is_list for model in models(schema))


def columns_of(sets: Sets) -> Mapping[str, Sequence[TableColumn]]:
    """Entity set -> columns."""
    return {name: columns for name, (_, _, columns) in sets.items()}
