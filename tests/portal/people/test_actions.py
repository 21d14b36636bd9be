"""People: added by the operator, or by a one-time link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.portal.conftest import PASSWORD
from tieout.portal.people import actions
from tieout.portal.people.models import Invitation, Person
from tieout.portal.workspaces.models import Membership, Role, Workspace


def test_added_person_can_sign_in_and_has_the_role(workspace: Workspace) -> None:
    person = actions.add_person(
        workspace, email=" Fixture@Example.com ", name="Test Person", role="reader", password=PASSWORD
    )
    assert person.email == "fixture@example.com"
    assert person.check_password(PASSWORD)
    assert Membership.objects.get(person=person).role == Role.READER


def test_known_person_joins_another_workspace_with_the_same_password(owner: Person, other_workspace: Workspace) -> None:
    same = actions.add_person(other_workspace, email="OWNER@example.com", name="Else", role="reader", password="other")
    assert same == owner
    same.refresh_from_db()
    assert same.check_password(PASSWORD)
    assert same.memberships.count() == 2


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("no address", PASSWORD),
        ("a@example.com", "short"),
        ("a@example.com", "123456789012345"),
        ("a-fixture@example.no", "a-fixture@example.no1"),
    ],
)
def test_weak_passwords_and_wrong_addresses_are_refused(workspace: Workspace, email: str, password: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        actions.add_person(workspace, email=email, name="", role="owner", password=password)
    assert not Person.objects.exists()


def test_unknown_role_is_refused_and_nothing_stays(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="emperor"):
        actions.add_person(workspace, email="a@example.com", name="", role="emperor", password=PASSWORD)
    assert not Person.objects.exists()


def test_first_owner_is_invited_only_while_there_is_nobody(db: None) -> None:
    token = actions.invite_first_owner()
    assert token
    actions.accept(token, email="a@example.com", name="Test Owner", password=PASSWORD)
    assert Membership.objects.get().role == Role.OWNER
    assert Workspace.objects.get().name == "Default"
    assert actions.invite_first_owner() is None


def test_link_is_stored_as_a_hash_and_works_once(workspace: Workspace) -> None:
    token = actions.invite(workspace, Role.OWNER)
    assert token not in Invitation.objects.get().token_hash
    actions.accept(token, email="a@example.com", name="", password=PASSWORD)
    with pytest.raises(actions.LinkUsedError):
        actions.accept(token, email="b@example.com", name="", password=PASSWORD)


def test_link_ends_after_a_day_and_when_a_new_one_is_made(workspace: Workspace) -> None:
    first = actions.invite(workspace, Role.OWNER)
    second = actions.invite(workspace, Role.OWNER)
    with pytest.raises(actions.LinkUsedError):
        actions.open_invitation(first)
    assert actions.open_invitation(second).expires_at <= datetime.now(UTC) + timedelta(hours=24)
    Invitation.objects.update(expires_at=datetime.now(UTC))
    with pytest.raises(actions.LinkUsedError):
        actions.open_invitation(second)


def test_link_survives_a_wrong_password_and_a_taken_address(workspace: Workspace, reader: Person) -> None:
    token = actions.invite(workspace, Role.OWNER)
    for email, password in (("a@example.com", "short"), (reader.email, PASSWORD)):
        with pytest.raises(ValueError, match=r".+"):
            actions.accept(token, email=email, name="", password=password)
    assert actions.open_invitation(token)
