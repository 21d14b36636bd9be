"""Addresses of this app, and those of allauth that we use: signing in and out, and passwords."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.urls import include, path, re_path

from tieout.portal.people import access, factor_pages, oidc, team, views

# allauth looks its own addresses up by these names, without a prefix. It has more pages (sign-up, e-mail addresses);
# what is not listed is not there.
ACCOUNT = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", views.change_password, name="account_change_password"),
    path("accounts/password/reset/", account.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

# allauth gives these the server's name in the address; ours has one server, and addresses that stay.
WHICH = {"provider_id": settings.OIDC_PROVIDER}
OPENID = [
    path("accounts/oidc/", oidc.login, WHICH, name="openid_connect_login"),
    path("accounts/oidc/callback/", oidc.come_back, WHICH, name="openid_connect_callback"),
]

FACTORS = [
    path("accounts/again/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/factors/", mfa.index, name="mfa_index"),
    path("accounts/factors/sign-in/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/factors/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/factors/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/factors/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/factors/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/factors/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/factors/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("accounts/factors/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("accounts/factors/passkeys/again/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("accounts/factors/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
]

OWN = [
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("people/", team.people, name="people"),
    path("people/<int:membership_id>/", access.member, name="member"),
    path("people/<int:membership_id>/deactivate/", access.deactivate, name="deactivate"),
    path("people/<int:membership_id>/reactivate/", access.reactivate, name="reactivate"),
    path("people/second-factor/", factor_pages.require, name="require_factor"),
    path("people/<int:membership_id>/second-factor/", factor_pages.reset, name="reset_factor"),
    path("second-factor/", factor_pages.needed, name="factor_needed"),
    path("people/<int:membership_id>/role/", team.change_role, name="role"),
    path("people/<int:membership_id>/companies/", team.companies, name="companies"),
    path("people/<int:membership_id>/remove/", team.remove, name="remove"),
    path("people/invitations/<int:invitation_id>/again/", team.invite_again, name="invite_again"),
    path("people/invitations/<int:invitation_id>/withdraw/", team.withdraw, name="withdraw"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/sessions/end/", views.end_others, name="end_other_sessions"),
    path("preferences/sessions/<int:session_id>/end/", views.end_one, name="end_session"),
    path("preferences/language/", views.choose_language, name="language"),
    path("preferences/theme/", views.choose_theme, name="theme"),
]

urlpatterns = [*ACCOUNT, *OPENID, *FACTORS, path("", include((OWN, "people")))]
