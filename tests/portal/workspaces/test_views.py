"""Switching between workspaces."""

from __future__ import annotations

from django.test import Client

from tests.portal.conftest import HOST, PASSWORD, make_source
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.actions import give_role
from tieout.portal.workspaces.models import Workspace


def test_person_of_several_switches_and_sees_each_alone(
    owner_browser: Client, owner: Person, source: Source, other_workspace: Workspace
) -> None:
    give_role(other_workspace, owner, "reader")
    make_source(other_workspace, "Theirs AS", "920000008")
    owner_browser.post("/workspaces/fixture-accounting/open/")
    assert "Fixture Trading AS" in owner_browser.get("/sources/").content.decode()
    answer = owner_browser.post("/workspaces/another-workspace/open/", follow=True).content.decode()
    assert "Theirs AS" in answer
    assert "Fixture Trading AS" not in answer
    assert owner_browser.post(f"/sources/{source.pk}/pause/").status_code == 403, "a reader there"


def test_workspace_of_others_is_not_there(owner_browser: Client, other_workspace: Workspace) -> None:
    assert owner_browser.post("/workspaces/another-workspace/open/").status_code == 404


def test_switching_takes_a_form(owner_browser: Client, workspace: Workspace) -> None:
    assert owner_browser.get(f"/workspaces/{workspace.slug}/open/").status_code == 405


def test_a_form_after_the_session_ended_changes_nothing_and_leads_back_to_its_page(
    outsider: Client, owner: Person, source: Source
) -> None:
    page = f"http://{HOST}/sources/?status=healthy"
    answer = outsider.post(f"/sources/{source.pk}/pause/", headers={"referer": page})
    assert answer["Location"] == "/accounts/login/?next=/sources/%3Fstatus%3Dhealthy"
    assert "Your session had ended" in outsider.get(answer["Location"]).content.decode()
    back = outsider.post(answer["Location"], {"login": owner.email, "password": PASSWORD})
    assert back["Location"] == "/sources/?status=healthy"
    source.refresh_from_db()
    assert not source.is_paused


def test_a_form_of_another_site_leads_to_the_start(outsider: Client, source: Source) -> None:
    answer = outsider.post(f"/sources/{source.pk}/pause/", headers={"referer": "https://evil.example/sources/"})
    assert answer["Location"] == "/accounts/login/?next=/"


def test_role_taken_away_closes_the_workspace_at_once(owner_browser: Client, owner: Person) -> None:
    assert owner_browser.get("/sources/").status_code == 200
    owner.memberships.all().delete()
    assert owner_browser.get("/sources/").status_code == 403
