"""Switching between workspaces."""

from __future__ import annotations

from django.test import Client

from tests.portal.conftest import make_source
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


def test_role_taken_away_closes_the_workspace_at_once(owner_browser: Client, owner: Person) -> None:
    assert owner_browser.get("/sources/").status_code == 200
    owner.memberships.all().delete()
    assert owner_browser.get("/sources/").status_code == 403
