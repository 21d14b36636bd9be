"""Second factors: an app's codes, recovery codes, and secrets that are encrypted where they lie."""

from __future__ import annotations

import re
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.audits.models import Entry
from tieout.portal.encryption import rotate
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace

STEP_SECONDS = 30


def code_of(secret: str, *, later: int = 0) -> str:
    """What the app shows, or will show some steps later (a code opens once; one step is forgiven)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // STEP_SECONDS + later)))


def signed_in(person: Person) -> Client:
    """A browser whose person has just shown that it is still them."""
    browser = browser_of(person)
    browser.post("/accounts/again/", {"password": PASSWORD})
    return browser


def with_app(person: Person) -> tuple[Client, str]:
    """The browser of somebody who has just set up an authenticator app, and the app's key."""
    browser = signed_in(person)
    page = browser.get("/accounts/factors/app/").content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    secret = re.search(r"<code>(\w+)</code>", page).group(1)  # type: ignore[union-attr]
    answer = browser.post("/accounts/factors/app/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/accounts/factors/codes/"
    return browser, secret


def test_an_app_set_up_is_asked_for_at_the_next_sign_in(owner: Person, workspace: Workspace) -> None:
    _browser, secret = with_app(owner)
    other = browser_of()
    answer = other.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/accounts/factors/sign-in/")
    assert other.get("/people/").status_code == 302
    assert "Incorrect code" in other.post("/accounts/factors/sign-in/", {"code": "000000"}).content.decode()
    other.post("/accounts/factors/sign-in/", {"code": code_of(secret, later=1)})
    assert other.get("/people/").status_code == 200
    kinds = list(Entry.objects.in_workspace(workspace).order_by("id").values_list("kind", flat=True))
    assert kinds.count("signed_in") == 2
    assert "sign_in_factor_refused" in kinds
    assert Entry.objects.filter(kind="signed_in").order_by("id").last().facts == {"how": "password + totp"}  # type: ignore[union-attr]


def test_a_recovery_code_opens_once(owner: Person) -> None:
    browser, _secret = with_app(owner)
    page = browser.get("/accounts/factors/codes/").content.decode()
    code = re.findall(r"<code>(\d+)</code>", page)[0]
    for is_in in (True, False):
        other = browser_of()
        other.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
        other.post("/accounts/factors/sign-in/", {"code": code})
        assert (other.get("/people/").status_code == 200) is is_in


def test_what_is_kept_is_encrypted_and_follows_a_new_key(owner: Person) -> None:
    _browser, secret = with_app(owner)

    def kept() -> str:
        return " ".join(str(row.data) for row in Authenticator.objects.all())

    before = kept()
    assert secret not in before
    assert before.count("v1.") == 2
    assert rotate(settings.TIEOUT) == 2
    assert kept() != before
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret, later=1))


def test_who_changes_how_they_sign_in_shows_first_that_it_is_still_them(owner: Person, owner_browser: Client) -> None:
    """The session alone (a browser left open) opens none of it."""
    for address in ("/accounts/factors/app/", "/accounts/factors/passkeys/add/"):
        assert owner_browser.get(address).headers["Location"].startswith("/accounts/again/")
    before = owner_browser.session.session_key
    owner_browser.post("/accounts/again/", {"password": "another password"})
    assert owner_browser.session.session_key == before
    page = owner_browser.post("/accounts/again/?next=/accounts/factors/app/", {"password": PASSWORD})
    assert page.headers["Location"] == "/accounts/factors/app/"
    assert owner_browser.session.session_key != before, "nobody who saw the old key has what this one opens"
    assert not owner_browser.session.exists(before)
    assert owner_browser.get("/accounts/factors/app/").status_code == 200
    assert UserSession.objects.get().session_key == owner_browser.session.session_key


def test_the_page_of_factors_says_what_is_on(owner: Person) -> None:
    browser = signed_in(owner)
    assert "Recovery codes" not in browser.get("/accounts/factors/").content.decode()
    browser, _secret = with_app(owner)
    assert "10 codes are left" in browser.get("/accounts/factors/").content.decode()
    assert "Its codes stop opening" in browser.get("/accounts/factors/app/remove/").content.decode()
    browser.post("/accounts/factors/app/remove/")
    assert not Authenticator.objects.exists()
