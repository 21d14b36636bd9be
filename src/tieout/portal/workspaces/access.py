"""How long a member has access, and ending it before its time."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import keep_an_owner, tell
from tieout.portal.workspaces.models import Membership, Role


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
