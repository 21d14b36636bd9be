"""Groups and responsible persons: what a membership sees through a group, and doing one thing to many companies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import browser_of, make_source
from tests.portal.test_companies_of_a_member import addresses
from tieout.portal.alerts.models import Incident, Kind, Message
from tieout.portal.alerts.receivers import receivers_of
from tieout.portal.groups import actions
from tieout.portal.groups.models import Group
from tieout.portal.people.actions import accept, invite_person
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import limit_to, remove_member
from tieout.portal.workspaces.models import Happening, Membership, Role, Workspace


@pytest.fixture
def companies(workspace: Workspace) -> list[Source]:
    return [make_source(workspace, f"Fixture {number:03d} AS", f"{910_000_000 + number}") for number in range(60)]


@pytest.fixture
def group(workspace: Workspace, companies: list[Source], owner: Person) -> Group:
    made = actions.make_group(workspace, "Retail", by=owner)
    actions.put_in(made, companies[:3], by=owner)
    return made


def member_of(workspace: Workspace, person: Person) -> Membership:
    return Membership.objects.in_workspace(workspace).select_related("workspace").get(person=person)


def limited_to_group(workspace: Workspace, person: Person, group: Group, owner: Person) -> Client:
    limit_to(member_of(workspace, person), [], groups=[group], by=owner)
    return browser_of(person)


def test_who_is_limited_to_a_group_sees_a_company_from_the_moment_it_is_added(
    workspace: Workspace, companies: list[Source], group: Group, reader: Person, owner: Person
) -> None:
    browser = limited_to_group(workspace, reader, group, owner)
    assert browser.get(f"/sources/{companies[2].pk}/").status_code == 200
    assert browser.get(f"/sources/{companies[3].pk}/").status_code == 404
    actions.put_in(group, [companies[3]], by=owner)
    assert browser.get(f"/sources/{companies[3].pk}/").status_code == 200
    actions.take_out(group, companies[:2], by=owner)
    assert browser.get(f"/sources/{companies[0].pk}/").status_code == 404
    actions.remove_group(group, by=owner)
    assert browser.get(f"/sources/{companies[3].pk}/").status_code == 404


def test_no_address_of_a_company_outside_the_group_opens(
    workspace: Workspace, companies: list[Source], group: Group, administrator: Person, owner: Person
) -> None:
    browser = limited_to_group(workspace, administrator, group, owner)
    for address in addresses(companies[9].pk):
        assert browser.get(address).status_code in (404, 405), address
        assert browser.post(address).status_code in (403, 404, 405), address


def test_named_companies_and_groups_add_up_to_one_scope(
    workspace: Workspace, companies: list[Source], group: Group, reader: Person, owner: Person
) -> None:
    member = member_of(workspace, reader)
    limit_to(member, companies[2:5], groups=[group], by=owner)
    assert set(member.scope() or ()) == {one.pk for one in companies[:5]}
    limit_to(member, None, by=owner)
    assert member.scope() is None
    assert not member.groups.exists()


def test_a_group_of_others_is_not_shown_to_who_is_limited(
    workspace: Workspace, companies: list[Source], group: Group, reader: Person, owner: Person
) -> None:
    secret = actions.make_group(workspace, "Confidential sale", by=owner)
    actions.put_in(secret, companies[10:], by=owner)
    page = limited_to_group(workspace, reader, group, owner).get("/sources/").content.decode()
    assert "Retail" in page
    assert "Confidential" not in page
    assert "Fixture 010" not in page


def test_a_limited_administrator_changes_no_groups_and_so_not_what_he_sees(
    workspace: Workspace, companies: list[Source], group: Group, administrator: Person, owner: Person
) -> None:
    browser = limited_to_group(workspace, administrator, group, owner)
    asked = {"act": "put", "to_group": group.pk, "source": [str(companies[0].pk), str(companies[9].pk)]}
    assert browser.post("/sources/several/", asked).status_code == 403
    assert browser.get("/groups/").status_code == 403
    assert browser.post(f"/groups/{group.pk}/", {"name": "Mine", "companies": []}).status_code == 403
    assert browser.post(f"/groups/{group.pk}/remove/").status_code == 403
    assert group.companies.count() == 3


def test_the_group_of_another_workspace_is_not_there(
    companies: list[Source], other_workspace: Workspace, owner: Person, administrator_browser: Client
) -> None:
    foreign = actions.make_group(other_workspace, "Foreign", by=owner)
    assert administrator_browser.get(f"/groups/{foreign.pk}/").status_code == 404
    asked = {"act": "put", "to_group": foreign.pk, "source": [str(companies[0].pk)]}
    assert administrator_browser.post("/sources/several/", asked).status_code == 404
    assert actions.put_in(foreign, companies[:1], by=owner) == 0  # nor can a company of one be in the other's


def test_all_that_the_list_shows_on_every_page_is_put_in_a_group_at_once(
    companies: list[Source], group: Group, administrator_browser: Client
) -> None:
    asked = {"act": "put", "to_group": group.pk, "all": "1", "q": "Fixture 0"}
    answer = administrator_browser.post("/sources/several/", asked, follow=True)
    assert group.companies.count() == 60
    assert "57 companies added to Retail" in answer.content.decode()
    administrator_browser.post("/sources/several/", asked | {"act": "take", "q": "Fixture 05"})
    assert group.companies.count() == 50
    assert Happening.objects.filter(kind="group_changed").count() == 3


def test_a_group_is_made_named_filled_and_removed_on_its_pages(
    companies: list[Source], administrator_browser: Client
) -> None:
    administrator_browser.post("/groups/", {"name": "  Cafés   and bars "})
    made = Group.objects.get()
    assert made.name == "Cafés and bars"
    assert "already" in administrator_browser.post("/groups/", {"name": "cafés and bars"}).content.decode()
    ticked = [str(one.pk) for one in companies[:2]]
    administrator_browser.post(f"/groups/{made.pk}/", {"name": "Bars", "companies": ticked})
    made.refresh_from_db()
    assert (made.name, made.companies.count()) == ("Bars", 2)
    listed = administrator_browser.get(f"/sources/?group={made.pk}").content.decode()
    assert "Fixture 001 AS" in listed
    assert "Fixture 002 AS" not in listed
    administrator_browser.post(f"/groups/{made.pk}/remove/")
    assert not Group.objects.exists()
    assert Source.objects.count() == 60


def test_everybody_finds_his_own_companies_in_the_list_and_on_the_close_board(
    workspace: Workspace, companies: list[Source], reader: Person, owner: Person, administrator_browser: Client
) -> None:
    asked = {"act": "responsible", "responsible": reader.pk, "source": [str(one.pk) for one in companies[:4]]}
    administrator_browser.post("/sources/several/", asked)
    assert Source.objects.filter(responsible=reader).count() == 4
    for address in ("/sources/", "/close/"):
        page = browser_of(reader).get(f"{address}?whose=mine").content.decode()
        assert "Fixture 003 AS" in page
        assert "Fixture 004 AS" not in page
        nobodys = browser_of(reader).get(f"{address}?whose=nobody").content.decode()
        assert "Fixture 003 AS" not in nobodys
        assert "Fixture 004 AS" in nobodys
        assert "Fixture 003 AS" in browser_of(reader).get(f"{address}?q=test+reader").content.decode()


def test_nobody_becomes_responsible_for_what_he_does_not_see(
    workspace: Workspace, companies: list[Source], group: Group, reader: Person, owner: Person
) -> None:
    limited_to_group(workspace, reader, group, owner)
    with pytest.raises(actions.DoesNotSeeError, match="Fixture 003"):
        actions.make_responsible(workspace, companies[:4], reader, by=owner)
    assert not Source.objects.exclude(responsible=None).exists()
    assert actions.make_responsible(workspace, companies[:3], reader, by=owner) == 3
    limit_to(member_of(workspace, reader), companies[:1], by=owner)
    assert list(Source.objects.filter(responsible=reader)) == companies[:1]
    remove_member(member_of(workspace, reader), by=owner)
    assert not Source.objects.exclude(responsible=None).exists()


def test_the_responsible_person_is_told_first_and_the_others_a_day_later(
    workspace: Workspace, companies: list[Source], reader: Person, owner: Person, administrator: Person
) -> None:
    actions.make_responsible(workspace, companies[:1], reader, by=owner)
    now = timezone.now()
    incident = Incident(workspace=workspace, source=companies[0], kind=Kind.NOT_PROVED, since=now, opened_at=now)
    assert set(receivers_of(incident)) == {owner, administrator}
    workspace.responsible_first = True
    workspace.save()
    companies[0].refresh_from_db()
    incident.source = companies[0]
    assert receivers_of(incident) == [reader]
    assert set(receivers_of(incident, is_late=True)) == {owner, administrator, reader}
    incident.source = companies[1]
    assert set(receivers_of(incident)) == {owner, administrator}


def test_an_open_incident_reaches_the_others_after_a_day_once(
    workspace: Workspace, companies: list[Source], reader: Person, owner: Person, mail_set: None
) -> None:
    from tieout.portal.alerts.watch import look

    workspace.responsible_first = True
    workspace.save()
    actions.make_responsible(workspace, companies[:1], reader, by=owner)
    now = timezone.now()
    Source.objects.exclude(pk=companies[0].pk).delete()
    Source.objects.update(verdict="not_proved", verdict_as_of=now, first_sync_done_at=now, last_complete_at=now)

    def told() -> set[Person]:
        return {one.person for one in Message.objects.select_related("person")}

    look(now=now)
    assert told() == {reader}
    look(now=now + timedelta(minutes=59))
    assert told() == {reader}
    Source.objects.update(last_complete_at=now + timedelta(hours=25))
    look(now=now + timedelta(hours=25))
    look(now=now + timedelta(hours=26))
    assert told() == {reader, owner}
    assert Message.objects.filter(person=owner, phase="begin", incident__kind="not_proved").count() == 1


@pytest.fixture
def mail_set(settings: object) -> None:
    settings.IS_MAIL_SET = True  # type: ignore[attr-defined]


def test_who_is_invited_for_a_group_sees_it_from_the_first_page_on(
    workspace: Workspace, companies: list[Source], group: Group, owner: Person, owner_browser: Client
) -> None:
    fresh = invite_person(workspace, email="new@example.com", role=Role.READER, by=owner, groups=[group])
    person = accept(fresh.token, email="", name="Test Reader", password="a long password of a fixture")
    assert member_of(workspace, person).scope() == frozenset(one.pk for one in companies[:3])
    address = f"/people/{member_of(workspace, person).pk}/companies/"
    assert "Retail" in owner_browser.get(address).content.decode()
    owner_browser.post(address, {"sees": "some", "companies": [str(companies[9].pk)], "groups": []})
    assert member_of(workspace, person).scope() == frozenset({companies[9].pk})


@pytest.mark.parametrize("chosen", ["", "999999", "x'; drop table", "mine"])
def test_a_person_who_is_not_there_becomes_responsible_for_nothing(
    companies: list[Source], administrator_browser: Client, chosen: str
) -> None:
    asked = {"act": "responsible", "responsible": chosen, "source": [str(companies[0].pk), "no id"]}
    assert administrator_browser.post("/sources/several/", asked).status_code == 302
    assert not Source.objects.exclude(responsible=None).exists()
