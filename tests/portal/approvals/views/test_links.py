from __future__ import annotations

from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.portal.approvals.books import Client, System
from tests.portal.approvals.conftest import approve
from tests.portal.approvals.views.test_letter import text
from tests.portal.conftest import browser_of
from tieout.connectors.errors import TryLaterError
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.people.models import Person
from tieout.portal.workspaces.actions import give_role
from tieout.portal.workspaces.models import Workspace


def address(name: str, fresh: FreshLink) -> str:
    return reverse(f"approvals:{name}", args=[fresh.link.pk])


def test_the_list_shows_states_and_filters_by_them(
    administrator_browser: Browser, workspace: Workspace, administrator: Person, system: System
) -> None:
    for name in ("First", "Second"):
        actions.make_link(workspace, connector="books", by=administrator, recipient_name=f"{name} receiver")
    actions.revoke_link(ApprovalLink.objects.get(recipient_name="First receiver"), by=administrator)
    everything = text(administrator_browser.get(reverse("approvals:links")))
    assert "First receiver" in everything
    assert "Second receiver" in everything
    revoked = text(administrator_browser.get(reverse("approvals:links") + "?state=revoked"))
    assert "First receiver" in revoked
    assert "Second receiver" not in revoked


def test_revoke_ends_a_link(administrator_browser: Browser, fresh: FreshLink) -> None:
    page = administrator_browser.post(address("revoke", fresh), follow=True)
    assert "The link is revoked" in text(page)
    assert browser_of().get(reverse("approvals:request", args=[fresh.token])).status_code == 410


def test_resend_shows_a_new_address_and_ends_the_old_one(administrator_browser: Browser, fresh: FreshLink) -> None:
    page = administrator_browser.post(address("resend", fresh), follow=True)
    assert "The earlier one no longer works" in text(page)
    assert "/approve/" in text(page)
    assert fresh.token not in text(page)
    old = browser_of().get(reverse("approvals:request", args=[fresh.token]))
    assert "A newer link was made in its place" in text(old)


def test_a_link_is_e_mailed_from_the_page_that_shows_it(administrator_browser: Browser, fresh: FreshLink) -> None:
    fields = {"token": fresh.token, "email": "accountant@example.com"}
    page = administrator_browser.post(address("send", fresh), fields, follow=True)
    assert "The e-mail is sent to accountant@example.com" in text(page)
    assert fresh.token in text(page), "still there to be copied"
    assert fresh.token in mail.outbox[0].body


def test_an_address_that_is_not_this_links_is_not_e_mailed(administrator_browser: Browser, fresh: FreshLink) -> None:
    fields = {"token": "x" * 43, "email": "accountant@example.com"}
    administrator_browser.post(address("send", fresh), fields)
    assert mail.outbox == []


def test_the_preview_shows_the_letter_with_a_button_that_does_nothing(
    administrator_browser: Browser, fresh: FreshLink, system: System
) -> None:
    page = administrator_browser.get(address("preview", fresh))
    assert "asks you to approve" in text(page)
    assert 'type="button" aria-disabled="true"' in text(page)


def test_the_time_line_follows_by_itself_until_it_is_over(
    administrator_browser: Browser, fresh: FreshLink, system: System, nordlys: Client
) -> None:
    assert "data-poll" in text(administrator_browser.get(address("progress", fresh))).replace("data-polled", "")
    approve(wish_of(fresh.link), system, nordlys)
    page = text(administrator_browser.get(address("progress", fresh))).replace("data-polled", "")
    assert "data-poll" not in page
    assert "Fixture Nordlys AS" in page


def test_approved_being_checked_is_told(
    administrator_browser: Browser, fresh: FreshLink, system: System, nordlys: Client
) -> None:
    system.faults["company"] = [TryLaterError("Fixture Books is busy.")]
    approve(wish_of(fresh.link), system, nordlys)
    assert "Approved, being checked" in text(administrator_browser.get(address("progress", fresh)))
    assert "Fixture Books is busy." in text(administrator_browser.get(reverse("approvals:links")))


def test_another_workspaces_links_are_not_there(other_workspace: Workspace, fresh: FreshLink) -> None:
    stranger = Person.objects.create_person("stranger@example.com", "a fixture's long password")
    give_role(other_workspace, stranger, "owner")
    browser = browser_of(stranger)
    for name in ("link", "preview", "progress"):
        assert browser.get(address(name, fresh)).status_code == 404
    for name in ("revoke", "resend", "send"):
        assert browser.post(address(name, fresh)).status_code == 404
    assert ApprovalLink.objects.get().state(timezone.now()) == "open"
    assert "No approval links yet" in text(browser.get(reverse("approvals:links")))
