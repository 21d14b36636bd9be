"""A workspace goes in two steps: from the first on nothing of it opens any more, with the second nothing of it is left.

The first is one transaction. The second may be cut off anywhere: each of its parts can be done again.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.audits.actions import record
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Credentials
from tieout.portal.syncs import running, shared, warehouses
from tieout.portal.syncs.actions import cancel_sync, forget_syncs, overwrite_deleted
from tieout.portal.upkeep.unfinished import finish
from tieout.portal.workspaces.models import Workspace


def remove_workspace(workspace: Workspace, *, by: Person) -> None:
    """Destroy the keys and links of a workspace, close it to everybody, and delete what it holds.

    Approvals stay active in the accounting system. Raises BusyError where somebody still reads the warehouse: the workspace
    is closed then, and the next start of the server deletes the rest.
    """
    with transaction.atomic():
        now = datetime.now(UTC)
        sources = workspace.sources.all()  # removed ones too, whose rows were kept
        record(None, "workspace_removed", person=by, name=workspace.name, companies=sources.count())
        Credentials.objects.filter(source__in=sources).delete()
        ApprovalLink.objects.in_workspace(workspace).delete()
        sources.update(removed_at=now, is_to_be_deleted=True, next_sync_at=None)
        Workspace.objects.filter(pk=workspace.pk).update(removed_at=now)
    _delete(workspace)


def finish_removals() -> int:
    """Delete what a stopped process left of removed workspaces; returns how many. For the holder of TIEOUT_HOME."""
    done = finish(list(Workspace.objects.exclude(removed_at=None)), _delete)
    overwrite_deleted()  # also for one that was killed just before
    return done


def _delete(workspace: Workspace) -> None:
    for source in workspace.sources.all():
        cancel_sync(source, None)
        with running.writing(source.pk), transaction.atomic():
            forget_syncs(source)
            source.delete()
    shared.withdraw(workspace)
    warehouses.delete(workspace)
    workspace.delete()
    overwrite_deleted()
