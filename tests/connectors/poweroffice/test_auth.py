from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.connectors.fake_server import Asked, Reply, fake_server
from tests.connectors.poweroffice.fake import (
    BAD_SUBSCRIPTION,
    CLIENT_KEY,
    INVALID_CLIENT,
    KEYS,
    FakePowerOffice,
    always,
    http,
    in_turn,
)
from tieout.connectors.base import Secret
from tieout.connectors.errors import (
    ConnectorError,
    NeedsCompanyError,
    NeedsOperatorError,
    TryLaterError,
    UnexpectedAnswerError,
)
from tieout.connectors.http import Meter
from tieout.connectors.poweroffice.auth import Keys, Tokens

TOKEN = Reply.of({"access_token": "token-1", "token_type": "bearer", "expires_in": 1200})


def test_a_token_is_asked_for_as_the_contract_says_and_kept() -> None:
    with fake_server(FakePowerOffice()) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS)
        assert [tokens.get(CLIENT_KEY, Meter()) for _ in range(3)] == ["token-1"] * 3
    (asked,) = server.asked
    pair = base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).decode()
    assert (asked.method, asked.path, asked.query) == ("POST", "/OAuth/Token", {})
    assert pair == "application-key:client-key"
    assert asked.body == b"grant_type=client_credentials"
    assert asked.headers["Ocp-Apim-Subscription-Key"] == "subscription-key"


def test_companies_never_share_a_token() -> None:
    with fake_server(FakePowerOffice()) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS)
        assert tokens.get(Secret("one"), Meter()) != tokens.get(Secret("other"), Meter())


def test_a_token_is_renewed_a_minute_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakePowerOffice()
    now = 1000.0
    monkeypatch.setattr("tieout.connectors.poweroffice.auth.time.monotonic", lambda: now)
    with fake_server(fake) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS)
        first = tokens.get(CLIENT_KEY, Meter())
        now += 1139
        assert tokens.get(CLIENT_KEY, Meter()) == first
        now += 1
        assert tokens.get(CLIENT_KEY, Meter()) == "token-2"


def test_many_threads_renew_once() -> None:
    fake = FakePowerOffice()
    arrived = threading.Barrier(8)
    with fake_server(fake) as server, http() as connections, ThreadPoolExecutor(8) as threads:
        tokens = Tokens(connections, server.url, KEYS)

        def get() -> str:
            arrived.wait(10)
            return tokens.get(CLIENT_KEY, Meter())

        def renew() -> str:
            arrived.wait(10)
            return tokens.renew(CLIENT_KEY, Meter(), refused="token-1")

        assert {future.result() for future in [threads.submit(get) for _ in range(8)]} == {"token-1"}
        assert {future.result() for future in [threads.submit(renew) for _ in range(8)]} == {"token-2"}
    assert len(server.asked) == 2


def test_an_approval_is_withdrawn_only_when_the_vendor_says_so_twice() -> None:
    fake = FakePowerOffice()
    fake.tokens = in_turn(INVALID_CLIENT, TOKEN)
    with fake_server(fake) as server, http() as connections:
        assert Tokens(connections, server.url, KEYS, confirm_seconds=0).get(CLIENT_KEY, Meter()) == "token-1"

    fake.tokens = always(INVALID_CLIENT)
    with fake_server(fake) as server, http() as connections:
        with pytest.raises(NeedsCompanyError, match="approve again"):
            Tokens(connections, server.url, KEYS, confirm_seconds=0).get(CLIENT_KEY, Meter())
        assert len(server.asked) == 2


