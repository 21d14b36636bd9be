"""Renewal on the wire: the real connector and the simulator, with keys that stay and keys that an approval kills.

A kill or a fault at every step between the system's one answer and the swap: afterwards the source reads its books.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
import stamina
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from tests.portal.approvals.test_candidates import LATER, STEPS_WITH_KEYS_STORED, Crash, crash_at, opens_books
from tests.simulators import Simulator, running_simulator
from tieout.connectors.base import Secret
from tieout.connectors.poweroffice import PowerOffice
from tieout.portal.approvals import onboarding
from tieout.portal.approvals.actions import FreshLink, check_candidates, make_link, make_renewal_link
from tieout.portal.approvals.models import Candidate, OnboardingSession, SessionState
from tieout.portal.approvals.onboarding import Wish, wish_of, wish_to_renew
from tieout.portal.approvals.own_key import take_own_key
from tieout.portal.approvals.settling import Step, pass_by
from tieout.portal.people.models import Person
from tieout.portal.sources.actions import client_key, mark_withdrawn
from tieout.portal.sources.models import Source
from tieout.portal.workspaces.models import Workspace

NAME = "poweroffice"
LOST_FOR_LONG = 50  # more often than any call is repeated
FAULTS = ("429", "500", "502", "timeout", "truncated", "disconnected", "403", "missing_member")
ASKED_AFTER_FINALIZE = [("500", "/OAuth/Token"), ("truncated", "/OAuth/Token"), ("502", "/OrganizationSettings")]
ASKED_AFTER_FINALIZE += [(fault, "/ClientIntegrationInformation") for fault in FAULTS]
kinds_of_keys = pytest.mark.parametrize("rotates", [False, True], ids=["same key", "new key kills the old"])


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with running_simulator(size="demo", throttle=False, now=None) as simulator:
        yield simulator


@dataclass
class Vendor:
    """The simulator, and an administrator's way through its pages."""

    simulator: Simulator

    def approve_there(self, address: str, *numbers: str, email: str = "") -> str:
        """Sign in, tick companies if asked, approve. Returns the address that the browser is sent back to."""
        person = next(one for one in self.simulator.people() if email in ("", one["email"]))
        token = dict(parse_qsl(urlsplit(address).query))["token"]
        with httpx2.Client(base_url=self.simulator.url, trust_env=False, follow_redirects=False) as browser:
            told = {"email": person["email"], "password": person["password"]}
            goal = browser.post(f"/ApiAuthV2/sign-in?token={token}", data=told).headers["Location"]
            if "/clients" in goal:
                goal = browser.post(goal, data={"client": list(numbers)}).headers["Location"]
            if "/approve" in goal and "/oauth/" not in goal:
                goal = browser.post(goal).headers["Location"]
        return unescape(goal)


@pytest.fixture
def vendor(running: Simulator, settings: Settings) -> Iterator[Vendor]:
    told = replace(settings.TIEOUT, poweroffice_url=running.url)
    settings.TIEOUT = replace(
        told,
        poweroffice_application_key=running.keys["application_key"],
        poweroffice_subscription_key=running.keys["subscription_key"],
    )
    settings.CONNECTORS = {NAME: PowerOffice(settings.TIEOUT, requests_per_second=500)}
    settings.APPROVAL_PATIENCE = None
    stamina.set_testing(True, attempts=2)
    yield Vendor(running)
    stamina.set_testing(False)
    running.faults()
    running.options(rotate_keys=False)


@pytest.fixture
def source(vendor: Vendor, workspace: Workspace, administrator: Person) -> Source:
    """The first company, connected."""
    key = Secret(vendor.simulator.company()["client_key"])
    wish = Wish(workspace=workspace, connector=NAME, person=administrator)
    taken = take_own_key(wish, key, browser="", now=timezone.now())
    mail.outbox.clear()
    assert taken.source is not None
    return taken.source


def approve(vendor: Vendor, wish: Wish, *numbers: str, step: Step = pass_by, email: str = "") -> OnboardingSession:
    """From our button to whatever the way back leads to."""
    now = timezone.now()
    address = onboarding.begin(wish, browser="browser", now=now)
    back = vendor.approve_there(address, *numbers, email=email)
    query = dict(parse_qsl(urlsplit(back).query))
    session = onboarding.find_session(NAME, browser="browser", state=query.pop("state"), now=now)
    assert session is not None
    assert onboarding.claim(session, now=now)
    try:
        onboarding.come_back(session, onboarding.handshake(NAME).read_callback(query, {}), now=now, step=step)
    finally:
        session.refresh_from_db()
    return session


@kinds_of_keys
@pytest.mark.parametrize("at", STEPS_WITH_KEYS_STORED)
def test_a_renewal_survives_a_kill_at_every_step(
    at: str, rotates: bool, vendor: Vendor, source: Source, administrator: Person
) -> None:
    vendor.simulator.options(rotate_keys=rotates)
    with pytest.raises(Crash):
        approve(vendor, wish_to_renew(source, administrator), source.organisation_number, step=crash_at(at))
    check_candidates(timezone.now() + LATER)
    assert OnboardingSession.objects.latest("started_at").state == SessionState.DONE
    assert opens_books(source)
    assert client_key(source).reveal() == vendor.simulator.company(source.organisation_number)["client_key"]
    assert not Candidate.objects.exclude(client_key="").exists()


