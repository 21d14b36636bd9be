from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.connectors.fake_server import Reply, fake_server
from tests.connectors.poweroffice.fake import BAD_SUBSCRIPTION, KEYS, FakePowerOffice, always, http
from tieout.connectors.base import CallbackStatus, Secret
from tieout.connectors.errors import ConnectorError, NeedsCompanyError, NeedsOperatorError, UnexpectedAnswerError
from tieout.connectors.poweroffice.onboarding import PowerOfficeOnboarding

CALLBACK = "http://127.0.0.1:8000/oauth/poweroffice/callback"
INITIATED = {
    "TemporaryUrl": "http://identity.example/ApiAuthV2?token=opaque",
    "ValidUntilDateTimeOffset": "2026-11-22 10:30:00.1234567+01:00",
}
COMPANY = {
    "ClientKey": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    "ClientName": "Fixture AS",
    "ClientOrganizationNumber": "NO 923 609 016 MVA",
}
OTHER = {"ClientKey": "00000000-8b86-d011-b42d-00cf4fc964ff", "ClientName": None, "ClientOrganizationNumber": None}


def with_fake(step: str, reply: Reply, act: Callable[[PowerOfficeOnboarding], object]) -> tuple[object, dict[str, str]]:
    """What `act` gives at a fake whose `step` answers so, and the body it sent."""
    fake = FakePowerOffice({f"/Onboarding/{step}": always(reply)})
    with fake_server(fake) as server, http() as connections:
        result = act(PowerOfficeOnboarding(connections, server.url, KEYS))
    (asked,) = server.asked
    assert "Authorization" not in asked.headers
    assert asked.headers["Ocp-Apim-Subscription-Key"] == "subscription-key"
    return result, json.loads(asked.body)


def read(query: dict[str, str], headers: dict[str, str] | None = None) -> tuple[CallbackStatus, str | None]:
    with http() as connections:
        callback = PowerOfficeOnboarding(connections, "", KEYS).read_callback(query, headers or {})
    return callback.status, callback.token.reveal() if callback.token else None


def test_begin_pins_the_company_and_gives_an_address_with_its_end() -> None:
    departure, sent = with_fake(
        "Initiate",
        Reply.of(INITIATED),
        lambda onboarding: onboarding.begin(redirect_uri=CALLBACK, organisation_number="923609016"),
    )
    assert sent == {"ApplicationKey": "application-key", "RedirectUri": CALLBACK, "ClientOrganizationNo": "923609016"}
    assert departure.url == INITIATED["TemporaryUrl"]  # type: ignore[attr-defined]
    assert departure.valid_until == datetime(2026, 11, 22, 9, 30, 0, 123456, UTC)  # type: ignore[attr-defined]


def test_begin_without_a_number_leaves_the_choice_to_the_approver() -> None:
    _, sent = with_fake(
        "Initiate",
        Reply.of(INITIATED),
        lambda onboarding: onboarding.begin(redirect_uri=CALLBACK, organisation_number=None),
    )
    assert "ClientOrganizationNo" not in sent


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply.of({"Title": "Bad Request"}, 400), NeedsOperatorError),
        (BAD_SUBSCRIPTION, NeedsOperatorError),
        (Reply(404), UnexpectedAnswerError),
        (Reply.of({}), UnexpectedAnswerError),
        (Reply.of({**INITIATED, "TemporaryUrl": "javascript:alert(1)"}), UnexpectedAnswerError),
        (Reply.of({**INITIATED, "ValidUntilDateTimeOffset": "soon"}), UnexpectedAnswerError),
    ],
)
def test_begin_says_who_must_act(reply: Reply, error: type[ConnectorError]) -> None:
    with pytest.raises(error) as caught:
        with_fake(
            "Initiate",
            reply,
            lambda onboarding: onboarding.begin(redirect_uri=f"{CALLBACK}?state=secret", organisation_number=None),
        )
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["token", "Token", "onboardingToken", "OnboardingToken", "onboarding_token"])
def test_the_token_is_found_under_every_name_that_has_been_seen(name: str) -> None:
    assert read({"status": "Success", name: "abc"}) == (CallbackStatus.APPROVED, "abc")


@pytest.mark.parametrize("name", ["Token", "Onboarding-Token", "OnboardingToken", "X-Onboarding-Token"])
def test_the_token_may_come_in_a_header(name: str) -> None:
    assert read({"Status": "success", "state": "xyz"}, {name: "abc"}) == (CallbackStatus.APPROVED, "abc")


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("Canceled", CallbackStatus.CANCELLED),
        ("ClientNotFound", CallbackStatus.COMPANY_NOT_FOUND),
        ("NoClientAccess", CallbackStatus.NOT_ADMINISTRATOR),
        ("IntegrationBlocked", CallbackStatus.BLOCKED),
        ("SomethingNew", CallbackStatus.UNKNOWN),
        ("0", CallbackStatus.UNKNOWN),
        ("", CallbackStatus.UNKNOWN),
    ],
)
def test_without_success_there_is_no_token_even_if_one_came(status: str, meaning: CallbackStatus) -> None:
    assert read({"status": status, "token": "abc"}) == (meaning, None)


@pytest.mark.parametrize("query", [{"status": "Success"}, {"status": "Success", "token": "  "}, {"token": "abc"}, {}])
def test_approved_needs_both_the_word_and_a_token(query: dict[str, str]) -> None:
    assert read(query) == (CallbackStatus.UNKNOWN, None)


def test_an_unknown_status_is_cleaned_before_anybody_logs_it() -> None:
    with http() as connections:
        callback = PowerOfficeOnboarding(connections, "", KEYS).read_callback({"status": "Bad\n<b>" + "x" * 99}, {})
    assert callback.raw_status == ("Badb" + "x" * 99)[:40]


def test_finish_gives_every_company_that_came_back() -> None:
    reply = Reply.of({"UserEmail": "fixture@example.com", "OnboardedClientsInformation": [COMPANY, {}, OTHER]})
    onboarded, sent = with_fake("Finalize", reply, lambda onboarding: onboarding.finish(Secret("abc")))
    assert sent == {"OnboardingToken": "abc"}
    assert onboarded.approver_email == "fixture@example.com"  # type: ignore[attr-defined]
    assert [
        (company.name, company.organisation_number, company.client_key.reveal())
        for company in onboarded.companies  # type: ignore[attr-defined]
    ] == [("Fixture AS", "923609016", COMPANY["ClientKey"]), ("", "", OTHER["ClientKey"])]
    assert COMPANY["ClientKey"] not in repr(onboarded)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply.of({"Title": "Bad Request"}, 400), NeedsCompanyError),
        (Reply.of({"OnboardedClientsInformation": None}), UnexpectedAnswerError),
        (Reply.of([]), UnexpectedAnswerError),
        (Reply(403), UnexpectedAnswerError),
        (BAD_SUBSCRIPTION, NeedsOperatorError),
    ],
)
def test_finish_says_who_must_act_and_never_tells_the_token(reply: Reply, error: type[ConnectorError]) -> None:
    with pytest.raises(error) as caught:
        with_fake("Finalize", reply, lambda onboarding: onboarding.finish(Secret("very-secret")))
    assert "very-secret" not in repr(caught.value)
