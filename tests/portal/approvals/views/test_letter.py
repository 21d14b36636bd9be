"""What an outsider sees and does through an approval link."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.portal.approvals.books import DRIFT, NORDLYS, Client, System
from tests.portal.approvals.conftest import Outsider, approve, connected
from tests.portal.conftest import HOST, browser_of
from tieout.connectors.errors import TryLaterError
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink, LinkState, OnboardingSession, SessionState
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace


def text(response: Any) -> str:
    return " ".join(response.content.decode().split()).replace("\u00a0", " ")


def everything_stored() -> list[Any]:
    """All rows of this app and of people's sessions."""
    with connection.cursor() as cursor:
        names = [
            name for name in connection.introspection.table_names() if name.startswith(("approvals_", "django_session"))
        ]
        return [cursor.execute(f'SELECT * FROM "{name}"').fetchall() for name in sorted(names)]


def test_the_page_says_who_asks_for_what(accountant: Outsider, pinned: FreshLink) -> None:
    page = text(accountant.open(pinned.token))
    for said in (
        "Fixture Accounting asks you to approve",
        "Read access to Fixture Books",
        "Organisation number 923 609 016. Only this company",
        "administrator@example.com",
        HOST,
        "Vouchers, postings and chart of accounts",
        "Nothing is changed or posted",
        "In Fixture Books, under Settings, Extensions.",
        "One person in the workspace Fixture Accounting",
        "We never ask for your password",
    ):
        assert said in page


def test_a_note_is_quoted_and_escaped(accountant: Outsider, workspace: Workspace, administrator: Person) -> None:
    fresh = actions.make_link(workspace, connector="books", by=administrator, note="<script>alert(1)</script>")
    assert "«&lt;script&gt;alert(1)&lt;/script&gt;»" in text(accountant.open(fresh.token))


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_changes_nothing_however_often(
    accountant: Outsider, fresh: FreshLink, system: System, method: str
) -> None:
    before = everything_stored()
    for path in ("request", "request_key"):
        for _ in range(3):
            response = getattr(accountant.browser, method)(reverse(f"approvals:{path}", args=[fresh.token]))
            assert response.status_code == 200
    assert everything_stored() == before
    assert system.begun == []
    for path in ("report", "ask"):
        assert getattr(accountant.browser, method)(reverse(f"approvals:{path}", args=[fresh.token])).status_code == 405


def test_pages_are_kept_from_referrers_robots_frames_and_caches(accountant: Outsider, fresh: FreshLink) -> None:
    response = accountant.open(fresh.token)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "form-action 'self' https:" in policy


def test_continue_starts_a_session_and_leads_to_the_system(
    accountant: Outsider, pinned: FreshLink, system: System
) -> None:
    response = accountant.press_continue(pinned.token)
    assert (response.status_code, response["Location"]) == (303, "https://books.example/approve")
    assert system.begun[0][1] == NORDLYS
    session = OnboardingSession.objects.get()
    assert session.link == pinned.link
    assert timezone.now() < session.valid_until < timezone.now() + timedelta(minutes=31)
    assert ApprovalLink.objects.get().state(timezone.now()) is LinkState.OPEN


def test_a_post_without_our_own_page_or_cookie_starts_nothing(fresh: FreshLink, system: System) -> None:
    path = reverse("approvals:request", args=[fresh.token])
    robot = browser_of()
    assert robot.post(path).status_code == 403
    robot.get(path)
    assert robot.post(path, {"form_key": "0" * 64}).status_code == 403
    for act in ("report", "ask"):
        assert robot.post(reverse(f"approvals:{act}", args=[fresh.token])).status_code == 403
    assert system.begun == []
    assert not OnboardingSession.objects.exists()


def test_forms_work_in_browsers_that_send_no_origin(fresh: FreshLink, system: System) -> None:
    """Because of no-referrer a real browser says `Origin: null`; Django's own check would refuse it."""
    real = Outsider(system, Browser(HTTP_HOST=HOST, HTTP_ORIGIN="null", enforce_csrf_checks=True))
    assert real.press_continue(fresh.token).status_code == 303


