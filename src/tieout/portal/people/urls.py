"""Addresses of this app, and those of allauth that we use: signing in and out, and passwords."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path, re_path

from tieout.portal.people import team, views

# allauth looks its own addresses up by these names, without a prefix. It has more pages (sign-up, e-mail addresses);
# what is not listed is not there.
ACCOUNT = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
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

OWN = [
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("people/", team.people, name="people"),
    path("people/<int:membership_id>/role/", team.change_role, name="role"),
    path("people/<int:membership_id>/companies/", team.companies, name="companies"),
    path("people/<int:membership_id>/remove/", team.remove, name="remove"),
    path("people/invitations/<int:invitation_id>/again/", team.invite_again, name="invite_again"),
    path("people/invitations/<int:invitation_id>/withdraw/", team.withdraw, name="withdraw"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/language/", views.choose_language, name="language"),
    path("preferences/theme/", views.choose_theme, name="theme"),
]

urlpatterns = [*ACCOUNT, path("", include((OWN, "people")))]
