"""What the menu says of alerts: how many are not over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tieout.portal.alerts.models import Gravity
from tieout.portal.alerts.queries import of_gravity, standing
from tieout.portal.people.models import Person
from tieout.portal.workspaces.queries import membership_of


def alerts(request: HttpRequest) -> dict[str, Any]:
    """`open_alerts` as (errors, warnings) for signed-in people, asked for when shown; `is_mail_set` always."""
    return {"open_alerts": SimpleLazyObject(lambda: _counted(request)), "is_mail_set": settings.IS_MAIL_SET}


def _counted(request: HttpRequest) -> tuple[int, int]:
    if not isinstance(getattr(request, "user", None), Person):
        return 0, 0
    try:
        mine = standing(membership_of(request))
    except PermissionDenied:
        return 0, 0
    return of_gravity(mine, Gravity.ERROR).count(), of_gravity(mine, Gravity.WARNING).count()
