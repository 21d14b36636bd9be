"""A member's own page: the last day of access, after which the membership gives nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tests.portal.conftest import PASSWORD, browser_of, make_source
from tieout.portal.alerts.actions import choose_receivers
from tieout.portal.alerts.receivers import chosen
from tieout.portal.audits.models import Entry
from tieout.portal.feeds.actions import make_token, token_of_any_workspace
from tieout.portal.groups.queries import people_of
from tieout.portal.people.actions import invite_person, join
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.access import set_until
from tieout.portal.workspaces.actions import LastOwnerError, give_role, remove_member
from tieout.portal.workspaces.models import Membership, Role, Workspace, today
from tieout.portal.workspaces.queries import administrators_of

YESTERDAY = timedelta(days=-1)


def membership(person: Person) -> Membership:
    return Membership.every.get(person=person)


def ended(person: Person) -> Membership:
    """The person's membership, whose last day was yesterday."""
    Membership.every.filter(person=person).update(until=today() + YESTERDAY)
    return membership(person)


def test_the_last_day_is_a_day_of_access_and_the_next_is_none(reader: Person, reader_browser: Client) -> None:
    Membership.every.filter(person=reader).update(until=today())
    assert reader_browser.get("/sources/").status_code == 200
    ended(reader)
    assert reader_browser.get("/sources/").status_code == 403
    assert reader_browser.get("/preferences/").status_code == 200, "the account stays"


def test_who_has_no_access_any_more_gets_nothing(
    workspace: Workspace, owner: Person, administrator: Person, administrator_browser: Client
) -> None:
    source = make_source(workspace)
    _token, secret = make_token(workspace, administrator, name="Fixture", days=9)
    choose_receivers(workspace, [administrator], by=owner, source=source)
    pages = ("/sources/", f"/sources/{source.pk}/", "/feeds/", "/alerts/", "/reports/")
    assert [administrator_browser.get(page).status_code for page in pages] == [200] * len(pages)
    assert token_of_any_workspace(f"Bearer {secret}") is not None
    assert chosen(workspace, source) == [administrator]
    ended(administrator)
    assert [administrator_browser.get(page).status_code for page in pages] == [403] * len(pages)
    assert browser_of().get("/api/v1/me", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 401
    feed = browser_of().get(f"/odata/v4/{workspace.slug}/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert feed.status_code == 401
    assert chosen(workspace, source) == []
    assert list(administrators_of(workspace)) == [owner]
    assert people_of(workspace) == [owner]


def test_an_owner_sets_the_last_day_on_the_members_page(
    workspace: Workspace, owner_browser: Client, reader: Person
) -> None:
    page = f"/people/{membership(reader).pk}/"
    assert "Access until" in owner_browser.get(page).content.decode()
    assert "That day is over" in owner_browser.post(page, {"until": str(today() + YESTERDAY)}).content.decode()
    owner_browser.post(page, {"until": "2099-12-31"})
    assert str(membership(reader).until) == "2099-12-31"
    assert "2099" in owner_browser.get("/people/").content.decode()
    entry = Entry.objects.in_workspace(workspace).filter(kind="access_changed").get()
    assert entry.facts == {"who": "Test Reader", "until": "2099-12-31"}
    owner_browser.post(page, {"until": ""})
    assert membership(reader).until is None


def test_whose_access_ended_stands_in_the_list_and_can_be_let_in_again(
    workspace: Workspace, owner: Person, owner_browser: Client, reader: Person
) -> None:
    member = ended(reader)
    page = owner_browser.get("/people/").content.decode()
    assert "reader@example.com" in page
    assert "Ended" in page
    owner_browser.post(f"/people/{member.pk}/", {"until": str(today())})
    assert not membership(reader).has_ended
    ended(reader)
    fresh = invite_person(workspace, email=reader.email, role=Role.READER, by=owner)
    join(fresh.token, reader)
    assert membership(reader).until is None


def test_the_last_owner_has_no_last_day(workspace: Workspace, owner: Person, administrator: Person) -> None:
    member, day = membership(owner), today()
    page = browser_of(owner).post(f"/people/{member.pk}/", {"until": str(day)}).content.decode()
    assert "The last owner stays" in page
    give_role(workspace, administrator, Role.OWNER)
    set_until(member, day, by=administrator)
    with pytest.raises(LastOwnerError):
        set_until(membership(administrator), day, by=owner)
    with pytest.raises(LastOwnerError):
        remove_member(membership(administrator), by=owner)


def test_an_invitation_carries_the_last_day(owner_browser: Client, outsider: Client) -> None:
    owner_browser.post("/people/", {"email": "newcomer@example.com", "role": "reader", "until": "2099-12-31"})
    owner_browser.post(f"/people/invitations/{Invitation.objects.get().pk}/again/")
    (path,) = re.findall(r"http://[^/]+(/welcome/\S+/)", str(mail.outbox[-1].body))
    outsider.post(path, {"name": "Test Newcomer", "password": PASSWORD})
    assert str(membership(Person.objects.get(email="newcomer@example.com")).until) == "2099-12-31"


def test_an_unused_link_leads_nobody_back_who_was_removed(workspace: Workspace, owner: Person) -> None:
    invite_person(workspace, email="reader@example.com", role=Role.OWNER, by=owner)
    person = Person.objects.create_person("reader@example.com", PASSWORD)
    remove_member(give_role(workspace, person, Role.READER), by=owner)
    assert not Invitation.objects.exists()


def test_readers_open_no_members_page(reader_browser: Client, owner: Person) -> None:
    assert reader_browser.get(f"/people/{membership(owner).pk}/").status_code == 403
