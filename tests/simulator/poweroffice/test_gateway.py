"""What stands before the API: keys, limit, tokens, privileges, and how refusals look (contract 2, 4, 8)."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest

from tests.simulator.poweroffice.conftest import FAR
from tests.simulators import NOW, SUBSCRIPTION_HEADER, Simulator, running_simulator


def ask_token(simulator: Simulator, *, path: str = "/OAuth/Token", **changes: Any) -> httpx2.Response:
    keys, company = simulator.keys, simulator.company()
    told: dict[str, Any] = {
        "auth": (keys["application_key"], company["client_key"]),
        "headers": {SUBSCRIPTION_HEADER: keys["subscription_key"]},
        "data": {"grant_type": "client_credentials"},
    } | changes
    return httpx2.post(f"{simulator.url}{path}", trust_env=False, **told)


def get(simulator: Simulator, path: str, token: str | None = None, *, key: str | None = None) -> httpx2.Response:
    headers = {SUBSCRIPTION_HEADER: simulator.keys["subscription_key"] if key is None else key}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return httpx2.get(f"{simulator.url}{path}", headers=headers, trust_env=False)


def test_token_lives_twenty_minutes(own: Simulator) -> None:
    told = ask_token(own).json()
    assert (told["token_type"], told["expires_in"]) == ("bearer", 1200)
    assert get(own, "/v2/Departments", told["access_token"]).status_code == 200
    own.advance(seconds=1201)
    assert get(own, "/v2/Departments", told["access_token"]).status_code == 401


def test_token_tells_whose_it_is(simulator: Simulator, api: httpx2.Client) -> None:
    claims = simulator.token().split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert told["goClientId"] == api.get("/ClientIntegrationInformation").json()["ClientId"]
    assert "AccountTransaction" in told["role"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"auth": ("00000000-0000-4000-8000-00000000a991", "11111111-1111-4111-8111-111111111111")}, "invalid_client"),
        ({"auth": ("11111111-1111-4111-8111-111111111111", "x")}, "invalid_client"),
        ({"auth": None}, "invalid_client"),
        ({"data": {"grant_type": "password"}}, "unsupported_grant_type"),
        ({"data": {"scope": "x"}}, "invalid_request"),
    ],
)
def test_token_request_that_is_wrong_is_an_oauth_error(simulator: Simulator, changes: Any, error: str) -> None:
    refused = ask_token(simulator, **changes)
    assert refused.status_code == 400
    assert refused.json()["error"] == error
    assert refused.json()["error_description"]


def test_keys_of_the_environments_do_not_mix(simulator: Simulator) -> None:
    keys, company = simulator.keys, simulator.company()
    assert ask_token(simulator, path="/Demo/OAuth/Token").status_code == 400
    demo = ask_token(
        simulator, path="/demo/oauth/token", auth=(keys["application_key"], company["demo_client_key"])
    ).json()["access_token"]
    assert get(simulator, "/Demo/v2/Departments", demo).status_code == 200
    assert get(simulator, "/v2/Departments", demo).status_code == 401
    assert get(simulator, "/Demo/v2/Departments", simulator.token()).status_code == 401


@pytest.mark.parametrize(("key", "words"), [("", "missing subscription key"), ("wrong", "invalid subscription key")])
def test_subscription_key_is_asked_for_first(simulator: Simulator, key: str, words: str) -> None:
    for refused in (
        get(simulator, "/v2/Departments", key=key),
        ask_token(simulator, headers={SUBSCRIPTION_HEADER: key}),
    ):
        assert refused.status_code == 401
        assert refused.json()["statusCode"] == 401
        assert words in refused.json()["message"]


@pytest.mark.parametrize("token", [None, "made-up"])
def test_without_a_live_token_the_answer_is_401_without_a_body(simulator: Simulator, token: str | None) -> None:
    refused = get(simulator, "/v2/Departments", token)
    assert (refused.status_code, refused.content) == (401, b"")


def test_paths_are_found_in_any_case(simulator: Simulator) -> None:
    path = f"/V2/customerLEDGER/statement?fromDate={FAR['fromDate']}&toDate={FAR['toDate']}"
    assert get(simulator, path, simulator.token()).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/v2", "/v2/Nothing", "/v1/Customers", "/v2/AccountTransactions?fromDate=2026-01-01", "/v2/TrialBalance"],
)
def test_unknown_routes_and_missing_required_parameters_are_the_gateways_404(simulator: Simulator, path: str) -> None:
    refused = get(simulator, path, simulator.token())
    assert refused.status_code == 404
    assert refused.json() == {"statusCode": 404, "message": "Resource not found"}


def test_address_of_more_than_two_thousand_characters_is_a_404(api: httpx2.Client) -> None:
    numbers = ",".join(str(number) for number in range(10_000, 10_400))
    assert api.get("/Customers", params={"customerNos": numbers}).status_code == 404
    assert api.get("/Customers", params={"customerNos": numbers[: 6 * 150]}).status_code in (200, 204)


def test_writing_is_not_simulated(api: httpx2.Client) -> None:
    assert api.post("/Customers", json={}).status_code == 404


@pytest.fixture(scope="module")
def strict() -> Iterator[Simulator]:
    with running_simulator() as running:
        yield running


def test_eleventh_request_in_a_second_is_429_over_token_and_api_calls(strict: Simulator) -> None:
    strict.reset_requests()
    with ThreadPoolExecutor(14) as together:  # one after the other they may take longer than a second on a busy machine
        asks = [
            together.submit(ask_token, strict) if number % 2 else together.submit(get, strict, "/v2/Departments")
            for number in range(14)
        ]
    answers = [ask.result() for ask in asks]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"
    assert refused[0].json() == {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 1 seconds."}
    told = strict.requests()
    assert told["seen"] == 14
    assert told["throttled"] == len(refused)
    assert told["by_path"]["OAuth/Token"] == 7


def test_retry_after_can_be_left_out(own: Simulator) -> None:
    own.options(retry_after=False)
    own.faults({"fault": "429"})
    assert "retry-after" not in ask_token(own).headers


def test_answers_carry_the_simulators_time(own: Simulator) -> None:
    own.advance(days=100)
    told = parsedate_to_datetime(ask_token(own).headers["date"])
    assert timedelta() <= told - (NOW + timedelta(days=100)) < timedelta(minutes=2)
    own.options(skew_seconds=3600)
    assert parsedate_to_datetime(ask_token(own).headers["date"]) - told > timedelta(minutes=59)


def test_privilege_that_was_not_granted_is_403_and_told_by_information(own: Simulator) -> None:
    own.options(privileges=["CommonServices", "Customer_Full"])
    with own.api() as api:
        refused = api.get("/Projects")
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["status"] == 403
        assert api.get("/Customers").status_code == 200, "the privilege for writing opens reading too"
        assert api.get("/ClientIntegrationInformation").json()["ValidPrivileges"] == ["CommonServices", "Customer_Full"]


def test_module_that_the_company_lacks_closes_what_it_backs(own: Simulator) -> None:
    own.options(subscriptions={own.company()["organisation_number"]: ["AccountingNano"]})
    with own.api() as api:
        assert api.get("/Projects").status_code == 403
        assert api.get("/AccountTransactions", params=FAR).status_code == 200
        told = api.get("/ClientIntegrationInformation").json()
    assert "Project" in told["InvalidPrivileges"]
    assert "Project" not in told["ValidPrivileges"]
    assert told["ActiveClientSubscriptions"] == ["AccountingNano"]


def test_privileges_are_frozen_in_a_token(own: Simulator) -> None:
    with own.api() as api:
        own.options(privileges=[])
        assert api.get("/Projects").status_code == 200
        assert api.get("/ClientIntegrationInformation").json()["ValidPrivileges"] == []
    with own.api() as api:
        assert api.get("/Projects").status_code == 403


def test_bare_refusals_have_no_body(own: Simulator) -> None:
    own.options(privileges=[], bare_refusals=True)
    with own.api() as api:
        assert api.get("/Projects").content == b""


def test_revocation_stops_new_tokens_and_with_now_live_ones_too(own: Simulator) -> None:
    number = own.company()["organisation_number"]
    token = own.token()
    own.revoke(number)
    assert ask_token(own).json()["error"] == "invalid_client"
    assert get(own, "/v2/Departments", token).status_code == 200, "a token that was given lives on"
    own.revoke(number, now=True)
    assert get(own, "/v2/Departments", token).status_code == 401


def test_body_is_packed_for_whoever_asks(api: httpx2.Client) -> None:
    with api.stream("GET", "/GeneralLedgerAccounts", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
    plain = api.get("/GeneralLedgerAccounts", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 3


def test_latency_is_waited_for() -> None:
    with running_simulator(latency_ms=300, throttle=False, thread=True) as simulator:
        began = datetime.now(UTC)
        ask_token(simulator)
        assert datetime.now(UTC) - began >= timedelta(milliseconds=300)


def test_without_control_its_paths_are_as_unknown_as_any_other() -> None:
    with running_simulator(control=False, thread=True) as simulator:
        refused = httpx2.get(f"{simulator.url}/_simulator/companies", trust_env=False)
    assert refused.status_code in (401, 404)
    assert "companies" not in refused.text
