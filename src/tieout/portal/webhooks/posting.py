"""Posting one webhook: to the checked address only, without redirects, with little patience and a short answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx2

from tieout import __version__
from tieout.portal.webhooks.addresses import Goal, resolve

PATIENCE = httpx2.Timeout(10.0, connect=5.0)
MOST_SECONDS = 15.0  # of an answer that drips
MOST_BYTES = 2048


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Taken is 2xx; anything else, redirects too, is not."""

    status: int
    text: str

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post a body. Raises AddressRefusedError, OSError and httpx2.HTTPError where there was no answer."""
    goal = resolve(url)
    sent = {"Content-Type": "application/json", "User-Agent": f"Tieout/{__version__}", **headers}
    parts = urlsplit(url)
    request = httpx2.Request(
        "POST",
        urlunsplit((parts.scheme, _netloc(goal), parts.path or "/", parts.query, "")),
        headers=sent | {"Host": parts.netloc},
        content=body,
        extensions={"sni_hostname": goal.host, "timeout": PATIENCE.as_dict()},
    )
    # The environment's proxies would connect elsewhere than where we checked.
    with httpx2.Client(trust_env=False, follow_redirects=False, timeout=PATIENCE) as client:
        answer = client.send(request, stream=True)
        try:
            return Answer(answer.status_code, _beginning(answer))
        finally:
            answer.close()


def _netloc(goal: Goal) -> str:
    return f"[{goal.address}]:{goal.port}" if ":" in goal.address else f"{goal.address}:{goal.port}"


def _beginning(answer: httpx2.Response) -> str:
    """The first bytes of an answer, as text."""
    until, found = time.monotonic() + MOST_SECONDS, b""
    for piece in answer.iter_raw():
        found += piece
        if len(found) >= MOST_BYTES or time.monotonic() > until:
            break
    return found[:MOST_BYTES].decode(errors="replace")
