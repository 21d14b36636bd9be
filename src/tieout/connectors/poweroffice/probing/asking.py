"""One probe's way to the vendor: raw answers, counted, so that it never asks too much."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tieout.connectors.base import Claim, Priority, Secret
from tieout.connectors.errors import ConnectorError
from tieout.connectors.http import ATTEMPTS, Answer, Call, Http, Meter
from tieout.connectors.poweroffice.auth import Keys, Tokens

MOST = 60
SECONDS = 10.0  # of one question with its retries: what is slow is an answer too
Row = dict[str, Any]


class NotToldError(Exception):
    """A question has no answer here; the text says why, without names and amounts."""


class Asking:
    """Asks as one company, and with this installation's own keys alone (`begin`)."""

    def __init__(self, http: Http, tokens: Tokens, keys: Keys, url: str, client_key: Secret, callback: str) -> None:
        self._http, self._tokens, self._keys, self._url = http, tokens, keys, url
        self._client_key, self._callback = client_key, callback
        self._meter = Meter(Claim(priority=Priority.PERSON))
        self._kept: dict[tuple[str, tuple[tuple[str, str], ...]], Answer] = {}

    @property
    def requests(self) -> int:
        return self._meter.requests

    @property
    def now(self) -> datetime:
        """The vendor's clock."""
        return self._meter.server_time() or datetime.now(UTC)

    @property
    def today(self) -> date:
        return self.now.date()

    def room_for(self, requests: int) -> None:
        """Raise NotToldError where so many more would be too many."""
        if self.requests + requests > MOST:
            raise NotToldError(f"not asked: the {MOST} requests of a probe were used up")

    def get(self, path: str, **params: str) -> Answer:
        """Any answer but 429 and 5xx. The same question is asked once. Raises ConnectorError, NotToldError."""
        asked = (path, tuple(sorted(params.items())))
        if asked not in self._kept:
            self._kept[asked] = self.get_anew(path, **params)
        return self._kept[asked]

    def get_anew(self, path: str, **params: str) -> Answer:
        """The same, asked however often. Raises ConnectorError, NotToldError."""
        self.room_for(ATTEMPTS)
        call = Call(method="GET", url=self.address(path), headers=self.headers(), params=params, patience=SECONDS)
        return self._keys.send(self._http, call, self._meter)

    def rows(self, path: str, **params: str) -> list[Row]:
        """The rows of an answer; a single object is one. Raises NotToldError where there is none to be had."""
        answer = self.get(path, **params)
        if answer.status == 204:
            return []
        if answer.status != 200:
            raise NotToldError(f"{path} was answered {answer.status}")
        told = answer.json()
        return told if isinstance(told, list) else [told]

    def begin(self, names: Mapping[str, str]) -> Answer:
        """Begin an approval and leave it at that; `names` are the body's two keys."""
        self.room_for(ATTEMPTS)
        values = {"ApplicationKey": self._keys.application.reveal(), "RedirectUri": self._callback}
        body = json.dumps({names.get(name, name): value for name, value in values.items()}).encode()
        headers = {"Content-Type": "application/json"}
        url = f"{self._url}/v2/Onboarding/Initiate"
        call = Call(method="POST", url=url, headers=headers, body=body, patience=SECONDS)
        return self._keys.send(self._http, call, self._meter)

    def headers(self) -> dict[str, str]:
        """What a request needs that goes another way than ours."""
        token = self._tokens.get(self._client_key, self._meter, patience=SECONDS)
        subscription = self._keys.subscriptions[self._keys.in_use].reveal()
        return {"Ocp-Apim-Subscription-Key": subscription, "Authorization": f"Bearer {token}"}

    def address(self, path: str) -> str:
        return f"{self._url}/v2{path}"

    def count(self, requests: int) -> None:
        """Requests that went another way."""
        for _ in range(requests):
            self._meter.count(None, None)


def why(error: ConnectorError) -> str:
    """A refusal in words that name nobody."""
    return f"not answered ({type(error).__name__.removesuffix('Error')})"
