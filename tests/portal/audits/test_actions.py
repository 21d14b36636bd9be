"""The audit log is added to and never changed, and holds no secret."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.audits.actions import asked_from, forget, record
from tieout.portal.audits.models import AppendOnlyError, Entry
from tieout.portal.audits.triggers import CREATE
from tieout.portal.audits.words import entry_sentence
from tieout.portal.feeds.actions import make_token
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import change_role
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def triggers(db: None) -> None:
    """As the migration leaves them; gone again with the test's transaction."""
    with connection.cursor() as cursor:
        for statement in CREATE:
            cursor.execute(statement)


def test_an_entry_says_who_did_what_from_where(workspace: Workspace, owner: Person) -> None:
    with asked_from("192.0.2.7"):
        entry = record(workspace, "paused", person=owner, reason="quiet")
    assert (entry.who, entry.address, entry.facts) == (
        "Test Owner <owner@example.com>",
        "192.0.2.7",
        {"reason": "quiet"},
    )
    assert record(workspace, "paused").address == ""


@pytest.mark.parametrize("statement", ["UPDATE audits_entry SET who = 'nobody'", "DELETE FROM audits_entry"])
def test_the_database_refuses_to_change_the_log(workspace: Workspace, triggers: None, statement: str) -> None:
    record(workspace, "paused", actor="somebody")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.in_workspace(workspace).get().who == "somebody"


def test_the_model_refuses_to_change_the_log(workspace: Workspace) -> None:
    entry = record(workspace, "paused")
    for change in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(who="x")):
        with pytest.raises(AppendOnlyError):
            change()


def test_retention_takes_what_is_old_and_never_what_is_younger_than_a_year(
    workspace: Workspace, triggers: None
) -> None:
    now = timezone.now()
    for days in (0, 300, 400, 3000):
        Entry.objects.create(workspace=workspace, kind="paused", at=now - timedelta(days=days), who=str(days))
    assert forget(before=now - timedelta(days=2000)) == 1
    assert forget(before=now + timedelta(days=1)) == 1
    assert set(Entry.objects.values_list("who", flat=True)) == {"0", "300"}


def test_an_entry_outlives_its_person(workspace: Workspace, owner: Person, triggers: None) -> None:
    entry = record(workspace, "paused", person=owner)
    Person.objects.filter(pk=owner.pk).delete()
    entry.refresh_from_db()
    assert entry.who == "Test Owner <owner@example.com>"


def test_signing_in_out_and_failing_to_is_logged_with_the_address(owner: Person, workspace: Workspace) -> None:
    browser = browser_of(REMOTE_ADDR="192.0.2.9")
    for password in ("not the password", PASSWORD):
        browser.post("/accounts/login/", {"login": owner.email, "password": password})
    browser.post("/accounts/logout/")
    entries = Entry.objects.in_workspace(workspace).order_by("id")
    assert [one.kind for one in entries] == ["sign_in_failed", "signed_in", "signed_out"]
    assert entries[1].facts == {"how": "password"}
    assert {one.address for one in entries} == {"192.0.2.9"}


def test_who_is_unknown_here_leaves_no_trace_of_what_was_typed(outsider: Client, workspace: Workspace) -> None:
    outsider.post("/accounts/login/", {"login": "a-password@example.com", "password": "x"})
    entry = Entry.objects.get()
    assert (entry.workspace_id, entry.who, entry.facts) == (None, "", {})


def test_what_the_history_tells_is_logged_and_tokens_are_not(workspace: Workspace, owner: Person) -> None:
    _token, secret = make_token(workspace, owner, name="Power BI", days=30)
    entry = Entry.objects.in_workspace(workspace).get()
    assert (entry.kind, entry.person) == ("feed_token_made", owner)
    assert secret not in str(entry.facts)
    assert "whsec_abc" not in str(record(workspace, "x", name="whsec_abcdef").facts)


def test_it_is_who_did_it_that_stands_in_the_log_and_not_whom_it_was_about(
    workspace: Workspace, owner: Person, reader: Person
) -> None:
    change_role(reader.memberships.get(), "administrator", by=owner)
    entry = Entry.objects.in_workspace(workspace).get(kind="role_changed")
    assert (entry.who, entry.facts["who"]) == ("Test Owner <owner@example.com>", "Test Reader")
    assert entry_sentence(entry) == "Test Reader is now Administrator"


def test_a_file_that_is_taken_away_is_logged(owner_browser: Client, owner: Person, workspace: Workspace) -> None:
    assert owner_browser.get("/audit/log.csv").status_code == 200
    assert Entry.objects.in_workspace(workspace).filter(kind="file_exported", person=owner).exists()


def test_what_a_token_reads_is_logged_once_an_hour_for_each_thing_and_address(
    workspace: Workspace, owner: Person, outsider: Client
) -> None:
    _token, secret = make_token(workspace, owner, name="Fixture token", days=9)
    feed, bearer = f"/odata/v4/{workspace.slug}/", {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    for address in (feed, feed, "/api/v1/me", "/api/v1/me"):
        assert outsider.get(address, **bearer).status_code == 200  # type: ignore[arg-type]
    outsider.get(feed, REMOTE_ADDR="192.0.2.7", **bearer)  # type: ignore[arg-type]
    outsider.get(feed, HTTP_AUTHORIZATION="Bearer tfeed_wrong")
    read = Entry.objects.in_workspace(workspace).filter(kind__in=("feed_read", "api_read")).order_by("id")
    assert [(one.kind, one.facts["what"], one.address) for one in read] == [
        ("feed_read", feed, "127.0.0.1"),
        ("api_read", "/api/v1/me", "127.0.0.1"),
        ("feed_read", feed, "192.0.2.7"),
    ]
    assert {one.who for one in read} == {"Test Owner <owner@example.com>"}
    assert secret not in str([one.facts for one in read])
