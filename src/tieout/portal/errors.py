"""Pages for what can't be shown: not there, not yours to do, too old a page, a fault of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import redirect, render
from django.template import loader

from tieout.portal.workspaces.queries import SecondFactorNeededError


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For what a person's role doesn't cover. `str(exception)` may say more, in a sentence made for people."""
    if isinstance(exception, SecondFactorNeededError):
        return redirect("people:factor_needed")
    return render(request, "errors/403.html", {"reason": str(exception)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours: a page that asks neither database nor session, since either may be what broke."""
    return HttpResponseServerError(loader.get_template("errors/500.html").render())


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without the token of its page: opened too long ago, or sent by another site."""
    return render(request, "errors/page_too_old.html", status=403)
