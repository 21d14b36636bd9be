from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from tests.portal.approvals.books import DRIFT, NORDLYS, Client, System
from tests.portal.approvals.conftest import approve, connected
from tests.portal.conftest import HOST
from tieout.connectors.base import Secret
from tieout.connectors.errors import TryLaterError
from tieout.portal.approvals import actions, onboarding
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.approvals.models import ApprovalLink, Candidate, CandidateState, OnboardingSession, SessionState
from tieout.portal.approvals.onboarding import Wish, wish_of, wish_to_renew
from tieout.portal.approvals.receiving import receive
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key
from tieout.portal.sources.models import Source
from tieout.portal.syncs.models import Sync
from tieout.portal.workspaces.models import Happening, Membership, Workspace


@pytest.fixture
def wish(workspace: Workspace, administrator: Person) -> Wish:
    return Wish(workspace=workspace, connector="books", person=administrator)


def keys_kept() -> int:
    return Candidate.objects.exclude(client_key="").count()


def is_used(fresh: FreshLink) -> bool:
    return ApprovalLink.objects.get(pk=fresh.link.pk).used_at is not None


def test_an_approval_makes_a_data_source_and_asks_for_its_first_sync(
    wish: Wish, system: System, nordlys: Client
) -> None:
    session = approve(wish, system, nordlys)
    source = Source.objects.get()
    assert session.state == SessionState.DONE
    assert (source.organisation_number, source.client_id) == (NORDLYS, nordlys.client_id)
    assert source.privileges == ["AccountTransaction"]
    assert source.missing_privileges == ["Project"]
    assert client_key(source).reveal() == nordlys.key
    assert Sync.objects.get().reason == "first"
    assert keys_kept() == 0


def test_receipts_go_to_approver_and_administrators(wish: Wish, system: System, nordlys: Client, owner: Person) -> None:
    session = approve(wish, system, nordlys)
    assert sorted(message.to[0] for message in mail.outbox) == [
        "administrator@example.com",
        "approver@example.com",
        "owner@example.com",
    ]
    assert all("923 609 016" in message.body for message in mail.outbox)
    assert all(nordlys.key not in message.body for message in mail.outbox)
    assert session.told_at is not None


def test_a_link_is_consumed_only_by_an_approval_that_brought_something(
    fresh: FreshLink, system: System, nordlys: Client
) -> None:
    system.faults["finish"] = [TryLaterError("Fixture Books is busy.")]
    first = approve(wish_of(fresh.link), system, nordlys)
    assert (first.state, first.message) == (SessionState.TRY_AGAIN, "Fixture Books is busy.")
    assert not is_used(fresh)
    second = approve(wish_of(fresh.link), system, nordlys)
    assert second.state == SessionState.DONE
    assert is_used(fresh)


def test_a_used_link_names_its_company_to_those_who_made_it(
    pinned: FreshLink, system: System, nordlys: Client, administrator_browser: Browser
) -> None:
    assert "Fixture Nordlys AS" not in administrator_browser.get(reverse("approvals:links")).content.decode()
    approve(wish_of(pinned.link), system, nordlys)
    for path in (reverse("approvals:link", args=[pinned.link.pk]), reverse("approvals:links")):
        assert "Fixture Nordlys AS" in administrator_browser.get(path).content.decode()
    letter = Browser().get(reverse("approvals:request", args=[pinned.token]), follow=True, headers={"host": HOST})
    assert "Fixture Nordlys AS" not in letter.content.decode()


