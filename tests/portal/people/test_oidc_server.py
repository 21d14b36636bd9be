"""What an OpenID Connect server says is believed where it signed it, for us, now: a server whose key the tests hold."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from allauth.core.context import request_context
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from django.test import RequestFactory
from pytest_django import Settings
from requests import TooManyRedirects

from tieout.portal.people.oidc_server import Server

OURS = "fixture-client"
KEY, STRANGERS = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())


class Answers(BaseHTTPRequestHandler):
    """What a server tells of itself, and its list of keys."""

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path.startswith("/elsewhere"):
            self.send_response(302)
            self.send_header("Location", f"{here}/.well-known/openid-configuration")
            self.end_headers()
            return
        listed = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True) | {"kid": "one", "alg": "ES256"}
        told = {"keys": [listed]} if self.path == "/keys" else {"issuer": here, "jwks_uri": f"{here}/keys"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def asked(settings: Settings, issuer: str) -> Server:
    told = {"oidc_issuer": issuer, "oidc_client_id": OURS, "oidc_client_secret": "fixture-secret"}
    settings.TIEOUT = replace(settings.TIEOUT, **told)
    return Server(RequestFactory().get("/"), settings.OIDC_PROVIDER)


def believed(server: Server, token: str) -> dict[str, Any]:
    with request_context(server.request):
        return server._decode_id_token(SocialApp(client_id=OURS), token)


def said(issuer: str, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": issuer, "sub": "known", "aud": OURS, "iat": now, "exp": now + 60} | changed
    return {name: value for name, value in claims.items() if value is not None}


def signed(
    claims: dict[str, Any], key: EllipticCurvePrivateKey | str = KEY, how: str = "ES256", kid: str = "one"
) -> str:
    return jwt.encode(claims, key, algorithm=how, headers={"kid": kid})


def test_what_the_server_signed_for_us_is_believed(settings: Settings, issuer: str) -> None:
    assert believed(asked(settings, issuer), signed(said(issuer)))["sub"] == "known"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
        {"aud": None},
    ],
    ids=str,
)
def test_what_was_said_for_others_by_others_or_long_ago_is_not(
    settings: Settings, issuer: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(OAuth2Error):
        believed(asked(settings, issuer), signed(said(issuer, **changed)))


def test_what_the_server_did_not_sign_is_not(settings: Settings, issuer: str) -> None:
    secret = "a fixture's shared secret, long enough"
    forged = [
        signed(said(issuer), STRANGERS),
        signed(said(issuer), kid="another"),
        signed(said(issuer), secret, "HS256"),
        signed(said(issuer), "", "none"),
        signed(said(issuer))[:-4] + "AAAA",
        "no token",
        "",
    ]
    for token in forged:
        with pytest.raises(OAuth2Error):
            believed(asked(settings, issuer), token)


def test_a_server_that_calls_itself_by_another_name_or_leads_elsewhere_is_not_asked(
    settings: Settings, issuer: str
) -> None:
    with pytest.raises(OAuth2Error, match="another name"), request_context(RequestFactory().get("/")):
        _told = asked(settings, issuer.replace("127.0.0.1", "localhost")).openid_config
    with pytest.raises(TooManyRedirects), request_context(RequestFactory().get("/")):
        _told = asked(settings, f"{issuer}/elsewhere").openid_config
