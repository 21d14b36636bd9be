"""Pages of data sources."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.portal.conftest import make_source
from tieout.portal.sources.models import Credentials, Source
from tieout.portal.workspaces.models import Workspace


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_list_shows_sources_with_status_and_proof(reader_browser: Client, source: Source) -> None:
    page = text(reader_browser.get("/sources/"))
    assert source.name in page
    assert "910\u00a0000\u00a0004" in page
    assert '<span class="status ok">Healthy</span>' in page
    assert '<span class="proof ok">Proved</span>' in page
    assert "The data source is fresh and proved" in page


def test_home_leads_to_the_list(reader_browser: Client) -> None:
    answer = reader_browser.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/sources/")


def test_empty_workspace_explains_itself(owner_browser: Client, reader_browser: Client) -> None:
    assert "Three steps" in text(owner_browser.get("/sources/"))
    assert "An owner or administrator adds data sources" in text(reader_browser.get("/sources/"))


def test_search_without_a_match_says_so_and_escapes_it(reader_browser: Client, source: Source) -> None:
    page = text(reader_browser.get("/sources/", {"q": "<script>"}))
    assert "No source matches “&lt;script&gt;”" in page


def test_list_polls_only_while_something_goes_on(reader_browser: Client, source: Source) -> None:
    assert "data-poll=" not in text(reader_browser.get("/sources/"))
    Source.objects.update(activity="running")
    assert 'data-poll="/sources/?q=fix"' in text(reader_browser.get("/sources/?q=fix"))


def test_withdrawn_source_says_what_it_means_for_the_figures(owner_browser: Client, source: Source) -> None:
    Source.objects.update(approval_state="withdrawn", withdrawn_since=source.created_at)
    page = text(owner_browser.get(f"/sources/{source.pk}/settings/"))
    assert "Toy Books no longer accepts the approval" in page
    assert "Figures stand still" in page
    assert page.count('class="callout') == 1


def test_settings_are_changed_and_kept(administrator_browser: Client, source: Source) -> None:
    address = f"/sources/{source.pk}/settings/"
    answer = administrator_browser.post(address, {"name": "New name", "schedule": "180.workdays"}, follow=True)
    assert "The settings are saved." in text(answer)
    source.refresh_from_db()
    assert (source.name, source.interval_minutes, source.hours) == ("New name", 180, "workdays")
    assert "Every 3 hours, 06–20 on weekdays" in text(administrator_browser.get(f"/sources/{source.pk}/"))


def test_wrong_settings_keep_what_was_typed(administrator_browser: Client, source: Source) -> None:
    answer = administrator_browser.post(f"/sources/{source.pk}/settings/", {"name": "", "schedule": "7.always"})
    assert answer.status_code == 200
    assert 'href="#id_name"' in text(answer)
    source.refresh_from_db()
    assert source.interval_minutes == 60


def test_a_schedule_shows_the_next_five_before_it_is_saved(administrator_browser: Client, source: Source) -> None:
    assert text(administrator_browser.get(f"/sources/{source.pk}/settings/")).count("<li><time") == 5
    coming = f"/sources/{source.pk}/settings/coming/"
    assert text(administrator_browser.get(f"{coming}?schedule=15.workdays")).count("<time") == 5
    assert administrator_browser.get(f"{coming}?schedule=7.always").status_code == 404
    source.refresh_from_db()
    assert source.hours == "always"


def test_pause_and_resume(administrator_browser: Client, source: Source) -> None:
    administrator_browser.post(f"/sources/{source.pk}/pause/")
    assert "Paused since" in text(administrator_browser.get(f"/sources/{source.pk}/settings/"))
    administrator_browser.post(f"/sources/{source.pk}/resume/")
    source.refresh_from_db()
    assert not source.is_paused


def test_removing_asks_for_the_name_and_what_becomes_of_the_data(owner_browser: Client, source: Source) -> None:
    address = f"/sources/{source.pk}/remove/"
    assert "In Toy Books, under Settings, Extensions." in text(owner_browser.get(address))
    for incomplete in ({}, {"rows": "keep"}, {"rows": "keep", "name": "Another AS"}, {"name": source.name}):
        assert owner_browser.post(address, incomplete).status_code == 200
    assert Credentials.objects.exists()
    answer = owner_browser.post(address, {"rows": "keep", "name": "fixture trading as"}, follow=True)
    assert "Fixture Trading AS is removed. In Toy Books" in text(answer)
    assert not Credentials.objects.exists()
    assert owner_browser.get(address).status_code == 404


ACTS = ("settings", "pause", "resume", "remove")


@pytest.mark.parametrize("act", ACTS)
def test_reader_by_direct_address_gets_a_403_page_and_changes_nothing(
    reader_browser: Client, source: Source, act: str
) -> None:
    answer = reader_browser.post(f"/sources/{source.pk}/{act}/", {"name": source.name, "rows": "keep"})
    assert answer.status_code == 403
    assert "You are a reader" in text(answer)
    source.refresh_from_db()
    assert (source.paused_at, source.removed_at) == (None, None)


def test_reader_sees_settings_but_no_button(reader_browser: Client, source: Source) -> None:
    page = text(reader_browser.get(f"/sources/{source.pk}/settings/"))
    assert "Every hour" in page
    assert "/pause/" not in page
    assert "/remove/" not in page


@pytest.mark.parametrize("act", ACTS)
def test_source_of_another_workspace_is_not_there(owner_browser: Client, other_workspace: Workspace, act: str) -> None:
    theirs = make_source(other_workspace, "Theirs AS", "920000008")
    assert owner_browser.post(f"/sources/{theirs.pk}/{act}/", {"name": "Mine now"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Theirs AS"


@pytest.mark.parametrize(
    "path", ["/sources/", "/sources/00000000-0000-4000-8000-000000000000/settings/", "/preferences/"]
)
def test_nobody_is_sent_to_sign_in(outsider: Client, path: str) -> None:
    answer = outsider.get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("act", ["pause", "resume"])
def test_acts_need_a_form(owner_browser: Client, source: Source, act: str) -> None:
    assert owner_browser.get(f"/sources/{source.pk}/{act}/").status_code == 405


def test_when_every_source_is_refused_the_operator_is_asked_before_the_companies(
    owner_browser: Client, source: Source, workspace: Workspace
) -> None:
    other = make_source(workspace, "Fixture Other AS", "910000012")
    Source.objects.update(approval_state="withdrawn", withdrawn_since=source.created_at)
    address = f"/sources/{source.pk}/settings/"
    assert "ask its operator first" in text(owner_browser.get(address))
    Source.objects.filter(pk=other.pk).update(approval_state="approved")
    assert "ask its operator" not in text(owner_browser.get(address))


@pytest.mark.parametrize("page", ["", "vouchers/", "saft/", "certificates/", "proof/open-items/"])
def test_the_menu_says_that_a_page_of_a_data_source_is_one(owner_browser: Client, source: Source, page: str) -> None:
    shown = owner_browser.get(f"/sources/{source.pk}/{page}").content.decode()
    assert shown.count('<a href="/sources/" aria-current="true">') == 1
    assert '<a href="/close/" aria-current' not in shown
