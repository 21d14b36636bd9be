"""Pages of alerts: what is not over, what is, who is told, and whether e-mails arrive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tieout.portal.alerts import watch
from tieout.portal.alerts.models import ProofWish
from tieout.portal.alerts.receivers import choice_of, chosen
from tieout.portal.people.models import Person
from tieout.portal.sources.models import ApprovalState, Source, Trouble
from tieout.portal.workspaces.models import Workspace


def page(browser: Client, name: str, *args: object, **query: str) -> str:
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def withdrawn(source: Source) -> Source:
    now = datetime.now(UTC)
    Source.objects.filter(pk=source.pk).update(approval_state=ApprovalState.WITHDRAWN, withdrawn_since=now)
    watch.look(now=now)
    source.refresh_from_db()
    return source


def test_error_is_listed_and_counted_in_the_menu_with_what_to_do(withdrawn: Source, reader_browser: Client) -> None:
    html = page(reader_browser, "alerts:list")
    assert "Fixture Trading AS: approval withdrawn" in html
    assert 'class="count bad"' in html
    assert "Recreate the connection" in html


def test_what_is_over_is_listed_as_resolved_and_counted_no_more(withdrawn: Source, reader_browser: Client) -> None:
    Source.objects.update(approval_state=ApprovalState.APPROVED)
    watch.look(now=datetime.now(UTC) + timedelta(minutes=1))
    html = page(reader_browser, "alerts:list", show="resolved")
    assert "Fixture Trading AS: approval withdrawn" in html
    assert 'class="count bad"' not in html
    assert "Nothing needs anybody." in html


def test_incidents_of_another_workspace_are_not_shown(
    withdrawn: Source, other_workspace: Workspace, reader: Person, reader_browser: Client
) -> None:
    reader.memberships.update(workspace=other_workspace)
    assert "Fixture Trading AS" not in page(reader_browser, "alerts:list")


def test_incident_of_the_installation_is_shown_to_its_owner_and_said_without_names_to_others(
    source: Source, owner_browser: Client, reader_browser: Client
) -> None:
    now = datetime.now(UTC)
    Source.objects.update(trouble=Trouble.OPERATOR, trouble_since=now)
    watch.look(now=now)
    assert "refuses our own keys" in page(owner_browser, "alerts:list")
    html = page(reader_browser, "alerts:list")
    assert "refuses our own keys" not in html
    assert "installation" in html


def test_pages_say_so_where_no_mail_is_set(owner_browser: Client, source: Source, settings: Settings) -> None:
    settings.IS_MAIL_SET = False
    for name in ("alerts:list", "alerts:choices", "alerts:who", "alerts:mail"):
        assert "No mail server is set up" in page(owner_browser, name)
    assert "Tell me when it is proved" not in page(owner_browser, "syncs:overview", source.pk)


def test_person_chooses_what_to_be_told_of(reader_browser: Client, workspace: Workspace, reader: Person) -> None:
    answer = reader_browser.post(reverse("alerts:choices"), {"kinds": ["not_proved"], "digest": "no"})
    assert answer.status_code == 302
    choice = choice_of(workspace, reader)
    assert "approval_withdrawn" in choice.silenced
    assert "not_proved" not in choice.silenced
    assert not choice.digest


def test_administrator_chooses_who_is_told(
    administrator_browser: Client, workspace: Workspace, source: Source, reader: Person, other_workspace: Workspace
) -> None:
    stranger = Person.objects.create_person("stranger@example.com", "a fixture's long password")
    administrator_browser.post(reverse("alerts:who"), {"people": [reader.pk]})
    administrator_browser.post(reverse("alerts:who_of_source", args=[source.pk]), {"people": [reader.pk, stranger.pk]})
    assert chosen(workspace) == [reader]
    assert chosen(workspace, source) == [reader], "who is not of the workspace is no choice"
    assert "Test Reader" in page(administrator_browser, "alerts:who")
    assert "Test Reader" in page(administrator_browser, "alerts:who_of_source", source.pk)


@pytest.mark.parametrize("name", ["alerts:who", "alerts:mail"])
def test_readers_change_nothing_for_others(reader_browser: Client, name: str) -> None:
    assert reader_browser.get(reverse(name)).status_code == 403


def test_test_goes_to_the_person_who_asks(administrator_browser: Client, administrator: Person) -> None:
    administrator_browser.post(reverse("alerts:mail"))
    assert [letter.to for letter in mail.outbox] == [[administrator.email]]
    assert "e-mails arrive" in mail.outbox[0].subject


def test_mail_server_that_refuses_is_shown(administrator_browser: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    answer = administrator_browser.post(reverse("alerts:mail"))
    assert answer.status_code == 502
    assert "did not take the test" in answer.content.decode()


def test_wish_is_made_and_taken_back_beside_sync_now(reader_browser: Client, source: Source) -> None:
    assert "Tell me when it is proved" in page(reader_browser, "syncs:overview", source.pk)
    reader_browser.post(reverse("alerts:wish", args=[source.pk]))
    assert ProofWish.objects.count() == 1
    assert "You are told when it is proved" in page(reader_browser, "syncs:overview", source.pk)
    reader_browser.post(reverse("alerts:wish", args=[source.pk]))
    assert not ProofWish.objects.exists()
