"""Signing in through an OpenID Connect server: a real one, in this process, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread
from pytest_django import Settings

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.audits.models import Entry
from tieout.portal.people.actions import invite_person
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.models import Membership, Role, Workspace

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def somebody(sub: str, email: str, *, is_verified: object = True, name: str = "Test Somebody") -> User:
    return User(sub=sub, claims={"email": email, "email_verified": is_verified, "name": name})


USERS = [
    somebody("known", "reader@example.com"),
    somebody("in-words", "Reader@Example.com", is_verified="true"),
    somebody("invited", "newcomer@example.com", name="Test Newcomer"),
    somebody("stranger", "stranger@example.com"),
    somebody("unverified", "Reader@example.com", is_verified=False),
    somebody("only-says-so", "reader@example.com", is_verified="false"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The issuer's address."""
    with run_server_in_thread(user_claims=USERS) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture(autouse=True)
def oidc(server: str, settings: Settings) -> str:
    told = {"oidc_issuer": server, "oidc_client_id": "fixture-client", "oidc_client_secret": "fixture-secret"}
    settings.TIEOUT = replace(settings.TIEOUT, **told)
    return server


def back_from(sub: str, browser: Client, *, start: str = "/accounts/oidc/") -> str:
    """Go to the server, be that person there, and give the way back to us, not gone yet."""
    leaving = browser.get(start)
    assert leaving.status_code == 302
    there = httpx2.post(leaving.headers["Location"], data={"sub": sub})
    assert there.status_code == 302, there.text
    parts = urlsplit(there.headers["Location"])
    assert parts.path == "/accounts/oidc/callback/"
    return f"{parts.path}?{parts.query}"


def signed_in_as(sub: str) -> tuple[Client, Any]:
    """A browser that came back as somebody, and the page it ended on."""
    browser = browser_of()
    return browser, browser.get(back_from(sub, browser), follow=True)


def test_somebody_with_an_account_signs_in_and_is_known_by_the_servers_name_from_then_on(
    workspace: Workspace, reader: Person
) -> None:
    browser, page = signed_in_as("known")
    assert page.status_code == 200
    assert browser.get("/preferences/").content.decode().count("reader@example.com") == 1
    Person.objects.filter(pk=reader.pk).update(email="renamed@example.com")
    browser, _page = signed_in_as("known")
    assert "renamed@example.com" in browser.get("/preferences/").content.decode()
    kinds = list(Entry.objects.in_workspace(workspace).values_list("kind", flat=True))
    assert kinds.count("sign_in_linked") == 1
    assert kinds.count("signed_in") == 2
    assert {one.facts["how"] for one in Entry.objects.filter(kind="signed_in")} == {"socialaccount"}
    assert Person.objects.get().check_password(PASSWORD), "the password stays"


def test_nothing_that_the_server_tells_of_somebody_is_kept(reader: Person) -> None:
    for _time in range(2):
        signed_in_as("known")
        account = SocialAccount.objects.get()
        assert (account.uid, account.extra_data) == ("known", {})
    assert not SocialToken.objects.exists()


def test_an_invited_person_needs_no_password(workspace: Workspace, owner: Person) -> None:
    invite_person(workspace, email="newcomer@example.com", role=Role.ADMINISTRATOR, by=owner)
    browser, page = signed_in_as("invited")
    assert page.redirect_chain[-1][0] == "/sources/"
    made = Person.objects.get(email="newcomer@example.com")
    assert made.name == "Test Newcomer"
    assert Membership.objects.get(person=made).role == Role.ADMINISTRATOR
    assert not made.has_usable_password()
    assert Invitation.objects.get().used_at
    assert "You have no password here" in browser.get("/accounts/password/change/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("sub", "why"),
    [
        ("stranger", "Nobody has invited stranger@example.com"),
        ("unverified", "does not say that your e-mail address is verified"),
        ("only-says-so", "does not say that your e-mail address is verified"),
    ],
)
def test_others_are_refused_with_words(workspace: Workspace, reader: Person, sub: str, why: str) -> None:
    browser, page = signed_in_as(sub)
    assert why in page.content.decode()
    assert browser.get("/sources/").status_code == 302
    assert Person.objects.get() == reader
    assert Entry.objects.filter(kind="sign_in_failed").count() == 1


def test_a_server_that_vouches_in_words_is_believed(reader: Person) -> None:
    browser, _page = signed_in_as("in-words")
    assert "reader@example.com" in browser.get("/preferences/").content.decode()


def test_a_second_factor_is_asked_here_too(reader: Person) -> None:
    Authenticator.objects.create(user=reader, type=Authenticator.Type.TOTP, data={"secret": "fixture"})
    browser, page = signed_in_as("known")
    assert page.redirect_chain[-1][0].startswith("/accounts/factors/sign-in/")
    assert browser.get("/sources/").status_code == 302


def test_who_cannot_sign_in_any_more_is_not_let_in_by_the_server(reader: Person) -> None:
    Person.objects.filter(pk=reader.pk).update(is_active=False)
    browser, _page = signed_in_as("known")
    assert browser.get("/sources/").status_code == 302


def test_a_way_back_opens_in_the_browser_that_left_alone_and_once(reader: Person) -> None:
    left, other = browser_of(), browser_of()
    way = back_from("known", left)
    assert "did not work" in other.get(way, follow=True).content.decode()
    assert other.get("/sources/").status_code == 302
    left.get(way)
    assert left.get("/sources/").status_code == 200
    assert "did not work" in left.get(way, follow=True).content.decode()


def test_nothing_but_signing_in_goes_that_way(reader: Person, owner_browser: Client) -> None:
    """A link that another site laid out must not tie its own server's person to who is signed in here."""
    way = back_from("known", owner_browser, start="/accounts/oidc/?process=connect")
    assert "Nothing but signing in" in owner_browser.get(way, follow=True).content.decode()
    assert not SocialAccount.objects.exists()


def test_a_server_that_is_down_is_told(settings: Settings, workspace: Workspace) -> None:
    settings.TIEOUT = replace(settings.TIEOUT, oidc_issuer="http://127.0.0.1:9")  # nobody listens
    assert "did not work" in browser_of().get("/accounts/oidc/", follow=True).content.decode()


def test_without_a_server_there_is_no_such_way(settings: Settings, workspace: Workspace) -> None:
    assert "through your organisation" in browser_of().get("/accounts/login/").content.decode()
    settings.TIEOUT = replace(settings.TIEOUT, oidc_issuer="")
    assert "through your organisation" not in browser_of().get("/accounts/login/").content.decode()
    assert browser_of().get("/accounts/oidc/").status_code == 404