def test_many_threads_of_a_withdrawn_company_ask_twice_in_all_and_a_later_one_asks_again() -> None:
    fake = FakePowerOffice()
    fake.tokens = in_turn(TOKEN, INVALID_CLIENT, INVALID_CLIENT, TOKEN)
    arrived = threading.Barrier(8)
    with fake_server(fake) as server, http() as connections, ThreadPoolExecutor(8) as threads:
        tokens = Tokens(connections, server.url, KEYS, confirm_seconds=0.5)
        refused = tokens.get(CLIENT_KEY, Meter())

        def renew() -> str:
            arrived.wait(10)
            return tokens.renew(CLIENT_KEY, Meter(), refused=refused)

        failures = [future.exception() for future in [threads.submit(renew) for _ in range(8)]]
        assert {type(failure) for failure in failures} == {NeedsCompanyError}
        assert len(server.asked) == 3
        assert tokens.renew(CLIENT_KEY, Meter(), refused=refused) == "token-1"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (BAD_SUBSCRIPTION, NeedsOperatorError),
        (Reply.of({"error": "invalid_request"}, 400), UnexpectedAnswerError),
        (Reply(400, b"<html>"), UnexpectedAnswerError),
        (Reply(404), UnexpectedAnswerError),
        (Reply.of({"token": "x"}), UnexpectedAnswerError),
        (Reply.of(["x"]), UnexpectedAnswerError),
        (Reply(200, b"no json"), UnexpectedAnswerError),
        (Reply(503), TryLaterError),
        (Reply.of({"statusCode": "429", "message": "Rate limit is exceeded."}, 429), TryLaterError),
    ],
)
def test_every_refusal_says_who_must_act_and_tells_no_secret(reply: Reply, error: type[ConnectorError]) -> None:
    fake = FakePowerOffice()
    fake.tokens = always(reply)
    with fake_server(fake) as server, http() as connections, pytest.raises(error) as caught:
        Tokens(connections, server.url, KEYS, confirm_seconds=0).get(CLIENT_KEY, Meter())
    assert not any(secret in repr(caught.value) for secret in ("client-key", "application-key", "subscription-key"))


def test_after_a_failure_the_next_caller_asks_again() -> None:
    fake = FakePowerOffice()
    answers = in_turn(Reply(404), TOKEN)

    def tokens_in_turn(asked: Asked) -> Reply:
        return answers(asked)

    fake.tokens = tokens_in_turn
    with fake_server(fake) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS)
        with pytest.raises(UnexpectedAnswerError):
            tokens.get(CLIENT_KEY, Meter())
        assert tokens.get(CLIENT_KEY, Meter()) == "token-1"


def test_a_refusal_names_the_application_key_too_while_no_other_company_is_let_in() -> None:
    fake = FakePowerOffice()
    fake.tokens = in_turn(INVALID_CLIENT, INVALID_CLIENT, TOKEN, INVALID_CLIENT)
    with fake_server(fake) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS, confirm_seconds=0)
        with pytest.raises(NeedsCompanyError, match="TIEOUT_POWEROFFICE_APPLICATION_KEY"):
            tokens.get(Secret("one"), Meter())
        tokens.get(Secret("other"), Meter())
        with pytest.raises(NeedsCompanyError, match="no longer accepts the approval"):
            tokens.get(Secret("one"), Meter())


def _refusing(*keys: str) -> FakePowerOffice:
    """A gateway that refuses these subscription keys."""
    fake = FakePowerOffice()

    def tokens(asked: Asked) -> Reply:
        return BAD_SUBSCRIPTION if asked.headers["Ocp-Apim-Subscription-Key"] in keys else fake.give_token(asked)

    fake.tokens = tokens
    return fake


def test_a_refused_subscription_key_gives_way_to_the_other_one_which_stays_in_use() -> None:
    keys = Keys(application=Secret("application-key"), subscription=Secret("old"), secondary=Secret("new"))
    with fake_server(_refusing("old")) as server, http() as connections:
        tokens = Tokens(connections, server.url, keys)
        assert tokens.get(Secret("one"), Meter()) == "token-1"
        assert tokens.get(Secret("other"), Meter()) == "token-2"
    assert [asked.headers["Ocp-Apim-Subscription-Key"] for asked in server.asked] == ["old", "new", "new"]
    assert keys.in_use == 1


def test_two_refused_subscription_keys_are_the_operators_to_mend() -> None:
    keys = Keys(application=Secret("application-key"), subscription=Secret("old"), secondary=Secret("older"))
    refused = pytest.raises(NeedsOperatorError, match="TIEOUT_POWEROFFICE_SUBSCRIPTION_KEY")
    with fake_server(_refusing("old", "older")) as server, http() as connections, refused:
        Tokens(connections, server.url, keys).get(CLIENT_KEY, Meter())
    assert len(server.asked) == 2
