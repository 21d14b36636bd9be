"""A fake PowerOffice of a few lines: tokens that can be refused, and one answer per path as a test says."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.connectors.fake_server import Asked, FakeServer, Reply, fake_server
from tieout.config import Settings, load
from tieout.connectors.base import Secret
from tieout.connectors.http import Http, Patience
from tieout.connectors.poweroffice.auth import Keys, Tokens
from tieout.connectors.poweroffice.client import PowerOfficeReader
from tieout.connectors.poweroffice.paging import PageSize
from tieout.connectors.rate_limit import NoLimit

INVALID_CLIENT = Reply.of({"error": "invalid_client", "error_description": "Client integration not found."}, 400)
BAD_SUBSCRIPTION = Reply.of({"statusCode": 401, "message": "Access denied due to invalid subscription key."}, 401)
KEYS = Keys(application=Secret("application-key"), subscription=Secret("subscription-key"))
CLIENT_KEY = Secret("client-key")

Answers = dict[str, Callable[[Asked], Reply]]


class FakePowerOffice:
    """`answers` by path below /v2; `tokens` answers token calls, by default with token-1, token-2, ..."""

    def __init__(self, answers: Answers | None = None) -> None:
        self.answers = answers or {}
        self.numbers = itertools.count(1)
        self.lives = 1200
        self.tokens: Callable[[Asked], Reply] = self.give_token
        self.refused: set[str] = set()
        self.lock = threading.Lock()

    def give_token(self, _: Asked) -> Reply:
        with self.lock:
            token = f"token-{next(self.numbers)}"
        return Reply.of({"access_token": token, "token_type": "bearer", "expires_in": self.lives})

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/OAuth/Token":
            return self.tokens(asked)
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") in self.refused:
            return Reply(401)
        return self.answers[asked.path.removeprefix("/v2")](asked)


def always(reply: Reply) -> Callable[[Asked], Reply]:
    return lambda _: reply


def in_turn(*replies: Reply) -> Callable[[Asked], Reply]:
    """The replies one after the other, the last one again and again."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def opened(
    fake: FakePowerOffice, *, page_size: int = 5000, company: str = "", patience: Patience | None = None
) -> Iterator[tuple[PowerOfficeReader, FakeServer]]:
    """A reader of one company at the fake."""
    with fake_server(fake) as server, http() as connections:
        tokens = Tokens(connections, server.url, KEYS, confirm_seconds=0)
        reader = PowerOfficeReader(
            connections,
            tokens,
            KEYS,
            server.url,
            CLIENT_KEY,
            page_size=PageSize(page_size),
            company=company,
            patience=patience,
        )
        yield reader, server


@contextmanager
def http() -> Iterator[Http]:
    """Connections that all tests of a run share: making them anew costs more than most tests."""
    yield _connections()


@cache
def _connections() -> Http:
    return Http(NoLimit(), user_agent="Tieout/test", trust_environment=False)


def settings(home: Path, url: str, **given: str) -> Settings:
    return load({"TIEOUT_HOME": str(home), "TIEOUT_POWEROFFICE_URL": url, **given})