def test_an_approval_through_a_link(accountant: Outsider, fresh: FreshLink, nordlys: Client) -> None:
    accountant.press_continue(fresh.token)
    page = accountant.come_back(nordlys)
    assert "Fixture Nordlys AS is connected" in text(page)
    assert "receipt goes to approver@example.com" in text(page)
    assert page.redirect_chain[0][1] == 303
    assert "token" not in page.request["QUERY_STRING"]
    assert Source.objects.get().organisation_number == NORDLYS
    assert ApprovalLink.objects.get().used_at


def test_a_used_link_says_so(accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System) -> None:
    approve(wish_of(fresh.link), system, nordlys)
    response = accountant.open(fresh.token)
    assert response.status_code == 410
    assert "This link has been used" in text(response)
    assert accountant.browser.post(reverse("approvals:request", args=[fresh.token])).status_code == 410


def test_an_expired_link_says_who_made_it_and_offers_to_ask(accountant: Outsider, fresh: FreshLink) -> None:
    ApprovalLink.objects.update(expires_at=timezone.now())
    page = accountant.open(fresh.token)
    assert page.status_code == 410
    assert "This link has run out" in text(page)
    assert "Test Administrator (administrator@example.com)" in text(page)
    asked = accountant.submit(page, reverse("approvals:ask", args=[fresh.token]))
    assert "The question is on its way" in text(asked)
    assert mail.outbox[0].to == ["administrator@example.com"]


def test_a_revoked_link_says_so(accountant: Outsider, fresh: FreshLink, administrator: Person) -> None:
    actions.revoke_link(fresh.link, by=administrator)
    response = accountant.open(fresh.token)
    assert response.status_code == 410
    assert "This link was revoked" in text(response)


def test_an_unknown_link_is_not_there(accountant: Outsider, db: None) -> None:
    response = accountant.open("x" * 43)
    assert response.status_code == 404
    assert "isn’t known here" in text(response)


def test_a_report_ends_the_link(accountant: Outsider, fresh: FreshLink) -> None:
    page = accountant.open(fresh.token)
    reported = accountant.submit(page, reverse("approvals:report", args=[fresh.token]))
    assert "The link has ended" in text(reported)
    assert "This link was revoked" in text(accountant.open(fresh.token))


@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        ("Canceled", "You did not approve", SessionState.CANCELLED),
        ("ClientNotFound", "The company wasn’t found", SessionState.COMPANY_NOT_FOUND),
        ("NoClientAccess", "Your rights don’t cover this", SessionState.NOT_ADMINISTRATOR),
        ("IntegrationBlocked", "The integration is blocked", SessionState.BLOCKED),
        ("SomethingNew", "The approval did not come through", SessionState.TRY_AGAIN),
    ],
)
def test_every_ending_has_a_page_and_leaves_the_link_open(
    accountant: Outsider, pinned: FreshLink, status: str, said: str, state: SessionState
) -> None:
    accountant.press_continue(pinned.token)
    page = accountant.come_back(status=status)
    assert said in text(page)
    assert OnboardingSession.objects.get().state == state
    assert ApprovalLink.objects.get().state(timezone.now()) is LinkState.OPEN
    assert accountant.submit(page, page.request["PATH_INFO"] + "again/").status_code == 303


