"""Deactivating somebody in a workspace: what ends, what is listed to be taken over, and how it is taken back."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.portal.conftest import browser_of, make_source
from tieout.portal.alerts.actions import choose_receivers
from tieout.portal.audits.models import Entry
from tieout.portal.feeds.actions import make_token, token_of_any_workspace
from tieout.portal.groups.actions import make_responsible
from tieout.portal.people.actions import invite_person
from tieout.portal.people.deactivation import deactivate, left_of, reactivate
from tieout.portal.people.models import Invitation, Person
from tieout.portal.people.sessions import sessions_of
from tieout.portal.workspaces.actions import LastOwnerError, give_role
from tieout.portal.workspaces.models import Membership, Role, Workspace


def membership(person: Person) -> Membership:
    return Membership.every.get(person=person)


def test_a_deactivated_person_has_no_page_no_token_and_no_session(
    workspace: Workspace, owner_browser: Client, administrator: Person, administrator_browser: Client
) -> None:
    _token, secret = make_token(workspace, administrator, name="Fixture", days=9)
    assert administrator_browser.get("/sources/").status_code == 200
    assert len(sessions_of(administrator)) == 1
    member = membership(administrator)
    owner_browser.post(f"/people/{member.pk}/deactivate/")
    assert administrator_browser.get("/sources/").status_code == 302, "signed out"
    assert sessions_of(administrator) == []
    assert token_of_any_workspace(f"Bearer {secret}") is None
    assert browser_of(administrator).get("/sources/").status_code == 403, "signing in again opens nothing"
    page = owner_browser.get("/people/").content.decode()
    assert "Deactivated" in page
    kinds = set(Entry.objects.in_workspace(workspace).values_list("kind", flat=True))
    assert {"person_deactivated", "feed_token_revoked", "signed_out_elsewhere"} <= kinds


def test_who_is_in_another_workspace_keeps_their_session_there(
    workspace: Workspace, other_workspace: Workspace, owner: Person, reader: Person, reader_browser: Client
) -> None:
    give_role(other_workspace, reader, Role.READER)
    assert "Fixture Accounting" in reader_browser.get("/sources/").content.decode()
    deactivate(Membership.every.in_workspace(workspace).get(person=reader), by=owner)
    page = reader_browser.get("/sources/").content.decode()
    assert "Another Workspace" in page
    assert "Fixture Accounting" not in page


def test_access_is_given_back_with_the_same_role_and_without_the_tokens(
    workspace: Workspace, owner: Person, owner_browser: Client, administrator: Person
) -> None:
    _token, secret = make_token(workspace, administrator, name="Fixture", days=9)
    deactivate(membership(administrator), by=owner)
    owner_browser.post(f"/people/{membership(administrator).pk}/reactivate/")
    assert browser_of(administrator).get("/sources/new/").status_code == 200
    assert token_of_any_workspace(f"Bearer {secret}") is None
    reactivate(membership(administrator), by=owner)
    told = Entry.objects.in_workspace(workspace).filter(kind="person_reactivated")
    assert told.count() == 1, "again changes nothing"


def test_what_is_left_to_take_over_is_listed(
    workspace: Workspace, owner: Person, owner_browser: Client, administrator: Person
) -> None:
    source = make_source(workspace)
    assert not left_of(membership(administrator))
    make_responsible(workspace, [source], administrator, by=owner)
    make_token(workspace, administrator, name="Fixture token", days=9)
    choose_receivers(workspace, [administrator], by=owner, source=source)
    page = f"/people/{membership(administrator).pk}/"
    for is_before in (True, False):
        shown = owner_browser.get(page).content.decode()
        assert "Responsible for 1 company" in shown
        assert "Chosen to be told of incidents" in shown
        assert ("Fixture token" in shown) is is_before
        owner_browser.post(f"{page}deactivate/")


def test_the_last_owner_is_not_deactivated(owner: Person, owner_browser: Client, reader_browser: Client) -> None:
    page = f"/people/{membership(owner).pk}/"
    assert "deactivate/" not in owner_browser.get(page).content.decode()
    with pytest.raises(LastOwnerError):
        deactivate(membership(owner), by=owner)
    owner_browser.post(f"{page}deactivate/")
    assert membership(owner).deactivated_at is None
    assert reader_browser.post(f"{page}deactivate/").status_code == 403


def test_a_waiting_invitation_does_not_lead_back_in(workspace: Workspace, owner: Person, reader: Person) -> None:
    Membership.every.filter(person=reader).delete()
    invite_person(workspace, email=reader.email, role=Role.OWNER, by=owner)
    deactivate(give_role(workspace, reader, Role.READER), by=owner)
    assert not Invitation.objects.exists()
