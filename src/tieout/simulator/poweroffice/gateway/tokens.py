"""The token endpoint and the tokens it gave out (contract 2). Privileges are frozen in a token."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import orjson
from starlette.responses import Response

from tieout.config import SIMULATOR_APPLICATION_KEY
from tieout.simulator.poweroffice.gateway import answers
from tieout.simulator.poweroffice.service import Activation, Service

LIFE = 1200  # seconds
GRANT = "client_credentials"


@dataclass(frozen=True, slots=True)
class Token:
    activation: Activation
    environment: str
    privileges: tuple[str, ...]  # those that could be used when it was given
    expires: datetime


class Tokens:
    """All live tokens by their text."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._given: dict[str, Token] = {}

    def grant(self, authorization: str, body: bytes, environment: str) -> Response:
        """Answer a token request."""
        form = parse_qs(body.decode(errors="replace"))
        if "grant_type" not in form:
            return answers.oauth("invalid_request", "The mandatory 'grant_type' parameter is missing.")
        if form["grant_type"] != [GRANT]:
            return answers.oauth("unsupported_grant_type", "The specified 'grant_type' is not supported.")
        activation = self.whose(authorization, environment)
        if activation is None:
            return answers.oauth("invalid_client", answers.NO_INTEGRATION)
        return answers.json(
            {"access_token": self._new(activation, environment), "token_type": "bearer", "expires_in": LIFE}
        )

    def whose(self, authorization: str, environment: str) -> Activation | None:
        """Who sends Basic base64(application key:client key)."""
        scheme, _, text = authorization.partition(" ")
        try:
            application, _, client = base64.b64decode(text, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        if scheme.lower() != "basic" or application.lower() != SIMULATOR_APPLICATION_KEY:
            return None
        return self._service.by_key(client, environment)

    def find(self, authorization: str, environment: str) -> Token | None:
        """The live token behind a Bearer header; None where there is none, or one of the other environment."""
        scheme, _, text = authorization.partition(" ")
        token = self._given.get(text.strip()) if scheme.lower() == "bearer" else None
        if token is None or token.environment != environment or token.expires <= self._service.clock.now():
            return None
        return token

    def end(self, activation: Activation) -> None:
        """Let a company's tokens die at once."""
        self._given = {text: token for text, token in self._given.items() if token.activation is not activation}

    def _new(self, activation: Activation, environment: str) -> str:
        now = self._service.clock.now()
        self._given = {text: token for text, token in self._given.items() if token.expires > now}
        valid, invalid = self._service.privileges(activation)
        text = _jwt(
            {
                "goClientId": str(activation.books.profile.client_id),
                "goClientName": activation.books.profile.name,
                "goActiveClientSubscriptions": self._service.subscriptions(activation),
                "goInvalidPrivileges": invalid,
                "role": valid,
                "exp": int(now.timestamp()) + LIFE,
            }
        )
        self._given[text] = Token(activation, environment, tuple(valid), now + timedelta(seconds=LIFE))
        return text


def _jwt(claims: dict[str, object]) -> str:
    """Looks like one and is opaque: nobody can check its signature."""
    parts = (b'{"alg":"RS256","typ":"JWT"}', orjson.dumps(claims), secrets.token_bytes(32))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
