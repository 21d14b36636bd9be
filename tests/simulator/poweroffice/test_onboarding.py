"""The approval as the two sides see it: the person in the pages, the product over HTTP (contract 3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.people import CALLBACK, Browser, begin, finalize, initiate
from tests.simulators import SUBSCRIPTION_HEADER, Simulator, running_simulator


@pytest.fixture(scope="module")
def three() -> Iterator[Simulator]:
    """Three companies; no test here changes what another one sees."""
    with running_simulator(size="demo", throttle=False, thread=True) as running:
        yield running


@pytest.fixture
def administrator(three: Simulator) -> Any:
    return three.people()[0]


def somebody(simulator: Simulator, *, administers: int, sees: int) -> dict[str, Any]:
    """A person with rights in so many companies."""
    return next(
        person
        for person in simulator.people()
        if (len(person["administrator_of"]), len(person["access_to"])) == (administers, sees)
    )


def approve(browser: Browser, *organisation_numbers: str) -> dict[str, str]:
    """Tick companies, approve, and give the query of the way back."""
    back = browser.submit("clients", client=list(organisation_numbers)).submit("approve").came_back
    assert back is not None
    return back


def test_first_person_administers_all_companies(three: Simulator, administrator: Any) -> None:
    assert administrator["administrator_of"] == [company["organisation_number"] for company in three.companies()]


def test_approval_gives_the_key_of_the_chosen_company(three: Simulator, administrator: Any) -> None:
    company = three.companies()[1]
    back = approve(begin(three).sign_in(administrator), company["organisation_number"])
    assert (back["status"], back["state"]) == ("Success", "kept")
    told = finalize(three, back["token"]).json()
    assert told == {
        "UserEmail": administrator["email"],
        "OnboardedClientsInformation": [
            {
                "ClientKey": company["client_key"],
                "ClientName": company["name"],
                "ClientOrganizationNumber": company["organisation_number"],
            }
        ],
    }


def test_several_companies_in_one_approval_give_a_key_each(three: Simulator, administrator: Any) -> None:
    wanted = [company["organisation_number"] for company in three.companies()[:2]]
    back = approve(begin(three).sign_in(administrator), *wanted)
    told = finalize(three, back["token"]).json()["OnboardedClientsInformation"]
    assert [one["ClientOrganizationNumber"] for one in told] == wanted


def test_finalize_answers_once(three: Simulator, administrator: Any) -> None:
    back = approve(begin(three).sign_in(administrator), three.company()["organisation_number"])
    assert finalize(three, back["token"]).status_code == 200
    again = finalize(three, back["token"])
    assert again.status_code == 400
    assert again.json()["title"] == "Bad Request"


def test_with_an_organisation_number_only_that_company_is_offered(three: Simulator, administrator: Any) -> None:
    company = three.companies()[2]
    browser = begin(three, ClientOrganizationNo=company["organisation_number"]).sign_in(administrator)
    assert company["name"] in browser.page.text
    assert three.companies()[0]["name"] not in browser.page.text
    back = browser.submit("approve").came_back
    assert back is not None
    told = finalize(three, back["token"]).json()["OnboardedClientsInformation"]
    assert [one["ClientOrganizationNumber"] for one in told] == [company["organisation_number"]]


def test_person_sees_only_companies_that_he_administers(three: Simulator) -> None:
    browser = begin(three).sign_in(somebody(three, administers=1, sees=1))
    names = [company["name"] in browser.page.text for company in three.companies()]
    assert names.count(True) == 1


def test_company_that_was_not_offered_cannot_be_ticked(three: Simulator) -> None:
    person = somebody(three, administers=1, sees=1)
    other = next(
        company["organisation_number"]
        for company in three.companies()
        if company["organisation_number"] not in person["administrator_of"]
    )
    browser = begin(three).sign_in(person).submit("clients", client=[other])
    assert browser.page.status_code == 400


@pytest.mark.parametrize("form", ["sign-in page", "clients", "approve"])
def test_cancelling_anywhere_comes_back_as_canceled(three: Simulator, administrator: Any, form: str) -> None:
    browser = begin(three)
    if form != "sign-in page":
        browser.sign_in(administrator)
    if form == "approve":
        browser.submit("clients", client=[three.company()["organisation_number"]])
    assert browser.submit("cancel").came_back == {"state": "kept", "status": "Canceled"}


def test_unknown_organisation_number_comes_back_as_client_not_found(three: Simulator, administrator: Any) -> None:
    browser = begin(three, ClientOrganizationNo="999999999").sign_in(administrator)
    assert browser.came_back == {"state": "kept", "status": "ClientNotFound"}


@pytest.mark.parametrize("pinned", [True, False])
def test_person_without_administrator_right_comes_back_as_no_client_access(three: Simulator, pinned: bool) -> None:
    told = {"ClientOrganizationNo": three.company()["organisation_number"]} if pinned else {}
    browser = begin(three, **told).sign_in(somebody(three, administers=0, sees=3))
    assert browser.came_back == {"state": "kept", "status": "NoClientAccess"}


def test_blocked_integration_comes_back_as_such_and_its_key_is_dead(own: Simulator) -> None:
    company = own.company()
    own.options(blocked=[company["organisation_number"]])
    browser = begin(own).sign_in(own.people()[0])
    assert approve(browser, company["organisation_number"])["status"] == "IntegrationBlocked"
    with pytest.raises(httpx2.HTTPStatusError):
        own.token(company["client_key"])


def test_status_that_nobody_knows_can_come(own: Simulator) -> None:
    own.options(status="SomethingNew")
    back = approve(begin(own).sign_in(own.people()[0]), own.company()["organisation_number"])
    assert back == {"state": "kept", "status": "SomethingNew"}


def test_token_parameter_may_have_another_name(own: Simulator) -> None:
    own.options(token_parameter="onboarding_token")
    back = approve(begin(own).sign_in(own.people()[0]), own.company()["organisation_number"])
    assert finalize(own, back["onboarding_token"]).status_code == 200


def test_onboarding_token_lives_five_minutes(own: Simulator) -> None:
    back = approve(begin(own).sign_in(own.people()[0]), own.company()["organisation_number"])
    own.advance(seconds=301)
    assert finalize(own, back["token"]).status_code == 400


def test_temporary_address_says_how_long_it_lives_and_then_is_over(own: Simulator) -> None:
    told = initiate(own).json()
    until = datetime.fromisoformat(told["ValidUntilDateTimeOffset"])
    assert timedelta(minutes=15) <= until - own.now() <= timedelta(minutes=30)
    own.advance(seconds=30 * 60)
    assert Browser(own).open(told["TemporaryUrl"]).page.status_code == 410


def test_approving_again_gives_the_same_key(own: Simulator) -> None:
    company = own.company()
    back = approve(begin(own).sign_in(own.people()[0]), company["organisation_number"])
    told = finalize(own, back["token"]).json()["OnboardedClientsInformation"]
    assert told[0]["ClientKey"] == company["client_key"]
    assert own.token(company["client_key"])


def test_with_the_switch_approving_again_gives_a_new_key_and_kills_the_old_one(own: Simulator) -> None:
    old = own.company()["client_key"]
    own.options(rotate_keys=True)
    back = approve(begin(own).sign_in(own.people()[0]), own.company()["organisation_number"])
    new = finalize(own, back["token"]).json()["OnboardedClientsInformation"][0]["ClientKey"]
    assert new != old
    assert own.token(new)
    with pytest.raises(httpx2.HTTPStatusError):
        own.token(old)


def test_revoked_company_can_approve_again(own: Simulator) -> None:
    company = own.company()
    own.revoke(company["organisation_number"])
    with pytest.raises(httpx2.HTTPStatusError):
        own.token(company["client_key"])
    approve(begin(own).sign_in(own.people()[0]), company["organisation_number"])
    assert own.token(company["client_key"])


@pytest.mark.parametrize(
    "told",
    [
        {"ApplicationKey": "11111111-1111-4111-8111-111111111111"},
        {"RedirectUri": "https://elsewhere.example.com/callback"},
        {"RedirectUri": "/callback"},
        {"RedirectUri": None},
    ],
)
def test_initiate_refuses_wrong_key_and_addresses_that_are_not_white_listed(three: Simulator, told: Any) -> None:
    refused = initiate(three, **told)
    assert refused.status_code == 400
    assert {"title", "status", "detail"} <= set(refused.json())


def test_white_list_covers_domain_and_path_but_not_the_query(own: Simulator) -> None:
    own.options(white_list=["https://tieout.example.com/oauth/poweroffice/callback"])
    allowed = "https://tieout.example.com/oauth/poweroffice/callback?state=anything"
    assert initiate(own, RedirectUri=allowed).status_code == 200
    assert initiate(own, RedirectUri="https://tieout.example.com/other").status_code == 400


def test_body_may_be_written_in_camel_case(three: Simulator) -> None:
    keys = three.keys
    answer = httpx2.post(
        f"{three.url}/v2/onboarding/initiate",
        json={"applicationKey": keys["application_key"].upper(), "redirectUri": CALLBACK, "clientOrganizationNo": None},
        headers={SUBSCRIPTION_HEADER: keys["subscription_key"]},
        trust_env=False,
    )
    assert answer.status_code == 200


def test_wrong_password_is_told_on_the_page(three: Simulator, administrator: Any) -> None:
    browser = begin(three).sign_in({**administrator, "password": "wrong"})
    assert browser.page.status_code == 403
    assert "E-mail or password is wrong" in browser.page.text


def test_pages_say_that_they_are_a_simulator_in_the_readers_language(three: Simulator) -> None:
    assert "Simulator. Not PowerOffice" in begin(three).page.text
    norwegian = begin(three, language="nb-NO,nb;q=0.9").page.text
    assert "Simulator. Ikke PowerOffice" in norwegian
    assert 'lang="nb"' in norwegian


def test_address_alone_does_not_show_what_another_browser_signed_in_to(three: Simulator, administrator: Any) -> None:
    address = initiate(three).json()["TemporaryUrl"]
    Browser(three).open(address).sign_in(administrator)
    stranger = Browser(three).open(address.replace("/ApiAuthV2?", "/ApiAuthV2/clients?"))
    assert 'type="password"' in stranger.page.text


def test_environments_do_not_share_tokens_or_keys(three: Simulator, administrator: Any) -> None:
    company = three.company()
    back = approve(begin(three, environment="/Demo").sign_in(administrator), company["organisation_number"])
    assert finalize(three, back["token"]).status_code == 400
    back = approve(begin(three, environment="/Demo").sign_in(administrator), company["organisation_number"])
    told = finalize(three, back["token"], environment="/demo").json()["OnboardedClientsInformation"]
    assert told[0]["ClientKey"] == company["demo_client_key"] != company["client_key"]
