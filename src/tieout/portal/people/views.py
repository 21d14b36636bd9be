"""The one-time link's page, and a person's own preferences."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tieout.portal.people import actions, sessions
from tieout.portal.people.forms import InvitedForm, PreferencesForm, WelcomeForm
from tieout.portal.people.models import Invitation, Person, Theme
from tieout.portal.workspaces.queries import SESSION_KEY, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account that a one-time link promises, or join with one's own. Opening the page consumes nothing."""
    try:
        invitation = actions.open_invitation(token)
        if _is_for_an_account(request, invitation):
            return _join(request, invitation, token)
        return _make_account(request, invitation, token)
    except actions.LinkUsedError:
        return render(request, "people/link_used.html", status=410)


def _is_for_an_account(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether who was invited has an account, or somebody else is signed in here, who must not lose their session."""
    if not invitation.email:
        return False
    return request.user.is_authenticated or actions.account_of(invitation.email) is not None


def _join(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    is_invited = isinstance(request.user, Person) and request.user.email == invitation.email
    if request.method == "POST" and is_invited:
        workspace = actions.join(token, person_of(request))
        request.session[SESSION_KEY] = workspace.pk
        return redirect("sources:list")
    return render(request, "people/join.html", {"invitation": invitation, "is_invited": is_invited})


def _make_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    kind = InvitedForm if invitation.email else WelcomeForm
    form = kind(request.POST or None, initial={"email": invitation.email})
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.accept(token, **form.cleaned_data, language=request.LANGUAGE_CODE)
        except actions.LinkUsedError:
            raise
        except ValueError as error:
            form.add_error("email", str(error))
        else:
            login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
            return redirect("sources:list")
    return render(request, "people/welcome.html", {"form": form, "invitation": invitation})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone and theme, and where one is signed in."""
    form = PreferencesForm(request.POST or None, instance=person_of(request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your preferences are saved."))
        return redirect("people:preferences")
    return render(request, "people/preferences.html", {"form": form, "sessions": _sessions(request)})


def _sessions(request: HttpRequest) -> list[dict[str, Any]]:
    """Where this person is signed in, this browser first."""
    rows = [
        {"session": one, "device": sessions.device(one), "is_this": one.session_key == request.session.session_key}
        for one in sessions.sessions_of(person_of(request))
    ]
    return sorted(rows, key=lambda row: not row["is_this"])


@login_required
@require_POST
def end_one(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one other browser of one's own out."""
    ended = sessions.end_sessions(person_of(request), only=session_id, but=request.session.session_key)
    return _told(request, ended)


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign every other browser of one's own out."""
    return _told(request, sessions.end_sessions(person_of(request), but=request.session.session_key))


def _told(request: HttpRequest, ended: int) -> HttpResponse:
    said = ngettext("%(n)s session ended.", "%(n)s sessions ended.", ended) % {"n": ended}
    messages.success(request, said if ended else _("It had ended already."))
    return redirect("people:preferences")


@login_required
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Another password. Who signs in through the organisation has none here; one can be made by *Forgot the password?*."""
    if person_of(request).has_usable_password():
        return account_views.password_change(request)  # type: ignore[no-any-return]
    messages.info(request, _("You have no password here: you sign in through your organisation."))
    return redirect("people:preferences")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Change the language: a person's for good, an outsider's by a cookie. Leads back to a page of ours only."""
    language = request.POST.get("language", "")
    goal = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(goal, allowed_hosts=None, require_https=request.is_secure())
    response = HttpResponseRedirect(goal if safe else "/")
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, Person):
        request.user.language = language
        request.user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@login_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Remember the theme for every browser of this person. The page itself has changed already."""
    theme = request.POST.get("theme", "")
    if theme in Theme.values:
        person = person_of(request)
        person.theme = theme
        person.save(update_fields=["theme"])
    return HttpResponse(status=204)
