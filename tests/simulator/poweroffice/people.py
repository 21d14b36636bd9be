"""An administrator without a browser: follows the pages of an approval by their forms, as they stand in the HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from tests.simulators import SUBSCRIPTION_HEADER, Simulator

CALLBACK = "http://127.0.0.1:9/callback?state=kept"


@dataclass
class Browser:
    """Where somebody stands in the pages; `page` is the last answer."""

    simulator: Simulator
    language: str = "en"
    page: Any = None
    http: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx2.Client(
            base_url=self.simulator.url, headers={"Accept-Language": self.language}, trust_env=False
        )

    def open(self, address: str) -> Browser:
        self.page = self.http.get(address)
        return self._follow()

    def submit(self, form: str, **values: Any) -> Browser:
        """Send the form whose action ends so (sign-in, clients, approve, cancel)."""
        action = re.search(rf'action="([^"]*/{form}\?[^"]*)"', self.page.text)
        assert action, f"no form {form} in {self.page.text}"
        self.page = self.http.post(unescape(action[1]), data=values)
        return self._follow()

    def sign_in(self, person: dict[str, Any]) -> Browser:
        return self.submit("sign-in", email=person["email"], password=person["password"])

    @property
    def came_back(self) -> dict[str, str] | None:
        """The query with which the browser was sent back to the callback; None while it is not."""
        location = self.page.headers.get("location", "")
        return dict(parse_qsl(urlsplit(location).query)) if location.startswith(CALLBACK.split("?")[0]) else None

    def _follow(self) -> Browser:
        while self.page.is_redirect and self.page.headers["location"].startswith("/"):
            self.page = self.http.get(self.page.headers["location"])
        return self


def initiate(simulator: Simulator, *, environment: str = "", **told: Any) -> httpx2.Response:
    keys = simulator.keys
    body = {"ApplicationKey": keys["application_key"], "RedirectUri": CALLBACK} | told
    return httpx2.post(
        f"{simulator.url}{environment}/v2/Onboarding/Initiate",
        json=body,
        headers={SUBSCRIPTION_HEADER: keys["subscription_key"]},
        trust_env=False,
    )


def finalize(simulator: Simulator, token: str, *, environment: str = "") -> httpx2.Response:
    return httpx2.post(
        f"{simulator.url}{environment}/v2/Onboarding/Finalize",
        json={"OnboardingToken": token},
        headers={SUBSCRIPTION_HEADER: simulator.keys["subscription_key"]},
        trust_env=False,
    )


def begin(simulator: Simulator, *, language: str = "en", **told: Any) -> Browser:
    """A browser at the sign-in page of a new approval."""
    address = initiate(simulator, **told).raise_for_status().json()["TemporaryUrl"]
    return Browser(simulator, language).open(address)
