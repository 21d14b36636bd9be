"""Signing in through the organisation's OpenID Connect server: whom it lets in, and who is refused, with words."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tieout.config import Settings
from tieout.portal.audits.actions import record, record_of_person
from tieout.portal.people.actions import account_of, join_by_address
from tieout.portal.people.models import Person
from tieout.portal.people.oidc_server import Server

VOUCHED = (True, "true")  # some servers write the claim as text


class Gate(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The one server of the settings. Its word on an e-mail address counts as a link sent there does, where it verified it."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """The server of the settings, and none of the database."""
        told: Settings = settings.TIEOUT
        if not told.oidc_issuer:
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=settings.OIDC_PROVIDER,
                name="OpenID Connect",
                client_id=told.oidc_client_id,
                secret=told.oidc_client_secret,
                settings={"server_url": told.oidc_issuer, "oauth_pkce_enabled": True},
            )
        ]

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """allauth's provider, with our own doubts about what its server says."""
        found = super().get_provider(request, provider, client_id)
        found.oauth2_adapter_class = Server
        return found

    def get_requests_session(self) -> Any:
        """Follows no redirects: the addresses are the server's own, told under the name that the settings give it."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Known by the server's own name for them: in. Else by a verified address: an account, or an invitation.

        Raises ImmediateHttpResponse, which leads back to the sign-in page and says why.
        """
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            refuse(request, _("Nothing but signing in goes through your organisation."))
        if sociallogin.is_existing:
            return
        email = _verified_address(sociallogin)
        if not email:
            record(None, "sign_in_failed")
            refuse(
                request,
                _("Your organisation does not say that your e-mail address is verified, so it opens nothing here."),
            )
        person = account_of(email) or join_by_address(email, name=sociallogin.told_name, language=request.LANGUAGE_CODE)
        if person is None:
            record(None, "sign_in_failed")
            refuse(
                request, _("Nobody has invited %(email)s. Ask an owner of the workspace to do it.") % {"email": email}
            )
        _link(request, sociallogin, person)

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **_more: Any) -> None:
        """Back to the sign-in page. What the server said is for its log: it may hold what it should not."""
        is_cancelled = error == AuthError.CANCELLED
        refuse(
            request, _("You did not sign in at your organisation. Nothing was changed.") if is_cancelled else _failed()
        )


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to the server. One that can't be reached is told on the sign-in page."""
    return _answered(request, OAuth2LoginView, provider_id)


def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the server."""
    return _answered(request, OAuth2CallbackView, provider_id)


def _answered(request: HttpRequest, view: type[OAuth2View], provider_id: str) -> HttpResponseBase:
    try:
        answer: HttpResponseBase = view.adapter_view(Server(request, provider_id))(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    except (OSError, OAuth2Error):  # OSError: a server that is down, leads elsewhere, or answers what is no JSON
        messages.error(request, _failed())
        return redirect("account_login")
    return answer


def _failed() -> str:
    return _("Signing in through your organisation did not work. Try again, or use your password.")


def refuse(request: HttpRequest, why: str) -> NoReturn:
    """Lead back to the sign-in page. Always raises ImmediateHttpResponse."""
    messages.error(request, why)
    raise ImmediateHttpResponse(redirect("account_login"))


def _verified_address(sociallogin: Any) -> str:
    """The address that the server vouches for, in small letters; empty for none."""
    told = [one.email for one in sociallogin.email_addresses if one.verified in VOUCHED]
    return str(told[0]).strip().lower() if told else ""


def _link(request: HttpRequest, sociallogin: Any, person: Person) -> None:
    sociallogin.connect(request, person)
    record_of_person(person, "sign_in_linked")
