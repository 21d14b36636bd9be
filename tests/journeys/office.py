"""Where journeys take place: a simulated PowerOffice with small companies, a portal that serves, and browser profiles."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browsers import browser
from tests.journeys.books import NAMES, companies
from tests.programs import Installation, Serving, serving
from tests.simulators import Simulator, running_simulator

OWNER, READER, PASSWORD = "owner@example.com", "reader@example.com", "a long enough password"
PATIENCE = 60_000  # milliseconds: pages follow by themselves, and a first sync takes a while on a busy machine
SYNCED = 120_000
_COMMANDS = (
    "import json, sys; from tieout.cli import main; sys.exit(max(main(words) for words in json.load(sys.stdin)))"
)


@dataclass(frozen=True)
class Company:
    """One of the simulated companies, as people write it."""

    name: str
    number: str

    @property
    def spaced(self) -> str:
        return f"{self.number[:3]} {self.number[3:6]} {self.number[6:]}"


@dataclass
class Office:
    """One installation that serves, what it is connected to, and all browser profiles of the story."""

    simulator: Simulator
    installation: Installation
    server: Serving
    chromium: Browser
    stack: ExitStack
    profiles: list[BrowserContext] = field(default_factory=list)
    _fresh: list[Company] = field(default_factory=list)
    _signed_in: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def company(self) -> Company:
        """A company that no other story has touched. The simulator's first one, which has a manager, is not among them."""
        if not self._fresh:
            self._fresh = [Company(one["name"], one["organisation_number"]) for one in self.simulator.companies()][1:]
        return self._fresh.pop(0)

    def profile(self, **options: Any) -> Page:
        """A new browser profile: no cookies, no account."""
        context = self.chromium.new_context(**{"locale": "en-GB"} | options)
        context.set_default_timeout(PATIENCE)
        self.profiles.append(context)
        return context.new_page()

    def signed_in(self, email: str = OWNER, **options: Any) -> Page:
        """A profile of somebody with an account, at the list of data sources."""
        if email not in self._signed_in:
            page = self.profile()
            sign_in(page, self.url, email)
            self._signed_in[email] = page.context.storage_state()
        page = self.profile(storage_state=self._signed_in[email], **options)
        page.goto(f"{self.url}/sources/")
        return page

    def connect(self, page: Page, company: Company) -> str:
        """Make a data source with the company's key, the short way; its address."""
        page.goto(f"{self.url}/sources/new/poweroffice/key/")
        page.get_by_label("Client key").fill(self.simulator.company(company.number)["client_key"])
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.get_by_role("heading", name=company.name, level=1)).to_be_visible()
        return page.url

    def kill_and_start_again(self) -> None:
        """kill -9 of the server, then another one at another port."""
        self.server.process.kill()
        self.server.process.wait()
        self.server = self.stack.enter_context(serving(self.installation))

    def tell(self, sql: str, *values: Any) -> None:
        """Change app.db beside the running server: what only time could do else."""
        with closing(sqlite3.connect(self.installation.home / "app.db", timeout=30)) as database, database:
            assert database.execute(sql, values).rowcount > 0

    def asked(self, sql: str, *values: Any) -> list[Any]:
        """What app.db holds, beside the running server."""
        with closing(sqlite3.connect(self.installation.home / "app.db", timeout=30)) as database:
            return database.execute(sql, values).fetchall()


@contextmanager
def office(
    folder: Path,
    *,
    people: Sequence[tuple[str, str]] = ((OWNER, "owner"), (READER, "reader")),
    count: int = len(NAMES),
    latency_ms: float = 0,
) -> Iterator[Office]:
    """All of it, until the block ends. `people`: e-mail and role; names are made of the roles. `count`: of companies."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        simulator = stack.enter_context(
            running_simulator(books=companies(folder, count=count), latency_ms=latency_ms, throttle=False)
        )
        installation = Installation(folder / "home", simulator.url)
        installation.home.mkdir()
        if people:
            add_people(installation, people)
        server = stack.enter_context(serving(installation))
        yield Office(simulator, installation, server, stack.enter_context(browser()), stack)


def add_people(installation: Installation, people: Sequence[tuple[str, str]]) -> None:
    """`tieout user add` for each, in one process: starting a Python for each would take most of the time."""
    password = installation.home.parent / "password"
    password.write_text(f"{PASSWORD}\n")
    commands = [
        ["user", "add", email, "--role", role, "--name", f"Test {role.title()}", "--password-file", str(password)]
        for email, role in people
    ]
    subprocess.run(
        [sys.executable, "-c", _COMMANDS],
        input=json.dumps(commands),
        env=installation.environment,
        text=True,
        capture_output=True,
        check=True,
    )


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/sources/")


def approve(page: Page, *choose: Company, email: str = "administrator@example.com") -> None:
    """At the simulated PowerOffice: sign in, tick companies where there is a choice, approve; back at Tieout after that."""
    sign_in_at_poweroffice(page, email)
    for company in choose:
        page.get_by_role("checkbox", name=company.name).check()
    if choose:
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(re.compile("/oauth/|/sources/"))


def sign_in_at_poweroffice(page: Page, email: str = "administrator@example.com") -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill("simulator")
    page.get_by_role("button", name="Sign in").click()


def start_myself(page: Page, address: str, company: Company | None = None) -> None:
    """New data source -> PowerOffice -> I want to do it myself -> Continue, up to PowerOffice's own page."""
    page.goto(f"{address}/sources/")
    page.get_by_role("link", name="New data source").first.click()
    page.get_by_role("link", name="Connect PowerOffice Go").click()
    page.get_by_text("I want to do it myself").click()
    if company:
        page.get_by_label("Organisation number").fill(company.spaced)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def make_link(page: Page, address: str, company: Company | None = None, *, valid_for: str = "") -> str:
    """Share a link with a non-Tieout user; the address in the field to copy."""
    page.goto(f"{address}/sources/new/poweroffice/")
    page.get_by_text("Share a link with a non-Tieout user").click()
    if company:
        page.get_by_label("Organisation number").fill(company.spaced)
    page.get_by_role("button", name="Continue").click()
    if valid_for:
        page.get_by_label("Valid for").select_option(label=valid_for)
    page.get_by_role("button", name="Make the link").click()
    page.wait_for_url(
        "**/approval-links/*/", wait_until="load"
    )  # scripts are deferred: before they run nothing is copied
    return page.locator("#address").input_value()


def axis(page: Page, name: str) -> Locator:
    """Approval, Freshness or Proof on a data source's overview."""
    return page.locator(".axis").filter(has=page.locator("dt", has_text=name))


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Wait for what no page shows. Raises AssertionError with `what` when it does not come."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"did not come in {seconds} s: {what}"
        pause.wait(0.2)


def expect_proved(page: Page) -> None:
    """The overview follows by itself until the first sync ends with a proof."""
    expect(axis(page, "Proof")).to_contain_text("Proved", timeout=SYNCED)
    expect(axis(page, "Proof")).not_to_contain_text("Not")
    expect(axis(page, "Freshness")).to_contain_text("Fresh", timeout=PATIENCE)


def expect_status(page: Page, status: str) -> None:
    expect(page.locator(".head .status").first).to_have_text(status, timeout=PATIENCE)
