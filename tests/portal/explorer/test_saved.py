"""Saved questions: opened, renamed, shared and removed by who may; never met in another workspace."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.conftest import browser_of, make_source
from tests.portal.vouchers.books import MovingBooks
from tieout.portal.explorer.models import SavedQuery
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import give_role, limit_to
from tieout.portal.workspaces.models import Membership, Role, Workspace

pytestmark = pytest.mark.django_db(transaction=True)
SQL = "select count(*) from core.postings"


def saved(browser: Client, name: str = "Counted", **more: str) -> SavedQuery:
    assert browser.post(reverse("explorer:save"), {"sql": SQL, "name": name, **more}).status_code == 302
    return SavedQuery.objects.get(name=name)


def page_of(browser: Client, query: SavedQuery | None = None) -> str:
    return browser.get(reverse("explorer:sql"), {"saved": str(query.pk)} if query else {}).content.decode()


def status_of(browser: Client, query: SavedQuery) -> int:
    return browser.get(reverse("explorer:sql"), {"saved": str(query.pk)}).status_code


def test_a_question_is_saved_opened_renamed_and_removed(reader_browser: Client, workspace: Workspace) -> None:
    MovingBooks(workspace)
    assert "No question is saved yet" in page_of(reader_browser)
    query = saved(reader_browser)
    assert f"{SQL}</textarea>" in page_of(reader_browser, query)
    reader_browser.post(reverse("explorer:change", args=[query.pk]), {"name": "Postings"})
    assert ">Postings</a>" in page_of(reader_browser)
    reader_browser.post(reverse("explorer:remove", args=[query.pk]))
    assert "No question is saved yet" in page_of(reader_browser)


def test_a_name_taken_again_gets_the_new_text_and_no_name_saves_nothing(owner_browser: Client) -> None:
    saved(owner_browser)
    owner_browser.post(reverse("explorer:save"), {"sql": "select 2", "name": " Counted "})
    assert [one.sql for one in SavedQuery.objects.all()] == ["select 2"]
    owner_browser.post(reverse("explorer:save"), {"sql": SQL, "name": " "})
    owner_browser.post(reverse("explorer:save"), {"sql": " ", "name": "Nothing"})
    assert SavedQuery.objects.count() == 1


def test_what_is_shared_is_seen_by_all_and_changed_by_its_own_person(
    reader_browser: Client, owner_browser: Client
) -> None:
    own, shared = saved(owner_browser, "Own"), saved(owner_browser, "Shared", is_shared="1")
    assert status_of(reader_browser, own) == 404
    assert status_of(reader_browser, shared) == 200
    for act in ("change", "remove"):
        assert reader_browser.post(reverse(f"explorer:{act}", args=[shared.pk]), {"name": "Mine"}).status_code == 403
        assert reader_browser.post(reverse(f"explorer:{act}", args=[own.pk]), {"name": "Mine"}).status_code == 404
    assert SavedQuery.objects.count() == 2


def test_an_administrator_takes_away_what_others_share(administrator_browser: Client, reader_browser: Client) -> None:
    shared = saved(reader_browser, is_shared="1")
    administrator_browser.post(reverse("explorer:remove", args=[shared.pk]))
    assert not SavedQuery.objects.exists()


def test_who_looks_after_some_companies_and_strangers_meet_no_text_of_others(
    workspace: Workspace, other_workspace: Workspace, owner: Person, owner_browser: Client, reader: Person
) -> None:
    shared = saved(owner_browser, is_shared="1")
    limit_to(Membership.objects.in_workspace(workspace).get(person=reader), [make_source(workspace)], by=owner)
    assert status_of(browser_of(reader), shared) == 404
    stranger = Person.objects.create_person("stranger@example.com", "a fixture's long password", name="Test Stranger")
    give_role(other_workspace, stranger, Role.OWNER)
    assert status_of(browser_of(stranger), shared) == 404
