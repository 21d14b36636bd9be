from __future__ import annotations

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.portal.approvals.books import Client, System
from tests.portal.approvals.conftest import Outsider, approve, connected
from tests.portal.approvals.views.test_letter import text
from tieout.portal.approvals import actions
from tieout.portal.approvals.models import ApprovalLink, OnboardingSession
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.workspaces.models import Workspace


@pytest.fixture
def source(workspace: Workspace, administrator: Person, system: System, nordlys: Client) -> Source:
    return connected(workspace, system, nordlys, administrator)


def address(name: str, source: Source) -> str:
    return reverse(f"approvals:{name}", args=[source.pk])


def test_the_tab_says_who_approved_how_and_what_may_be_read(
    administrator_browser: Browser, source: Source, system: System, nordlys: Client, administrator: Person
) -> None:
    page = text(administrator_browser.get(address("access", source)))
    for said in (
        "approver@example.com",
        "Approved from the portal by Test Administrator",
        "AccountTransaction",
        "Granted, but the company lacks the module",
        "Recreate the connection",
        "Copy authentication link",
        "In Fixture Books, under Settings, Extensions.",
    ):
        assert said in page
    fresh = actions.make_renewal_link(source, by=administrator)
    approve(wish_of(fresh.link), system, nordlys)
    page = text(administrator_browser.get(address("access", source)))
    assert "Approval link made" in page
    assert "Approved once more" in page


def test_recreate_opens_in_a_new_tab_and_asks_for_the_same_company(
    administrator_browser: Browser, source: Source, system: System, nordlys: Client
) -> None:
    assert f'action="{address("recreate", source)}" target="_blank"' in text(
        administrator_browser.get(address("access", source))
    )
    for name in ("access", "recreate"):
        policy = administrator_browser.get(address(name, source))["Content-Security-Policy"]
        assert "form-action 'self' https:" in policy, "else Chromium stops the form's redirect"
    begun = len(system.begun)
    assert "Continue" in text(administrator_browser.get(address("recreate", source)))
    assert len(system.begun) == begun
    assert administrator_browser.post(address("recreate", source)).status_code == 303
    assert OnboardingSession.objects.latest("started_at").source == source
    system.changes_keys = True
    me = Outsider(system, administrator_browser)
    me.callback = system.begun[-1][0].removeprefix("http://127.0.0.1:8000")
    assert me.come_back(nordlys).request["PATH_INFO"] == reverse("syncs:overview", args=[source.pk])
    assert client_key(source).reveal() == nordlys.key


def test_another_company_is_refused_and_can_become_a_source_of_its_own(
    administrator_browser: Browser, source: Source, system: System, drift: Client
) -> None:
    old = client_key(source).reveal()
    administrator_browser.post(address("recreate", source))
    me = Outsider(system, administrator_browser)
    me.callback = system.begun[-1][0].removeprefix("http://127.0.0.1:8000")
    page = me.come_back(drift)
    assert "The approval was for another company" in text(page)
    assert f'href="/sources/new/books/?company={drift.number}"' in page.content.decode()
    assert client_key(source).reveal() == old


def test_copy_authentication_link_makes_one_for_this_company_at_one_press(
    administrator_browser: Browser, source: Source
) -> None:
    page = administrator_browser.post(address("authentication_link", source), follow=True)
    assert "/approve/" in text(page)
    link = ApprovalLink.objects.get()
    assert (link.source, link.organisation_number) == (source, source.organisation_number)
    assert "valid until" in text(administrator_browser.get(address("access", source)))


def test_renewal_with_a_key_takes_the_same_company_only(
    administrator_browser: Browser, source: Source, system: System, nordlys: Client, drift: Client
) -> None:
    page = administrator_browser.post(address("renew_key", source), {"client_key": drift.key})
    assert "another company" in text(page)
    assert client_key(source).reveal() == nordlys.key
    Sync.objects.all().delete()
    nordlys.key = "a new key"
    page = administrator_browser.post(address("renew_key", source), {"client_key": "a new key"}, follow=True)
    assert "The connection is renewed" in text(page)
    assert client_key(source).reveal() == "a new key"
    assert Sync.objects.get().reason == "renewal"


def test_a_source_of_a_system_with_keys_is_renewed_with_a_key(
    administrator_browser: Browser, system: System, nordlys: Client
) -> None:
    administrator_browser.post(reverse("approvals:key", args=["keybooks"]), {"client_key": nordlys.key})
    source = Source.objects.get()
    for name in ("recreate", "authentication_link"):
        assert administrator_browser.get(address(name, source))["Location"] == address("renew_key", source)
    assert (
        "Copy authentication link"
        not in text(administrator_browser.get(address("access", source)))
        .partition("<main")[2]
        .partition("</menu>")[0]
        .partition('id="approval"')[2]
    )


def test_readers_see_the_tab_and_get_403_for_everything_else(
    reader_browser: Browser, source: Source, system: System, administrator: Person
) -> None:
    page = text(reader_browser.get(address("access", source)))
    assert "approver@example.com" in page
    assert address("recreate", source) not in page
    link = actions.make_renewal_link(source, by=administrator).link
    begun = len(system.begun)
    refused = [
        reverse("approvals:new"),
        *(reverse(f"approvals:{step}", args=["books"]) for step in ("how", "myself", "share", "key")),
        reverse("approvals:links"),
        *(reverse(f"approvals:{name}", args=[link.pk]) for name in ("link", "preview", "progress")),
        *(address(name, source) for name in ("recreate", "authentication_link", "renew_key")),
    ]
    posted = [
        *refused,
        *(reverse(f"approvals:{name}", args=[link.pk]) for name in ("send", "resend", "revoke")),
    ]
    assert {path: reader_browser.get(path).status_code for path in refused} == dict.fromkeys(refused, 403)
    assert {path: reader_browser.post(path).status_code for path in posted} == dict.fromkeys(posted, 403)
    assert len(system.begun) == begun


def test_nobody_signed_in_is_sent_to_sign_in(outsider: Browser, source: Source) -> None:
    for path in (reverse("approvals:new"), reverse("approvals:links"), address("access", source)):
        assert outsider.get(path)["Location"].startswith("/accounts/login/")


def test_a_key_changed_through_another_workspace_is_told_here(
    administrator_browser: Browser,
    source: Source,
    other_workspace: Workspace,
    system: System,
    nordlys: Client,
    administrator: Person,
) -> None:
    system.changes_keys = True
    approve(wish_of(actions.make_link(other_workspace, connector="books", by=administrator).link), system, nordlys)
    assert "was approved anew in another workspace" in text(administrator_browser.get(address("access", source)))
    connected(source.workspace, system, nordlys, administrator)
    assert "was approved anew in another workspace," not in text(administrator_browser.get(address("access", source)))
