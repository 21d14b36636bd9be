"""Who may open a page. Nobody signed in: the sign-in page. Too small a role: the 403 page, by direct address too."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tieout.portal.workspaces.models import ADMINISTRATING, Role
from tieout.portal.workspaces.queries import membership_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _needs(roles: tuple[Role, ...], sentence: str) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if membership_of(request).role not in roles:
                raise PermissionDenied(_(sentence))
            return view(request, *args, **kwargs)

        return login_required(checked)

    return decorate


def reader_required(view: View[P]) -> View[P]:
    """Anybody of the workspace."""
    return _needs(tuple(Role), "")(view)


def administrator_required(view: View[P]) -> View[P]:
    """Owners and administrators."""
    return _needs(
        ADMINISTRATING,
        gettext_noop(
            "Owners and administrators of this workspace can do this. You are a reader: you see everything and change nothing."
        ),
    )(view)


def owner_required(view: View[P]) -> View[P]:
    """Owners only."""
    return _needs((Role.OWNER,), gettext_noop("Only an owner of this workspace can do this."))(view)