def test_a_pinned_link_takes_its_company_and_destroys_the_other_keys(
    pinned: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    session = approve(wish_of(pinned.link), system, drift, nordlys)
    assert session.state == SessionState.DONE
    assert Source.objects.get().organisation_number == NORDLYS
    assert session.candidates.get(organisation_number=DRIFT).state == CandidateState.LEFT
    assert keys_kept() == 0
    assert Happening.objects.filter(kind="company_left", facts__organisation_number=DRIFT).exists()
    assert all("Fixture Nordlys Drift AS (974 760 673)" in message.body for message in mail.outbox)


def test_a_pinned_link_for_another_company_changes_nothing_and_stays_open(
    pinned: FreshLink, system: System, drift: Client
) -> None:
    session = approve(wish_of(pinned.link), system, drift)
    assert session.state == SessionState.WRONG_COMPANY
    assert not Source.objects.exists()
    assert system.opened == 0
    assert not is_used(pinned)
    assert keys_kept() == 0


def test_a_key_that_opens_other_books_than_it_was_said_to_is_refused(
    pinned: FreshLink, system: System, drift: Client
) -> None:
    drift.says_number = NORDLYS
    session = approve(wish_of(pinned.link), system, drift)
    assert session.state == SessionState.WRONG_COMPANY
    assert not Source.objects.exists()
    assert not is_used(pinned)
    assert session.candidates.get().organisation_number == DRIFT


@pytest.mark.parametrize("spelling", ["NO 923 609 016 MVA", "923609016", ""])
def test_organisation_numbers_are_compared_after_normalising(
    pinned: FreshLink, system: System, nordlys: Client, spelling: str
) -> None:
    nordlys.says_number = spelling
    assert approve(wish_of(pinned.link), system, nordlys).state == SessionState.DONE


def test_several_companies_wait_for_the_approvers_choice(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    session = approve(wish_of(fresh.link), system, nordlys, drift)
    assert session.state == SessionState.CHOOSING
    assert not Source.objects.exists()
    chosen = session.candidates.get(organisation_number=DRIFT)
    onboarding.choose(session, [str(chosen.pk)], now=timezone.now())
    session.refresh_from_db()
    assert session.state == SessionState.DONE
    assert [source.organisation_number for source in Source.objects.all()] == [DRIFT]
    assert keys_kept() == 0
    assert is_used(fresh)


def test_both_of_two_companies_become_sources_and_sync(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    session = approve(wish_of(fresh.link), system, nordlys, drift)
    onboarding.choose(session, [str(one.pk) for one in session.candidates.all()], now=timezone.now())
    assert Source.objects.count() == 2
    assert Sync.objects.count() == 2


def test_choosing_none_destroys_all_keys_and_leaves_the_link_open(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    session = approve(wish_of(fresh.link), system, nordlys, drift)
    onboarding.choose(session, [], now=timezone.now())
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    assert keys_kept() == 0
    assert not is_used(fresh)


def test_a_company_of_the_workspace_is_renewed_never_doubled(
    wish: Wish, system: System, nordlys: Client, workspace: Workspace, administrator: Person
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    system.changes_keys = True
    session = approve(wish, system, nordlys)
    assert Source.objects.get() == source
    assert client_key(source).reveal() == nordlys.key == "key-of-Fixture Nordlys AS-2"
    assert session.candidates.get().is_renewal


def test_another_client_of_the_same_company_is_another_data_source(wish: Wish, system: System, nordlys: Client) -> None:
    approve(wish, system, nordlys)
    twin = system.add("Fixture Nordlys AS archive", NORDLYS, "another client")
    approve(wish, system, twin)
    assert Source.objects.filter(organisation_number=NORDLYS).count() == 2


def test_renewal_with_another_company_leaves_the_old_connection(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client, drift: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    session = approve(wish_to_renew(source, administrator), system, drift)
    assert session.state == SessionState.WRONG_COMPANY
    assert client_key(source).reveal() == nordlys.key
    assert Source.objects.count() == 1
    assert any("another company" in message.body for message in mail.outbox)


def test_renewal_with_another_client_of_the_same_number_is_refused(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    source = connected(workspace, system, nordlys, administrator)
    twin = system.add("Fixture Nordlys AS archive", NORDLYS, "another client")
    session = approve(wish_to_renew(source, administrator), system, twin)
    assert session.state == SessionState.WRONG_COMPANY
    assert client_key(source).reveal() == nordlys.key


def test_another_workspace_that_reads_the_company_is_told_when_the_key_changed(
    workspace: Workspace, other_workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    elsewhere = approve(
        wish_of(actions.make_link(other_workspace, connector="books", by=administrator).link), system, nordlys
    )
    assert elsewhere.state == SessionState.DONE
    connected(workspace, system, nordlys, administrator)
    assert not Happening.objects.filter(kind="key_replaced_elsewhere").exists()
    system.changes_keys = True
    connected(workspace, system, nordlys, administrator)
    told = Happening.objects.get(kind="key_replaced_elsewhere")
    assert told.workspace == other_workspace
    assert told.facts == {}


def test_nothing_is_exchanged_for_a_link_revoked_meanwhile(
    fresh: FreshLink, administrator: Person, system: System, nordlys: Client
) -> None:
    onboarding.begin(wish_of(fresh.link), browser="browser", now=timezone.now())
    actions.revoke_link(fresh.link, by=administrator)
    session = OnboardingSession.objects.select_related("link").get()
    token = system.approve(nordlys)
    answer = onboarding.handshake("books").read_callback({"status": "Success", "token": token}, {})
    onboarding.come_back(session, answer, now=timezone.now())
    session.refresh_from_db()
    assert session.state == SessionState.LINK_CLOSED
    assert token in system.tokens


def test_nothing_is_exchanged_for_a_person_who_lost_the_role_meanwhile(
    wish: Wish, system: System, nordlys: Client, administrator: Person
) -> None:
    Membership.objects.filter(person=administrator).update(role="reader")
    assert approve(wish, system, nordlys).state == SessionState.LINK_CLOSED
    assert not Source.objects.exists()


def test_a_session_is_valid_for_half_an_hour_and_a_link_that_ran_out_meanwhile_still_counts(
    fresh: FreshLink, system: System, nordlys: Client
) -> None:
    just_before = fresh.link.expires_at - timedelta(minutes=1)
    onboarding.begin(wish_of(fresh.link), browser="browser", now=just_before)
    session = OnboardingSession.objects.select_related("link").get()
    answer = onboarding.handshake("books").read_callback({"status": "Success", "token": system.approve(nordlys)}, {})
    onboarding.come_back(session, answer, now=just_before + timedelta(minutes=31))
    session.refresh_from_db()
    assert session.state == SessionState.TRY_AGAIN
    onboarding.come_back(session, answer, now=just_before + timedelta(minutes=5))
    session.refresh_from_db()
    assert session.state == SessionState.DONE


def test_a_second_approval_in_flight_adds_no_other_company(
    fresh: FreshLink, system: System, nordlys: Client, drift: Client
) -> None:
    """Two tabs finish at the same time: the second one's answer comes when the first has consumed the link."""
    second = OnboardingSession.objects.create(
        workspace=fresh.link.workspace, connector="books", link=fresh.link, browser_hash="b", state_hash="s",
        language="en", started_at=timezone.now(), valid_until=timezone.now(),
    )  # fmt: skip
    approve(wish_of(fresh.link), system, nordlys)
    system.changes_keys = True
    onboarded = onboarding.handshake("books")
    answer = onboarded.finish(Secret(system.approve(nordlys, drift)))
    kept = receive(second, answer.companies, approver_email="", now=timezone.now())
    assert [one.organisation_number for one in kept] == [NORDLYS]
    assert second.candidates.get(organisation_number=DRIFT).client_key == ""


def test_find_session_asks_for_cookie_and_state_to_agree(wish: Wish, system: System) -> None:
    now = timezone.now()
    onboarding.begin(wish, browser="mine", now=now)
    state = system.begun[0][0].partition("state=")[2]
    assert onboarding.find_session("books", browser="mine", state=state, now=now)
    assert onboarding.find_session("books", browser="another", state=state, now=now) is None
    assert onboarding.find_session("books", browser="mine", state="made up", now=now) is None
    assert onboarding.find_session("books", browser="", state=state, now=now) is None
    assert onboarding.find_session("keybooks", browser="mine", state=state, now=now) is None


def test_a_lost_state_is_replaced_by_the_cookie_only_when_unambiguous(wish: Wish, system: System) -> None:
    now = timezone.now()
    onboarding.begin(wish, browser="mine", now=now)
    assert onboarding.find_session("books", browser="mine", state=None, now=now)
    onboarding.begin(wish, browser="mine", now=now)
    assert onboarding.find_session("books", browser="mine", state=None, now=now) is None


def test_a_session_is_claimed_once(wish: Wish, system: System) -> None:
    onboarding.begin(wish, browser="mine", now=timezone.now())
    session = OnboardingSession.objects.get()
    assert onboarding.claim(session, now=timezone.now())
    assert not onboarding.claim(session, now=timezone.now())


def test_an_approver_without_a_usable_address_is_no_obstacle(
    workspace: Workspace, administrator: Person, system: System, nordlys: Client
) -> None:
    session = OnboardingSession.objects.create(
        workspace=workspace, connector="books", person=administrator, browser_hash="b", state_hash="s",
        language="en", started_at=timezone.now(), valid_until=timezone.now(),
    )  # fmt: skip
    onboarded = onboarding.handshake("books").finish(Secret(system.approve(nordlys)))
    receive(session, onboarded.companies, approver_email="a\nBcc: x@example.com", now=timezone.now())
    assert session.approver_email == ""
