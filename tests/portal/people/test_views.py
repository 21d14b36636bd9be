"""Signing in and out, passwords, the one-time link, preferences."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.people import actions
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Role, Workspace

LOGIN = "/accounts/login/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_signing_in_leads_to_the_page_that_was_asked_for(outsider: Client, owner: Person) -> None:
    answer = outsider.post(LOGIN + "?next=/preferences/", {"login": "Owner@Example.com", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/preferences/")


def test_signing_in_never_leads_elsewhere(outsider: Client, owner: Person) -> None:
    answer = outsider.post(LOGIN + "?next=https://evil.example/", {"login": owner.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/sources/")


def test_wrong_password_and_unknown_person_look_the_same(outsider: Client, owner: Person) -> None:
    answers = [
        text(outsider.post(LOGIN, {"login": email, "password": "not the password"}))
        for email in (owner.email, "nobody@example.com")
    ]
    plain = [re.sub(r'value="[^"]*"', "", answer) for answer in answers]
    assert plain[0] == plain[1]


def test_guessing_passwords_is_stopped(outsider: Client, owner: Person) -> None:
    for _ in range(6):
        outsider.post(LOGIN, {"login": owner.email, "password": "not the password"})
    outsider.post(LOGIN, {"login": owner.email, "password": PASSWORD})
    assert outsider.get("/preferences/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/admin/"])
def test_nobody_signs_up(outsider: Client, db: None, path: str) -> None:
    assert outsider.get(path).status_code == 404


def test_signing_out_takes_a_form(owner_browser: Client) -> None:
    assert "Sign out?" in text(owner_browser.get("/accounts/logout/"))
    assert owner_browser.get("/preferences/").status_code == 200
    owner_browser.post("/accounts/logout/")
    assert owner_browser.get("/preferences/").status_code == 302


def test_password_is_reset_by_an_emailed_link_once(outsider: Client, owner: Person) -> None:
    outsider.post("/accounts/password/reset/", {"email": owner.email})
    (sent,) = mail.outbox
    assert sent.subject == "Choose a new password for Tieout"
    found = re.search(r"http://127\.0\.0\.1:8000(/accounts/password/reset/key/\S+)", str(sent.body))
    assert found
    form = outsider.get(found[1], follow=True)
    new = "quite another passphrase"
    address = form.redirect_chain[-1][0]
    assert found[1] != address, "the token leaves the address at once"
    assert outsider.post(address, {"password1": new, "password2": new}).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password(new)
    assert "This link has ended" in text(browser_of().get(found[1], follow=True))


def test_reset_for_an_unknown_address_says_the_same_and_sends_nothing(outsider: Client, db: None) -> None:
    answer = outsider.post("/accounts/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert "Look in your e-mail" in text(answer)
    assert not mail.outbox


def test_person_changes_the_password_and_stays_signed_in(owner_browser: Client, owner: Person) -> None:
    new = "quite another passphrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert owner_browser.post("/accounts/password/change/", form).status_code == 302
    assert owner_browser.get("/preferences/").status_code == 200


def test_one_time_link_makes_the_account_and_signs_in(outsider: Client, workspace: Workspace) -> None:
    address = f"/welcome/{actions.invite(workspace, Role.OWNER)}/"
    for _ in range(3):
        assert outsider.get(address).status_code == 200, "opening consumes nothing"
    assert outsider.head(address).status_code == 200
    form = {"name": "Test Owner", "email": "first@example.com", "password": PASSWORD}
    assert outsider.post(address, form | {"password": "short"}).status_code == 200
    answer = outsider.post(address, form)
    assert (answer.status_code, answer["Location"]) == (302, "/sources/")
    assert outsider.get("/sources/").status_code == 200
    assert browser_of().get(address).status_code == 410


def test_taken_address_is_told_on_the_form(outsider: Client, workspace: Workspace, reader: Person) -> None:
    address = f"/welcome/{actions.invite(workspace, Role.OWNER)}/"
    answer = outsider.post(address, {"name": "", "email": reader.email, "password": PASSWORD})
    assert answer.status_code == 200
    answer = outsider.post(address, {"name": "X", "email": reader.email, "password": PASSWORD})
    assert "There is an account with this e-mail address already." in text(answer)


def test_preferences_hold_on_the_next_page(owner_browser: Client) -> None:
    form = {"name": "Test Owner", "language": "nb", "time_zone": "America/New_York", "theme": "dark"}
    page = text(owner_browser.post("/preferences/", form, follow=True))
    assert '<html lang="nb" data-person="1" data-theme="dark">' in page
    assert "America/New_York (UTC" in page


def test_unknown_zone_is_refused(owner_browser: Client, owner: Person) -> None:
    owner_browser.post("/preferences/", {"language": "en", "time_zone": "Mars/Olympus", "theme": "dark"})
    owner.refresh_from_db()
    assert owner.theme == "system"


def test_person_of_no_workspace_is_told_what_to_do(workspace: Workspace) -> None:
    lonely = Person.objects.create_person("lonely@example.com", PASSWORD)
    answer = browser_of(lonely).get("/sources/")
    assert answer.status_code == 403
    assert "Ask an owner to let you in" in text(answer)
    assert browser_of(lonely).get("/preferences/").status_code == 200


def test_language_switch_is_kept_for_people_and_outsiders(
    owner_browser: Client, owner: Person, outsider: Client
) -> None:
    for browser in (owner_browser, outsider):
        answer = browser.post("/preferences/language/", {"language": "nb", "next": "/accounts/login/"})
        assert answer["Location"] == "/accounts/login/"
    owner.refresh_from_db()
    assert owner.language == "nb"
    assert '<html lang="nb"' in text(outsider.get(LOGIN))


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_language_switch_is_no_open_redirect(outsider: Client, db: None, goal: str) -> None:
    answer = outsider.post("/preferences/language/", {"language": "nb", "next": goal})
    assert answer["Location"] == "/"


def test_theme_is_remembered(owner_browser: Client, owner: Person) -> None:
    assert owner_browser.post("/preferences/theme/", {"theme": "dark"}).status_code == 204
    owner_browser.post("/preferences/theme/", {"theme": "plaid"})
    owner.refresh_from_db()
    assert owner.theme == "dark"


def test_new_person_keeps_the_language_of_the_browser(workspace: Workspace) -> None:
    browser = browser_of(HTTP_ACCEPT_LANGUAGE="nb-NO")
    form = {"name": "Test Owner", "email": "first@example.com", "password": PASSWORD}
    browser.post(f"/welcome/{actions.invite(workspace, Role.OWNER)}/", form)
    assert Person.objects.get().language == "nb"
