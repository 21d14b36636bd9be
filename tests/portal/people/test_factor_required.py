"""A second factor that a workspace asks of everybody, and one that was lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tests.portal.conftest import browser_of
from tests.portal.people.test_factors import signed_in, with_app
from tieout.portal.audits.models import Entry
from tieout.portal.feeds.actions import make_token
from tieout.portal.people.models import Person
from tieout.portal.people.resetting import NotTheirsError, reset_by_operator, reset_for
from tieout.portal.workspaces.access import NoFactorYetError, require_second_factor
from tieout.portal.workspaces.actions import give_role
from tieout.portal.workspaces.models import Membership, Role, Workspace

ASKS = "/people/second-factor/"


def has_app(person: Person) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "fixture"})


@pytest.fixture
def asking(workspace: Workspace, owner: Person) -> Workspace:
    """A workspace that asks for a second factor; its owner has one."""
    has_app(owner)
    require_second_factor(workspace, True, by=owner)
    return workspace


def test_who_has_none_is_led_to_set_one_up_before_anything_else(asking: Workspace, reader: Person) -> None:
    browser = signed_in(reader)
    for page in ("/sources/", "/feeds/", "/reports/"):
        assert browser.get(page).headers["Location"] == "/second-factor/"
    assert browser.post("/feeds/", {"name": "x", "days": 9}).headers["Location"] == "/second-factor/"
    shown = browser.get("/second-factor/").content.decode()
    assert "Fixture Accounting" in shown
    assert "/accounts/factors/app/" in shown
    assert browser.get("/preferences/").status_code == 200
    browser, _secret = with_app(reader)
    assert browser.get("/sources/").status_code == 200
    assert browser.get("/second-factor/").status_code == 302


def test_another_workspace_that_asks_for_none_opens_meanwhile(
    asking: Workspace, other_workspace: Workspace, reader: Person
) -> None:
    give_role(other_workspace, reader, Role.READER)
    browser = browser_of(reader)
    browser.post(f"/workspaces/{asking.slug}/open/")
    assert browser.get("/sources/").headers["Location"] == "/second-factor/"
    assert "Another Workspace" in browser.get("/second-factor/").content.decode()
    browser.post(f"/workspaces/{other_workspace.slug}/open/")
    assert browser.get("/sources/").status_code == 200


def test_tokens_of_who_has_none_are_refused_with_the_reason(asking: Workspace, reader: Person) -> None:
    _token, secret = make_token(asking, reader, name="Fixture", days=9)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    for address in ("/api/v1/me", f"/odata/v4/{asking.slug}/"):
        answer = browser_of().get(address, **bearer)  # type: ignore[arg-type]
        assert answer.status_code == 403
        assert "asks for a second factor" in answer.content.decode()
    has_app(reader)
    assert browser_of().get("/api/v1/me", **bearer).status_code == 200  # type: ignore[arg-type]


def test_an_owner_asks_it_of_everybody_once_he_has_one_himself(workspace: Workspace, owner: Person) -> None:
    browser = signed_in(owner)
    assert "1 person has none: Test Owner" in browser.get("/people/").content.decode()
    assert browser.post(ASKS, {"required": "yes"}).headers["Location"] == "/accounts/factors/"
    with pytest.raises(NoFactorYetError):
        require_second_factor(workspace, True, by=owner)
    browser, _secret = with_app(owner)
    browser.post(ASKS, {"required": "yes"})
    assert Workspace.objects.get(requires_second_factor=True) == workspace
    browser.post(ASKS, {"required": "no"})
    assert not Workspace.objects.filter(requires_second_factor=True)
    kinds = set(Entry.objects.in_workspace(workspace).values_list("kind", flat=True))
    assert {"factor_required", "factor_not_required"} <= kinds


def test_the_key_of_an_app_lies_encrypted_in_the_session_until_it_is_set_up(reader: Person) -> None:
    browser = signed_in(reader)
    page = browser.get("/accounts/factors/app/").content.decode()
    kept = browser.session[SECRET_SESSION_KEY]
    assert kept.startswith("v1.")
    assert kept not in page
    browser.post("/accounts/factors/app/", {"code": "000000"})
    assert browser.session[SECRET_SESSION_KEY].startswith("v1.")
    with_app(reader)


def test_browsers_signed_in_by_password_alone_end_with_the_first_factor(
    reader: Person, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    there = signed_in(reader)
    there.get("/sources/")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        here, _secret = with_app(reader)
    assert here.get("/sources/").status_code == 200
    assert there.get("/sources/").status_code == 302


def test_a_lost_second_factor_is_reset_by_an_owner_and_the_person_is_told(
    workspace: Workspace, owner_browser: Client, reader: Person
) -> None:
    has_app(reader)
    theirs = signed_in(reader)
    theirs.get("/sources/")
    member = f"/people/{Membership.objects.get(person=reader).pk}/"
    assert "Reset the second factor" in owner_browser.get(member).content.decode()
    owner_browser.post(f"{member}second-factor/")
    assert not Authenticator.objects.exists()
    assert theirs.get("/sources/").status_code == 302, "signed out"
    (letter,) = mail.outbox
    assert letter.to == [reader.email]
    assert "Test Owner (owner@example.com) reset your second factor" in str(letter.body)
    assert Entry.objects.in_workspace(workspace).get(kind="person_factor_reset").facts == {"who": "Test Reader"}


def test_who_owns_only_some_of_somebodys_workspaces_resets_nothing(
    workspace: Workspace, other_workspace: Workspace, owner: Person, owner_browser: Client, reader: Person
) -> None:
    has_app(reader)
    give_role(other_workspace, reader, Role.READER)
    member = Membership.objects.in_workspace(workspace).get(person=reader)
    page = owner_browser.post(f"/people/{member.pk}/second-factor/", follow=True).content.decode()
    assert "is in workspaces of others too" in page
    with pytest.raises(NotTheirsError):
        reset_for(Membership.objects.get(person=owner), by=owner)
    assert Authenticator.objects.exists()
    reset_by_operator(reader)
    assert not Authenticator.objects.exists()


def test_a_mail_server_that_is_down_is_told(owner_browser: Client, reader: Person, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    has_app(reader)
    member = f"/people/{Membership.objects.get(person=reader).pk}/second-factor/"
    assert "Tell Test Reader yourself" in owner_browser.post(member, follow=True).content.decode()
