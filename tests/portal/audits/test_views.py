"""The page *Audit log*: owners only, filtered, exported."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from tieout.portal.audits.actions import record
from tieout.portal.audits.models import Entry
from tieout.portal.people.models import Person
from tieout.portal.workspaces.models import Workspace


def test_owners_see_the_log_and_nobody_else_does(owner_browser: Client, administrator_browser: Client) -> None:
    assert "Signed in" in owner_browser.get("/audit/").content.decode()
    for address in ("/audit/", "/audit/log.csv"):
        assert administrator_browser.get(address).status_code == 403


def test_another_workspaces_entries_are_not_there(owner_browser: Client, other_workspace: Workspace) -> None:
    record(other_workspace, "source_paused", actor="somebody elsewhere")
    assert "somebody elsewhere" not in owner_browser.get("/audit/").content.decode()
    assert "somebody elsewhere" not in owner_browser.get("/audit/log.csv").content.decode()


def test_it_is_filtered_by_kind_person_and_days_of_the_persons_zone(
    owner_browser: Client, owner: Person, workspace: Workspace
) -> None:
    late = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)  # 2 March in Oslo
    Entry.objects.create(workspace=workspace, kind="source_paused", at=late, who="A")
    Entry.objects.create(workspace=workspace, kind="link_made", at=late, who="B")

    def whos(query: str) -> set[str]:
        lines = owner_browser.get(f"/audit/log.csv?{query}").content.decode().splitlines()[1:]
        return {line.split(",")[1] for line in lines}

    assert whos("since=2025-03-02&until=2025-03-02") == {"A", "B"}
    assert whos("until=2025-03-01") == set()
    assert whos("group=links") == {"B"}
    assert whos("who=A&group=sources") == {"A"}
    assert "Enter a valid date" in owner_browser.get("/audit/?since=2025-02-31").content.decode()


def test_a_filter_that_matches_nothing_says_so(owner_browser: Client) -> None:
    assert "No entry matches" in owner_browser.get("/audit/?group=links").content.decode()


def test_the_file_holds_no_formula(owner_browser: Client, workspace: Workspace) -> None:
    record(workspace, "source_paused", actor="=cmd()")
    assert ",'=cmd()," in owner_browser.get("/audit/log.csv").content.decode()
