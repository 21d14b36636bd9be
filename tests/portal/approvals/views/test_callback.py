from __future__ import annotations

from django.urls import reverse

from tests.portal.approvals.books import NORDLYS, Client, System
from tests.portal.approvals.conftest import Outsider
from tests.portal.approvals.views.test_letter import everything_stored, text
from tests.portal.conftest import browser_of
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import OnboardingSession, SessionState
from tieout.portal.sources.models import Source


def test_a_second_callback_says_already_completed_and_leads_to_the_result(
    accountant: Outsider, fresh: FreshLink, nordlys: Client
) -> None:
    accountant.press_continue(fresh.token)
    first = accountant.come_back(nordlys)
    second = accountant.come_back(nordlys)
    assert "Already completed" in text(second)
    assert f'href="{first.request["PATH_INFO"]}"' in second.content.decode()
    assert Source.objects.count() == 1


def test_two_tabs_each_come_back_to_their_own_session(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    accountant.press_continue(fresh.token)
    first = accountant.callback
    accountant.press_continue(fresh.token)
    second = accountant.callback
    assert first != second
    assert "You did not approve" in text(accountant.come_back(status="Canceled", callback=first))
    assert "is connected" in text(accountant.come_back(nordlys, callback=second))


def test_another_browser_cannot_finish_what_it_did_not_begin(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, system: System
) -> None:
    accountant.press_continue(fresh.token)
    stranger = Outsider(system)
    stranger.open(fresh.token)
    page = stranger.come_back(nordlys, callback=accountant.callback)
    assert page.status_code == 400
    assert "started elsewhere" in text(page)
    assert system.tokens, "the token must not have been exchanged"
    assert "is connected" in text(accountant.come_back(nordlys))


def test_a_made_up_state_is_refused(accountant: Outsider, fresh: FreshLink, nordlys: Client) -> None:
    accountant.press_continue(fresh.token)
    page = accountant.come_back(nordlys, callback=reverse("approvals:callback", args=["books"]) + "?state=made-up")
    assert page.status_code == 400
    assert not Source.objects.exists()


def test_the_cookie_alone_decides_when_the_system_drops_the_query(
    accountant: Outsider, fresh: FreshLink, nordlys: Client
) -> None:
    accountant.press_continue(fresh.token)
    page = accountant.come_back(nordlys, callback=reverse("approvals:callback", args=["books"]) + "?x=1")
    assert "is connected" in text(page)


def test_a_head_request_uses_no_session(accountant: Outsider, fresh: FreshLink) -> None:
    accountant.press_continue(fresh.token)
    before = everything_stored()
    assert accountant.browser.head(f"{accountant.callback}&status=Canceled").status_code == 200
    assert everything_stored() == before


def test_only_the_browser_that_approved_and_administrators_see_the_result(
    accountant: Outsider, fresh: FreshLink, nordlys: Client, administrator_browser: object, reader_browser: object
) -> None:
    accountant.press_continue(fresh.token)
    path = accountant.come_back(nordlys).request["PATH_INFO"]
    assert browser_of().get(path).status_code == 404
    assert reader_browser.get(path).status_code == 404  # type: ignore[attr-defined]
    assert administrator_browser.get(path).status_code == 200  # type: ignore[attr-defined]


def test_a_callback_cut_off_before_the_keys_came_offers_to_try_again(
    accountant: Outsider, fresh: FreshLink, nordlys: Client
) -> None:
    accountant.press_continue(fresh.token)
    session = OnboardingSession.objects.get()
    OnboardingSession.objects.update(state=SessionState.RETURNED, returned_at=session.started_at)
    path = reverse("approvals:outcome", args=["books", session.pk])
    assert "Your approval is being fetched" in text(accountant.browser.get(path))
    OnboardingSession.objects.update(returned_at=session.started_at.replace(year=2020))
    assert "Try again" in text(accountant.browser.get(path))


def test_systems_with_keys_and_unknown_ones_have_no_callback(accountant: Outsider, db: None) -> None:
    for name in ("keybooks", "unknown"):
        assert accountant.browser.get(reverse("approvals:callback", args=[name])).status_code == 404


def test_the_number_in_the_result_is_the_companys(accountant: Outsider, pinned: FreshLink, nordlys: Client) -> None:
    accountant.press_continue(pinned.token)
    accountant.come_back(nordlys)
    assert Source.objects.get().organisation_number == NORDLYS
