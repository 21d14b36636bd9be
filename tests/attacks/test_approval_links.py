"""The approval link in the wrong hands, and the way back from the accounting system: the first thing a thief would try."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.attacks.addresses import everything_stored
from tests.portal.approvals.books import Client, System
from tests.portal.approvals.conftest import Outsider
from tests.portal.approvals.views.test_letter import text
from tests.portal.conftest import PASSWORD, browser_of
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink, OnboardingSession
from tieout.portal.approvals.tokens import BROWSER_COOKIE
from tieout.portal.people.actions import invite_person
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Role, Workspace

CALLBACK = "/oauth/books/callback"


@pytest.mark.parametrize("ending", ["used", "expired", "revoked", "reported", "replaced"])
def test_a_link_that_ended_begins_nothing(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, administrator: Person, ending: str
) -> None:
    page = accountant.open(fresh.token)
    match ending:
        case "used":
            accountant.press_continue(fresh.token)
            accountant.come_back(nordlys)
        case "expired":
            ApprovalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "revoked":
            actions.revoke_link(fresh.link, by=administrator)
        case "reported":
            actions.report_link(fresh.link)
        case _:
            actions.replace_link(fresh.link, by=administrator)
    begun, sources = len(accountant.system.begun), Source.objects.count()
    for path in ("", "key/"):
        answer = accountant.submit(page, f"/approve/{fresh.token}/{path}", client_key=nordlys.key)
        assert answer.status_code == 410
    assert len(accountant.system.begun) == begun
    assert Source.objects.count() == sources


def test_a_callback_that_was_seen_by_somebody_is_worth_nothing_afterwards(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    accountant.press_continue(fresh.token)
    token = system.approve(nordlys)
    address = f"{accountant.callback}&status=Success&token={token}"
    accountant.browser.get(address)
    before = everything_stored()
    system.tokens[token] = [nordlys]  # even where the system would take its token twice
    for browser in (accountant.browser, browser_of()):
        browser.get(address, follow=True)
    assert token in system.tokens, "nobody asked with it again"
    assert everything_stored() == before


def test_who_is_lured_to_finish_a_strangers_handshake_gives_nothing(
    fresh: FreshLink, nordlys: Client, system: System, administrator: Person
) -> None:
    """The stranger begins, sends the system's page to a victim, who signs in and approves there."""
    stranger = Outsider(system)
    stranger.press_continue(fresh.token)
    for victim in (Outsider(system), Outsider(system, browser_of(administrator))):
        page = victim.come_back(nordlys, callback=stranger.callback)
        assert page.status_code == 400
        assert "started elsewhere" in text(page)
    assert not Source.objects.exists()
    assert len(system.tokens) == 2, "the victims' tokens were not exchanged"


def test_two_browsers_with_one_link_cannot_finish_each_others_way(
    fresh: FreshLink, nordlys: Client, drift: Client, system: System
) -> None:
    one, two = Outsider(system), Outsider(system)
    one.press_continue(fresh.token)
    two.press_continue(fresh.token)
    for mixed, callback in ((one, two.callback), (two, one.callback)):
        assert mixed.come_back(drift, callback=callback).status_code == 400
    assert "is connected" in text(two.come_back(nordlys))
    assert "is connected" not in text(one.come_back(drift))
    assert [source.company_name for source in Source.objects.all()] == [nordlys.name]


def test_a_planted_browser_cookie_lets_nobody_finish_and_nobody_look(
    fresh: FreshLink, nordlys: Client, system: System
) -> None:
    """A stranger knows the cookie that he planted; over https the name `__Host-` keeps him from planting one at all."""
    victim = Outsider(system)
    victim.browser.cookies[BROWSER_COOKIE] = "short"
    victim.press_continue(fresh.token)
    assert victim.browser.cookies[BROWSER_COOKIE].value != "short"
    assert len(victim.browser.cookies[BROWSER_COOKIE].value) == 43


def test_a_strangers_token_without_a_state_reaches_nobody_who_waits_for_nothing(
    system: System, nordlys: Client, administrator: Person, workspace: Workspace
) -> None:
    for browser in (browser_of(), browser_of(administrator)):
        answer = browser.get(f"{CALLBACK}?status=Success&token={system.approve(nordlys)}")
        assert answer.status_code == 400
    assert not Source.objects.exists()
    assert not OnboardingSession.objects.exists()


def test_a_strangers_token_cannot_put_another_company_in_a_pinned_place(
    accountant: Outsider, pinned: FreshLink, drift: Client, system: System
) -> None:
    accountant.press_continue(pinned.token)
    page = accountant.browser.get(f"{CALLBACK}?status=Success&token={system.approve(drift)}", follow=True)
    assert "is connected" not in text(page)
    assert not Source.objects.exists()


def test_a_state_is_good_in_the_browser_that_got_it_only_and_unguessable(
    accountant: Outsider, fresh: FreshLink, system: System
) -> None:
    accountant.press_continue(fresh.token)
    (state,) = parse_qs(urlsplit(system.begun[-1][0]).query)["state"]
    assert len(state) == 43  # 256 bits
    session = OnboardingSession.objects.get()
    assert state not in str(vars(session)), "what is stored opens nothing"
    assert fresh.token not in str(vars(fresh.link))


def test_signing_in_gives_a_session_that_nobody_knew_before(owner: Person) -> None:
    browser = browser_of()
    browser.get("/accounts/login/")
    browser.cookies["tieout_session"] = planted = "plantedplantedplantedplantedplan"
    browser.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert browser.cookies["tieout_session"].value != planted
    attacker = browser_of()
    attacker.cookies["tieout_session"] = planted
    assert attacker.get("/sources/").status_code == 302


def test_a_welcome_link_opens_once(workspace: Workspace, owner: Person) -> None:
    invited = invite_person(workspace, email="fixture@example.com", role=Role.READER, by=owner)
    form = {"name": "Test Person", "email": "fixture@example.com", "password": "a fixture's long passphrase"}
    path = reverse("people:welcome", args=[invited.token])
    first = browser_of().post(path, form)
    assert first.status_code == 302
    again = browser_of()
    answer = again.post(path, form | {"password": "another of a thief's passphrases"})
    assert answer.status_code in (404, 410)
    assert again.get("/sources/").status_code == 302
    thief = browser_of().post(
        "/accounts/login/", {"login": form["email"], "password": "another of a thief's passphrases"}
    )
    assert thief.status_code == 200, "the password is the first one's"


def test_the_answer_of_an_approval_is_shown_to_its_browser_only(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    accountant.press_continue(fresh.token)
    path = accountant.come_back(nordlys).request["PATH_INFO"]
    stranger = Outsider(system)
    stranger.open(fresh.token)
    for address in (path, f"{path}companies/", f"{path}again/"):
        assert stranger.browser.get(address).status_code in (404, 405)
        assert stranger.browser.post(address).status_code in (403, 404, 405)
