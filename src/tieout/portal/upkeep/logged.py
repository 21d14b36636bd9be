"""What is done to the whole installation stands in the audit log of every workspace: each has its books in it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tieout.portal.audits.actions import record
from tieout.portal.workspaces.models import Workspace

OPERATOR = "tieout"  # the command line; whoever may run it is known to the machine, not to us


@transaction.atomic
def log_everywhere(kind: str, **facts: Any) -> None:
    """Add an entry to each workspace's log. `facts` are JSON values, never a secret."""
    for workspace in Workspace.objects.all():
        record(workspace, kind, actor=OPERATOR, **facts)
