"""Resetting a lost second factor: who may, and what is logged."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from tieout.portal.audits.actions import record_of_person
from tieout.portal.people import factors
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import tell
from tieout.portal.workspaces.models import Membership, Role
from tieout.portal.workspaces.queries import memberships_of


class NotTheirsError(ValueError):
    """Somebody may not reset this second factor. Says why, for people. Nothing was changed."""


@transaction.atomic
def reset_for(membership: Membership, *, by: Person) -> None:
    """Take away a member's second factors, passkeys and recovery codes, and sign them out. The e-mail is the caller's.

    A factor guards every workspace of a person, so only who owns all of them may. Raises NotTheirsError.
    """
    person = membership.person
    if person == by:
        raise NotTheirsError(_("Your own is changed under Preferences, Sign-in security."))
    guarded = {one.workspace_id for one in memberships_of(person)}
    owned = {one.workspace_id for one in memberships_of(by).filter(role=Role.OWNER)}
    if not guarded <= owned:
        raise NotTheirsError(
            _(
                "%(name)s is in workspaces of others too. Whoever runs this installation can reset it: tieout user reset-factor."
            )
            % {"name": person}
        )
    factors.reset_factors(person)
    tell(membership.workspace, "person_factor_reset", person=by, who=str(person))


@transaction.atomic
def reset_by_operator(person: Person) -> None:
    """The same from the command line, for whoever runs the installation. Logged in each workspace of the person."""
    factors.reset_factors(person)
    record_of_person(person, "person_factor_reset", who=str(person))
