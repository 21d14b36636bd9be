"""What every page needs of the house: workspace, role, switcher."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from tieout.portal.people.models import Person
from tieout.portal.upkeep.disk import disk_of
from tieout.portal.workspaces.queries import membership_of, memberships_of


def house(request: HttpRequest) -> dict[str, Any]:
    """`workspace`, `membership`, `can_administer`, `other_workspaces`, `disk` for signed-in people; always the languages."""
    switch = {
        "languages": settings.LANGUAGES,
        "public_url": settings.PUBLIC_URL,
        "has_oidc": bool(settings.TIEOUT.oidc_issuer),
    }
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return switch
    try:
        membership = membership_of(request)
    except PermissionDenied:
        return switch
    others = [one.workspace for one in memberships_of(person) if one.workspace_id != membership.workspace_id]
    return switch | {
        "workspace": membership.workspace,
        "membership": membership,
        "can_administer": membership.can_administer,
        "other_workspaces": others,
        "disk": disk_of(settings.TIEOUT),
    }
