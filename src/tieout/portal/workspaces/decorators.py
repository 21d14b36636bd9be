"""Who may open a page, or do the same by the API. Nobody signed in: the sign-in page. Too small a role: the 403 page,
by direct address too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from tieout.portal.workspaces.models import ADMINISTRATING, Role
from tieout.portal.workspaces.queries import membership_of, workspace_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def must_belong(request: HttpRequest) -> None:
    """Anybody of the workspace. Raises PermissionDenied, as the three below."""
    membership_of(request)


def must_administer(request: HttpRequest) -> None:
    """Owners and administrators."""
    if membership_of(request).role not in ADMINISTRATING:
        raise PermissionDenied(
            _(
                "Owners and administrators of this workspace can do this. "
                "You are a reader: you see everything and change nothing."
            )
        )


def must_look_after_all(request: HttpRequest) -> None:
    """Owners and administrators who look after all companies of the workspace."""
    must_administer(request)
    if workspace_of(request).companies is not None:
        raise PermissionDenied(_("This is for those who look after all companies of the workspace. Ask an owner."))


def must_own(request: HttpRequest) -> None:
    """Owners only, with all companies."""
    if membership_of(request).role != Role.OWNER or workspace_of(request).companies is not None:
        raise PermissionDenied(_("Only an owner of this workspace can do this."))


def _needs(check: Callable[[HttpRequest], None]) -> Callable[[View[P]], View[P]]:
    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            check(request)
            return view(request, *args, **kwargs)

        return _signed_in(checked)

    return decorate


def _signed_in(view: View[P]) -> View[P]:
    """Nobody signed in: to the sign-in page, and back to what was asked for.

    A form that arrives after its session has ended changes nothing, and leads back to the page that it was on.
    """

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return redirect_to_login(request.get_full_path())
        messages.warning(request, _("Your session had ended, so nothing was changed. Sign in and do it once more."))
        return redirect_to_login(_page_before(request))

    return checked


def _page_before(request: HttpRequest) -> str:
    """Where a form was sent from; the start for one from elsewhere."""
    parts = urlsplit(request.headers.get("Referer", ""))
    if parts.netloc != request.get_host() or not parts.path.startswith("/") or parts.path.startswith(("//", "/\\")):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def reader_required(view: View[P]) -> View[P]:
    """Anybody of the workspace."""
    return _needs(must_belong)(view)


def administrator_required(view: View[P]) -> View[P]:
    """Owners and administrators."""
    return _needs(must_administer)(view)


def whole_workspace_required(view: View[P]) -> View[P]:
    """Owners and administrators who look after all companies of the workspace."""
    return _needs(must_look_after_all)(view)


def owner_required(view: View[P]) -> View[P]:
    """Owners only."""
    return _needs(must_own)(view)
