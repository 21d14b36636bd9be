"""Approval links for several companies: who is left, nobody else is taken, and when the link is used up."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.portal.approvals.books import DRIFT, NORDLYS, Client, System
from tests.portal.approvals.conftest import Outsider, approve
from tieout.connectors.base import Secret
from tieout.connectors.errors import NeedsCompanyError
from tieout.portal.approvals import actions
from tieout.portal.approvals.actions import FreshLink, check_candidates
from tieout.portal.approvals.candidates import REFUSAL_BELIEVED_AFTER
from tieout.portal.approvals.models import ApprovalLink, Candidate, LinkState, SessionState
from tieout.portal.approvals.onboarding import wish_of
from tieout.portal.approvals.own_key import LinkClosedError, take_own_key
from tieout.portal.approvals.several import WrongNumberError, asked, left_of, read_numbers
from tieout.portal.approvals.swap import NotThisCompanyError
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.workspaces.models import Workspace

STRANGER = "810034882"


@pytest.fixture
def fresh(workspace: Workspace, administrator: Person, nordlys: Client, drift: Client) -> FreshLink:
    companies = asked([NORDLYS, DRIFT], {NORDLYS: nordlys.name})
    return actions.make_link(workspace, connector="books", by=administrator, companies=companies)


def numbers_left(fresh: FreshLink) -> list[str]:
    return [one["number"] for one in left_of(fresh.link)]


def state(fresh: FreshLink) -> LinkState:
    return ApprovalLink.objects.get(pk=fresh.link.pk).state(timezone.now())


def test_the_link_stays_open_until_the_last_of_its_companies_is_approved(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    assert approve(wish_of(fresh.link), system, nordlys).state == SessionState.DONE
    assert (state(fresh), numbers_left(fresh)) == (LinkState.OPEN, [DRIFT])
    assert approve(wish_of(fresh.link), system, drift).state == SessionState.DONE
    assert (state(fresh), numbers_left(fresh)) == (LinkState.USED, [])
    assert Source.objects.count() == Sync.objects.filter(reason="first").count() == 2


def test_all_of_them_may_come_from_one_approval_without_being_asked_twice(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    assert approve(wish_of(fresh.link), system, nordlys, drift).state == SessionState.DONE
    assert state(fresh) == LinkState.USED
    assert Source.objects.count() == 2


def test_a_company_that_was_not_asked_for_is_not_taken_and_its_key_not_kept(
    fresh: FreshLink, system: System, nordlys: Client
) -> None:
    stranger = system.add("Fixture Stranger AS", STRANGER)
    session = approve(wish_of(fresh.link), system, nordlys, stranger)
    assert session.state == SessionState.DONE
    assert list(Source.objects.values_list("organisation_number", flat=True)) == [NORDLYS]
    assert not Candidate.objects.exclude(client_key="").exists()
    assert numbers_left(fresh) == [DRIFT]
    assert approve(wish_of(fresh.link), system, stranger).state == SessionState.WRONG_COMPANY
    assert state(fresh) == LinkState.OPEN


def test_a_key_that_comes_under_an_asked_number_and_opens_other_books_is_refused(
    fresh: FreshLink, system: System
) -> None:
    liar = system.add("Fixture Stranger AS", STRANGER)
    liar.says_number = NORDLYS
    assert approve(wish_of(fresh.link), system, liar).state == SessionState.WRONG_COMPANY
    assert not Source.objects.exists()
    assert (state(fresh), len(numbers_left(fresh))) == (LinkState.OPEN, 2)


def test_a_company_without_a_number_can_not_be_told_apart_and_is_left(fresh: FreshLink, system: System) -> None:
    nameless = system.add("Fixture Stranger AS", STRANGER)
    nameless.says_number = ""
    assert approve(wish_of(fresh.link), system, nameless).state == SessionState.WRONG_COMPANY
    assert not Candidate.objects.exclude(client_key="").exists()


def test_of_two_keys_one_that_can_not_be_proved_leaves_its_company_to_the_link(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    system.faults["company"] = [NeedsCompanyError("refused")]
    now = timezone.now()
    approve(wish_of(fresh.link), system, nordlys, drift, now=now)
    assert state(fresh) == LinkState.USED  # both keys are here, one is tried again
    system.faults["company"] = [NeedsCompanyError("refused")]
    check_candidates(now + REFUSAL_BELIEVED_AFTER * 2)
    assert state(fresh) == LinkState.OPEN
    assert len(numbers_left(fresh)) == 1


def test_a_typed_key_is_taken_for_a_company_that_is_left_only(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    stranger = system.add("Fixture Stranger AS", STRANGER)
    with pytest.raises(NotThisCompanyError):
        take_own_key(wish_of(fresh.link), Secret(stranger.key), browser="", now=timezone.now())
    for client in (nordlys, drift):
        taken = take_own_key(wish_of(fresh.link), Secret(client.key), browser="", now=timezone.now())
        assert taken.organisation_number == client.number
    assert state(fresh) == LinkState.USED
    with pytest.raises(LinkClosedError):
        take_own_key(wish_of(fresh.link), Secret(nordlys.key), browser="", now=timezone.now())


def test_resending_asks_for_those_that_are_left(
    fresh: FreshLink, system: System, nordlys: Client, administrator: Person
) -> None:
    approve(wish_of(fresh.link), system, nordlys)
    newer = actions.replace_link(ApprovalLink.objects.get(), by=administrator)
    assert [one["number"] for one in newer.link.companies] == [DRIFT]
    assert state(fresh) == LinkState.REVOKED


def test_the_page_names_who_asks_and_which_companies_are_left(
    fresh: FreshLink, system: System, nordlys: Client, accountant: Outsider
) -> None:
    page = accountant.open(fresh.token).content.decode()
    assert "2 of 2 companies are left" in page
    assert nordlys.name in page
    accountant.press_continue(fresh.token)
    assert system.begun[-1][1] is None  # the approver may choose several there
    accountant.come_back(nordlys)
    page = accountant.open(fresh.token).content.decode()
    assert "1 of 2 companies is left" in page
    assert nordlys.name not in page


def made(browser: Browser, **fields: Any) -> Any:
    asked_for = {"valid_for": "7d", "organisation_number": "", "more_numbers": ""} | fields
    return browser.post(reverse("approvals:share", args=["books"]), asked_for, follow=True)


def test_numbers_are_pasted_as_they_come_and_each_is_asked_for_once(system: System, owner_browser: Browser) -> None:
    page = made(owner_browser, organisation_number=NORDLYS, more_numbers=f"974 760 673, {NORDLYS}\nNO{DRIFT}MVA")
    link = ApprovalLink.objects.get()
    assert [one["number"] for one in link.companies] == [NORDLYS, DRIFT]
    assert link.organisation_number == ""
    assert "2 of 2 companies are left" in page.content.decode()
    assert "2 companies" in owner_browser.get("/sources/").content.decode()
    one = made(owner_browser, more_numbers=NORDLYS)
    assert one.status_code == 200
    assert ApprovalLink.objects.filter(organisation_number=NORDLYS, companies=[]).count() == 1


def test_a_number_with_a_typing_error_is_named(system: System, owner_browser: Browser) -> None:
    page = made(owner_browser, more_numbers=f"{NORDLYS}\n974760674").content.decode()
    assert "974760674 is no organisation number" in page
    assert not ApprovalLink.objects.exists()
    with pytest.raises(WrongNumberError):
        read_numbers("Fixture AS")