def test_the_wrong_company_has_a_page_and_can_be_put_right(
    accountant: Outsider, workspace: Workspace, administrator: Person, system: System, nordlys: Client, drift: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    fresh = actions.make_renewal_link(source, by=administrator)
    accountant.press_continue(fresh.token)
    page = accountant.come_back(drift)
    assert (
        "This approval was for Fixture Nordlys Drift AS (974 760 673). The data source belongs to Fixture Nordlys AS "
        "(923 609 016). Nothing was changed; the existing connection still works. Sign in again and choose Fixture "
        "Nordlys AS, or create a new data source for Fixture Nordlys Drift AS."
    ) in text(page)
    assert system.begun[-1][1] is None, "the first time the approver chooses"
    accountant.submit(page, page.request["PATH_INFO"] + "again/")
    assert system.begun[-1][1] == NORDLYS, "the second time only the right company is offered"
    assert "is connected" in text(accountant.come_back(nordlys))


def test_companies_are_chosen_by_ticks(accountant: Outsider, fresh: FreshLink, nordlys: Client, drift: Client) -> None:
    accountant.press_continue(fresh.token)
    page = accountant.come_back(nordlys, drift)
    assert page.content.decode().count(" checked") >= 2
    assert "Fixture Nordlys Drift AS" in text(page)
    chosen = OnboardingSession.objects.get().candidates.get(organisation_number=NORDLYS)
    accountant.submit(page, page.request["PATH_INFO"] + "companies/", company=[str(chosen.pk)])
    result = text(accountant.browser.get(page.request["PATH_INFO"]))
    assert "Fixture Nordlys AS is connected" in result
    assert "now active in Fixture Books for these companies too" in result
    assert "Fixture Nordlys Drift AS (974 760 673)" in result
    assert not Source.objects.filter(organisation_number=DRIFT).exists()


def test_approved_being_checked_while_the_system_is_busy(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    system.faults["company"] = [TryLaterError("Fixture Books is busy.")]
    accountant.press_continue(fresh.token)
    page = accountant.come_back(nordlys)
    assert "Approved, being checked" in text(page)
    poll = {"HTTP_X_REQUESTED_WITH": "poll"}
    assert accountant.browser.get(page.request["PATH_INFO"], **poll).status_code == 200
    actions.check_candidates(timezone.now() + timedelta(minutes=5))
    assert accountant.browser.get(page.request["PATH_INFO"], **poll).status_code == 302, "the waiting page loads anew"
    assert "is connected" in text(accountant.browser.get(page.request["PATH_INFO"]))


def test_the_link_is_as_good_as_before_when_the_system_cannot_be_opened(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    system.faults["begin"] = [TryLaterError("Fixture Books is busy.")]
    assert "Fixture Books is busy." in text(accountant.press_continue(fresh.token))
    accountant.press_continue(fresh.token)
    assert "is connected" in text(accountant.come_back(nordlys))


def test_a_key_that_somebody_has_already(
    accountant: Outsider, pinned: FreshLink, nordlys: Client, drift: Client
) -> None:
    path = reverse("approvals:request_key", args=[pinned.token])
    wrong = accountant.submit(accountant.browser.get(path), path, client_key=drift.key)
    assert "opens the books of Fixture Nordlys Drift AS (974760673), another company" in text(wrong)
    assert drift.key not in text(wrong)
    refused = accountant.submit(accountant.browser.get(path), path, client_key="nonsense")
    assert "The key opens no books any more. Nothing was stored." in text(refused)
    assert not Source.objects.exists()
    right = accountant.submit(accountant.browser.get(path), path, client_key=f" {nordlys.key} ")
    assert right.status_code == 302
    assert "is connected" in text(accountant.browser.get(right["Location"]))
    assert ApprovalLink.objects.get().used_at


@pytest.mark.parametrize("accepted", ["nb-NO,nb;q=0.9", "no", "nn"])
def test_the_language_follows_the_browser(fresh: FreshLink, accepted: str) -> None:
    response = browser_of(HTTP_ACCEPT_LANGUAGE=accepted).get(reverse("approvals:request", args=[fresh.token]))
    assert '<html lang="nb"' in response.content.decode()


def test_the_language_switch_needs_no_form(accountant: Outsider, fresh: FreshLink) -> None:
    path = reverse("approvals:request", args=[fresh.token])
    assert 'href="?language=nb"' in accountant.open(fresh.token).content.decode()
    response = accountant.browser.get(f"{path}?language=nb")
    assert (response.status_code, response["Location"]) == (303, path)
    assert '<html lang="nb"' in accountant.open(fresh.token).content.decode()


def test_a_link_cannot_use_up_the_systems_requests(
    accountant: Outsider, fresh: FreshLink, system: System, nordlys: Client
) -> None:
    for _ in range(30):
        assert accountant.press_continue(fresh.token).status_code == 303
    assert "followed too often" in text(accountant.press_continue(fresh.token))
    path = reverse("approvals:request_key", args=[fresh.token])
    page = accountant.browser.get(path)
    for _ in range(20):
        accountant.submit(page, path, client_key="nonsense")
    opened = system.opened
    assert "Too many keys were tried" in text(accountant.submit(page, path, client_key=nordlys.key))
    assert system.opened == opened
