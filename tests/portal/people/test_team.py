"""The page People: inviting by e-mail, changing roles, removing, and the owner who stays."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.actions import LastOwnerError, change_role, give_role, remove_member
from tieout.portal.workspaces.models import Happening, Membership, Role, Workspace

PEOPLE = "/people/"
NEWCOMER = "newcomer@example.com"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def invited(browser: Client, email: str = NEWCOMER, role: str = "reader") -> str:
    """Invite somebody on the page; the path of the link in the e-mail."""
    answer = browser.post(PEOPLE, {"email": email, "role": role})
    assert answer.status_code == 302, text(answer)
    (path,) = re.findall(r"http://[^/]+(/welcome/\S+/)", str(mail.outbox[-1].body))
    return str(path)


def membership(person: Person) -> Membership:
    return Membership.objects.get(person=person)


def test_an_invited_person_makes_an_account_with_the_role(owner_browser: Client, outsider: Client) -> None:
    path = invited(owner_browser, "Newcomer@Example.com", "administrator")
    assert mail.outbox[-1].to == [NEWCOMER]
    assert mail.outbox[-1].reply_to == ["owner@example.com"]
    page = text(outsider.get(path))
    assert 'value="newcomer@example.com"' in page
    answer = outsider.post(path, {"name": "Test Newcomer", "password": PASSWORD, "email": "else@example.com"})
    assert answer.status_code == 302
    joined = Person.objects.get(email=NEWCOMER)
    assert membership(joined).role == Role.ADMINISTRATOR
    assert outsider.get("/sources/").status_code == 200
    assert browser_of().get(path).status_code == 410


def test_a_link_is_shown_once_to_copy_and_stored_as_a_fingerprint(owner_browser: Client) -> None:
    path = invited(owner_browser)
    assert path in text(owner_browser.get(PEOPLE))
    assert path not in text(owner_browser.get(PEOPLE))
    assert path.split("/")[2] not in str(list(Invitation.objects.values_list()))


def test_an_invitation_ends_after_seven_days_when_withdrawn_and_when_sent_again(
    owner_browser: Client, outsider: Client
) -> None:
    first = invited(owner_browser)
    again = reverse("people:invite_again", args=[Invitation.objects.get().pk])
    owner_browser.post(again)
    assert outsider.get(first).status_code == 410
    (second,) = re.findall(r"http://[^/]+(/welcome/\S+/)", str(mail.outbox[-1].body))
    assert outsider.get(second).status_code == 200
    owner_browser.post(reverse("people:withdraw", args=[Invitation.objects.get().pk]))
    assert outsider.get(second).status_code == 410
    third = invited(owner_browser)
    assert Invitation.objects.get().expires_at > datetime.now(UTC) + timedelta(days=6, hours=23)
    Invitation.objects.update(expires_at=datetime.now(UTC))
    assert outsider.get(third).status_code == 410
    assert "The invitation ran out" in text(owner_browser.get(PEOPLE))


def test_somebody_with_an_account_signs_in_and_joins(
    owner_browser: Client, outsider: Client, other_workspace: Workspace
) -> None:
    known = Person.objects.create_person(NEWCOMER, PASSWORD, name="Test Newcomer")
    give_role(other_workspace, known, Role.OWNER)
    path = invited(owner_browser)
    assert f"/accounts/login/?next={path}" in text(outsider.get(path))
    assert outsider.post(path, {"name": "x", "password": PASSWORD}).status_code == 200
    assert known.memberships.count() == 1
    browser = browser_of(known)
    assert browser.get(path).status_code == 200
    assert known.memberships.count() == 1, "opening joins nobody"
    assert browser.post(path).status_code == 302
    assert "Fixture Accounting" in text(browser.get("/sources/"))
    assert set(known.memberships.values_list("role", flat=True)) == {Role.OWNER, Role.READER}


def test_an_invitation_is_for_its_address_alone(owner_browser: Client, reader_browser: Client) -> None:
    path = invited(owner_browser)
    page = text(reader_browser.get(path))
    assert "You are signed in as reader@example.com" in page
    assert reader_browser.post(path, {"name": "x", "password": PASSWORD}).status_code == 200
    assert not Person.objects.filter(email=NEWCOMER).exists()


def test_who_is_in_already_is_not_invited(owner_browser: Client, reader: Person) -> None:
    answer = owner_browser.post(PEOPLE, {"email": "READER@example.com", "role": "owner"})
    assert "reader@example.com is in this workspace already." in text(answer)
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_a_mail_server_that_is_down_leaves_a_link_to_copy(owner_browser: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    page = text(owner_browser.post(PEOPLE, {"email": NEWCOMER, "role": "reader"}, follow=True))
    assert "The mail server did not take the e-mail" in page
    assert "/welcome/" in page


def test_a_role_is_changed_and_holds_from_the_next_page_on(
    owner_browser: Client, reader_browser: Client, reader: Person
) -> None:
    assert reader_browser.get("/sources/new/").status_code == 403
    answer = owner_browser.post(reverse("people:role", args=[membership(reader).pk]), {"role": "administrator"})
    assert answer["Location"] == PEOPLE
    assert reader_browser.get("/sources/new/").status_code == 200
    assert "Test Reader is now Administrator" in text(owner_browser.get(PEOPLE))


def test_a_removed_person_sees_nothing_from_the_next_page_on(
    owner_browser: Client, reader_browser: Client, reader: Person
) -> None:
    path = reverse("people:remove", args=[membership(reader).pk])
    assert owner_browser.get(path).status_code == 200
    assert reader_browser.get("/sources/").status_code == 200
    owner_browser.post(path)
    assert reader_browser.get("/sources/").status_code == 403
    assert Person.objects.filter(pk=reader.pk).exists()
    assert owner_browser.post(path).status_code == 404, "pressed twice"


def test_the_last_owner_stays_one(owner: Person, administrator: Person, workspace: Workspace) -> None:
    browser, own = browser_of(owner), membership(owner)
    assert "The last owner stays." in text(browser.get(PEOPLE))
    for path, fields in (
        (reverse("people:role", args=[own.pk]), {"role": "reader"}),
        (f"/people/{own.pk}/remove/", {}),
    ):
        page = browser.post(path, fields, follow=True)
        assert "A workspace needs an owner" in text(page)
    assert membership(owner).role == Role.OWNER
    change_role(membership(administrator), "owner", by=owner)
    change_role(own, "reader", by=owner)
    with pytest.raises(LastOwnerError):
        remove_member(membership(administrator), by=owner)
    assert list(Membership.objects.filter(role="owner").values_list("person", flat=True)) == [administrator.pk]


def test_an_owner_who_cannot_sign_in_is_no_owner_left(owner: Person, administrator: Person) -> None:
    change_role(membership(administrator), "owner", by=owner)
    Person.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(LastOwnerError):
        remove_member(membership(owner), by=owner)


def test_an_unknown_role_changes_nothing(owner_browser: Client, reader: Person) -> None:
    page = owner_browser.post(reverse("people:role", args=[membership(reader).pk]), {"role": "emperor"}, follow=True)
    assert "There is no such role." in text(page)
    assert membership(reader).role == Role.READER


def test_readers_and_administrators_are_refused_everywhere(
    owner: Person, reader_browser: Client, administrator_browser: Client, owner_browser: Client
) -> None:
    invited(owner_browser)
    own, invitation = membership(owner).pk, Invitation.objects.get().pk
    posts = [PEOPLE, f"/people/{own}/role/", f"/people/{own}/remove/"]
    posts += [f"/people/invitations/{invitation}/{act}/" for act in ("again", "withdraw")]
    for browser in (reader_browser, administrator_browser):
        assert [browser.post(path, {"role": "reader"}).status_code for path in posts] == [403] * len(posts)
        assert [browser.get(path).status_code for path in (PEOPLE, posts[2])] == [403, 403]
        assert 'href="/people/"' not in text(browser.get("/sources/"))
    assert 'href="/people/"' in text(owner_browser.get("/sources/"))
    assert not Happening.objects.filter(kind__in=("role_changed", "person_removed", "invitation_withdrawn")).exists()


def test_people_of_another_workspace_are_not_there(owner_browser: Client, other_workspace: Workspace) -> None:
    stranger = Person.objects.create_person("stranger@example.com", PASSWORD)
    theirs = give_role(other_workspace, stranger, "reader")
    assert "stranger@example.com" not in text(owner_browser.get(PEOPLE))
    assert owner_browser.post(f"/people/{theirs.pk}/role/", {"role": "owner"}).status_code == 404
    assert owner_browser.post(f"/people/{theirs.pk}/remove/").status_code == 404
