"""How long a member has access, and what everybody needs who wants in."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tieout.portal.people.factors import has_second_factor
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import keep_an_owner, tell
from tieout.portal.workspaces.models import Membership, Role, Workspace


@transaction.atomic
def set_until(membership: Membership, until: date | None, *, by: Person) -> None:
    """Let access last to the end of a day in the installation's zone, or without end (None). Nothing else is changed.

    Raises LastOwnerError where nobody could let people in afterwards.
    """
    membership.refresh_from_db(fields=["role", "until"])
    if until == membership.until:
        return
    if until and membership.role == Role.OWNER:
        keep_an_owner(membership)
    membership.until = until
    membership.save(update_fields=["until"])
    tell(
        membership.workspace,
        "access_changed",
        person=by,
        who=str(membership.person),
        until=until.isoformat() if until else "–",
    )


class NoFactorYetError(ValueError):
    """Who asks a second factor of all has none. Nothing was changed."""


@transaction.atomic
def require_second_factor(workspace: Workspace, is_required: bool, *, by: Person) -> None:
    """Open a workspace to those with a second factor only, or to all its members again. Raises NoFactorYetError."""
    if is_required == workspace.requires_second_factor:
        return
    if is_required and not has_second_factor(by):
        raise NoFactorYetError
    workspace.requires_second_factor = is_required
    workspace.save(update_fields=["requires_second_factor"])
    tell(workspace, "factor_required" if is_required else "factor_not_required", person=by)