@kinds_of_keys
@pytest.mark.parametrize(("fault", "path"), ASKED_AFTER_FINALIZE)
def test_a_renewal_survives_every_fault_after_finalize(
    fault: str, path: str, rotates: bool, vendor: Vendor, source: Source, administrator: Person
) -> None:
    old_key = client_key(source).reveal()
    vendor.simulator.options(rotate_keys=rotates)
    vendor.simulator.faults({"fault": fault, "path": path, "times": LOST_FOR_LONG, "seconds": 0.05})
    session = approve(vendor, wish_to_renew(source, administrator), source.organisation_number)
    if session.state == SessionState.CHECKING:
        assert client_key(source).reveal() == old_key, "the old key stays until the new one is proved"
        vendor.simulator.faults()
        check_candidates(timezone.now() + LATER)
        session.refresh_from_db()
    assert session.state == SessionState.DONE
    assert opens_books(source)


@kinds_of_keys
def test_an_expired_token_in_the_middle_is_no_obstacle(
    rotates: bool, vendor: Vendor, source: Source, administrator: Person
) -> None:
    vendor.simulator.options(rotate_keys=rotates)
    vendor.simulator.faults({"fault": "expired_token", "path": "/OrganizationSettings", "times": 1})
    session = approve(vendor, wish_to_renew(source, administrator), source.organisation_number)
    assert session.state == SessionState.DONE
    assert opens_books(source)


@pytest.mark.parametrize("fault", ["429", "500", "502", "timeout", "truncated", "disconnected"])
def test_a_finalize_that_fails_for_good_leaves_the_link_open_for_another_try(
    fault: str, vendor: Vendor, source: Source, administrator: Person
) -> None:
    vendor.simulator.options(rotate_keys=True)
    link = make_renewal_link(source, by=administrator).link
    vendor.simulator.faults({"fault": fault, "path": "/Onboarding/Finalize", "times": LOST_FOR_LONG, "seconds": 0.05})
    assert approve(vendor, wish_of(link), source.organisation_number).state == SessionState.TRY_AGAIN
    vendor.simulator.faults()
    link.refresh_from_db()
    assert link.used_at is None
    assert approve(vendor, wish_of(link), source.organisation_number).state == SessionState.DONE
    assert opens_books(source)


def test_a_finalize_that_fails_once_is_asked_again(vendor: Vendor, source: Source, administrator: Person) -> None:
    vendor.simulator.faults({"fault": "502", "path": "/Onboarding/Finalize", "times": 1})
    assert approve(vendor, wish_to_renew(source, administrator), source.organisation_number).state == SessionState.DONE


def test_another_company_is_refused_and_the_old_connection_goes_on(
    vendor: Vendor, source: Source, administrator: Person
) -> None:
    other = next(
        one for one in vendor.simulator.companies() if one["organisation_number"] != source.organisation_number
    )
    session = approve(vendor, wish_to_renew(source, administrator), other["organisation_number"])
    assert session.state == SessionState.WRONG_COMPANY
    assert session.candidates.get().company_name == other["name"]
    assert opens_books(source)
    narrow = replace(wish_to_renew(source, administrator), is_narrow=True)
    assert approve(vendor, narrow).state == SessionState.DONE


def test_several_companies_of_one_approval(vendor: Vendor, workspace: Workspace, administrator: Person) -> None:
    numbers = [one["organisation_number"] for one in vendor.simulator.companies()]
    session = approve(vendor, Wish(workspace=workspace, connector=NAME, person=administrator), *numbers[:2])
    assert session.state == SessionState.CHOOSING
    chosen = [str(one.pk) for one in session.candidates.all()]
    onboarding.choose(session, chosen, now=timezone.now())
    assert {source.organisation_number for source in Source.objects.all()} == set(numbers[:2])


@pytest.fixture
def pinned(vendor: Vendor, workspace: Workspace, administrator: Person) -> FreshLink:
    number = vendor.simulator.company()["organisation_number"]
    return make_link(workspace, connector=NAME, by=administrator, organisation_number=number)


@pytest.mark.parametrize(
    ("email", "state"),
    [
        ("administrator@example.com", SessionState.DONE),
        ("employee@example.com", SessionState.NOT_ADMINISTRATOR),
        ("stranger@example.com", SessionState.NOT_ADMINISTRATOR),
    ],
)
def test_who_may_approve_a_pinned_link(email: str, state: SessionState, vendor: Vendor, pinned: FreshLink) -> None:
    assert approve(vendor, wish_of(pinned.link), email=email).state == state


def test_a_number_that_the_system_does_not_know(vendor: Vendor, workspace: Workspace, administrator: Person) -> None:
    wish = Wish(workspace=workspace, connector=NAME, person=administrator, organisation_number="999999999")
    assert approve(vendor, wish).state == SessionState.COMPANY_NOT_FOUND


def test_a_withdrawn_approval_is_renewed(vendor: Vendor, source: Source, administrator: Person) -> None:
    vendor.simulator.revoke(source.organisation_number, now=True)
    mark_withdrawn(source, since=timezone.now() - timedelta(hours=1))
    assert approve(vendor, wish_to_renew(source, administrator), source.organisation_number).state == SessionState.DONE
    source.refresh_from_db()
    assert (source.approval_state, source.withdrawn_since) == ("approved", None)
    assert opens_books(source)


def test_nothing_secret_is_told(
    vendor: Vendor, pinned: FreshLink, administrator: Person, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    approve(vendor, wish_of(pinned.link))
    key = vendor.simulator.company()["client_key"]
    told = caplog.text + "".join(capfd.readouterr()) + "".join(message.body for message in mail.outbox)
    assert key not in told
    assert not re.search(r"token=[^*&\s]", told)
