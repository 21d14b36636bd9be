"""Where somebody is signed in: the list, ending one or all others, and what a new password ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.audits.models import Entry
from tieout.portal.people.models import Person
from tieout.portal.people.sessions import device
from tieout.portal.workspaces.models import Workspace

PAGE = "/preferences/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18 Safari/604"
)


def signed_in(person: Person, **more: str) -> Client:
    """A browser that has opened a page."""
    browser = browser_of(person, **more)
    browser.get("/sources/")
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/sources/").status_code == 200


def test_each_browser_is_listed_with_address_and_times_this_one_marked(reader: Person) -> None:
    signed_in(reader, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="192.0.2.7")
    page = signed_in(reader, HTTP_USER_AGENT=FIREFOX).get(PAGE).content.decode()
    assert page.index("Firefox on Linux") < page.index("this browser") < page.index("Safari on iPhone")
    assert "192.0.2.7" in page
    assert page.count("this browser") == 1


def test_an_address_that_a_client_claims_is_not_believed(reader: Person) -> None:
    signed_in(reader, HTTP_X_FORWARDED_FOR="198.51.100.9")
    assert UserSession.objects.get().ip == "127.0.0.1"


def test_one_other_session_is_ended(reader: Person, workspace: Workspace) -> None:
    here, there, third = signed_in(reader), signed_in(reader), signed_in(reader)
    ending = UserSession.objects.get(session_key=there.session.session_key)
    assert "1 session ended." in here.post(f"{PAGE}sessions/{ending.pk}/end/", follow=True).content.decode()
    assert [is_in(one) for one in (here, there, third)] == [True, False, True]
    assert Entry.objects.in_workspace(workspace).get(kind="signed_out_elsewhere").facts == {"sessions": 1}
    assert "It had ended already" in here.post(f"{PAGE}sessions/{ending.pk}/end/", follow=True).content.decode()


def test_all_others_are_ended_and_nobody_elses(reader: Person, owner: Person) -> None:
    here, there, someone_else = signed_in(reader), signed_in(reader), signed_in(owner)
    theirs = UserSession.objects.get(user=owner)
    here.post(f"{PAGE}sessions/{theirs.pk}/end/")
    here.post(f"{PAGE}sessions/end/")
    assert [is_in(one) for one in (here, there, someone_else)] == [True, False, True]


def test_a_new_password_ends_all_other_sessions(reader: Person) -> None:
    here, there = signed_in(reader), signed_in(reader)
    new = "another long password of a fixture"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert here.get(PAGE).content.decode().count("/preferences/sessions/") == 0, "no other is listed"


def test_the_last_use_is_noted_every_five_minutes(reader: Person) -> None:
    browser = signed_in(reader)
    earlier = timezone.now() - timedelta(minutes=6)
    UserSession.objects.update(last_seen_at=earlier)
    browser.get("/sources/")
    noted = UserSession.objects.get().last_seen_at
    assert noted > earlier
    browser.get("/sources/")
    assert UserSession.objects.get().last_seen_at == noted, "a page costs no write"


@pytest.mark.parametrize(
    ("told", "names"), [(FIREFOX, ("Firefox", "Linux")), (PHONE, ("Safari", "iPhone")), ("curl/8", ("", ""))]
)
def test_browsers_have_the_names_that_people_know(told: str, names: tuple[str, str]) -> None:
    assert device(UserSession(user_agent=told)) == names


@pytest.mark.parametrize(
    ("since", "seen", "holds"),
    [
        (timedelta(days=13), timedelta(hours=23), True),
        (timedelta(days=13), timedelta(hours=25), False),
        (timedelta(days=14), timedelta(minutes=1), False),
    ],
)
def test_a_session_ends_a_day_after_its_last_use_and_two_weeks_after_the_sign_in(
    reader: Person, since: timedelta, seen: timedelta, holds: bool
) -> None:
    browser, now = signed_in(reader), timezone.now()
    UserSession.objects.update(created_at=now - since, last_seen_at=now - seen)
    assert is_in(browser) is holds
    assert UserSession.objects.exists() is holds


def test_a_page_that_asks_by_itself_does_not_keep_a_session_alive(reader: Person) -> None:
    browser, before = signed_in(reader), timezone.now() - timedelta(hours=20)
    UserSession.objects.update(last_seen_at=before)
    browser.get("/sources/", headers={"X-Requested-With": "poll"})
    assert UserSession.objects.get().last_seen_at == before
    browser.get("/sources/")
    assert UserSession.objects.get().last_seen_at > before
