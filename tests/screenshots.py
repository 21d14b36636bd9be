"""Pictures of every page of the running product: `python -m tests.screenshots FOLDER [LOOK ...]`.

A look is light, dark, narrow or nb.
Without looks only what the README shows is taken.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browsers import browser
from tests.programs import Installation, serving
from tests.simulators import running_simulator

EMAIL, PASSWORD = "owner@example.com", "a long enough password"
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
    "nb": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}, "locale": "nb-NO"},
}


@contextmanager
def product() -> Iterator[tuple[str, str, str]]:
    """A portal with one company synced and one open approval link: its address, the source's id, the link's address."""
    with tempfile.TemporaryDirectory() as folder, running_simulator(size="demo", throttle=False) as simulator:
        installation = Installation(Path(folder) / "home", simulator.url)
        installation.home.mkdir()
        installation.add_person(EMAIL, role="owner", password=PASSWORD, name="Test Owner")
        for company in simulator.companies()[:2]:
            added = installation.add_company(company["client_key"])
        installation.run("source", "sync", "--all", code=None)
        with serving(installation) as server:
            yield server.url, added["source"], simulator.companies()[2]["organisation_number"]


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/sources/**")


def pages(source: str) -> dict[str, str]:
    """Name of each picture, and the path it shows."""
    tabs = {
        name: f"/sources/{source}/{name}/" for name in ("streams", "history", "proof", "access", "settings", "remove")
    }
    wizard = {
        "new": "/sources/new/",
        "new-how": "/sources/new/poweroffice/",
        "new-myself": "/sources/new/poweroffice/myself/",
        "new-share": "/sources/new/poweroffice/share/",
        "new-key": "/sources/new/poweroffice/key/",
    }
    return {
        "sources": "/sources/",
        "source": f"/sources/{source}/",
        **{f"source-{name}": path for name, path in tabs.items()},
        **wizard,
        "approval-links": "/approval-links/",
        "data": "/data/",
        "data-table": "/data/raw_poweroffice/account_transactions/",
        "preferences": "/preferences/",
        "not-found": "/sources/00000000-0000-4000-8000-000000000000/",
    }


def take(running: Browser, address: str, source: str, folder: Path, look: str) -> None:
    """All pages in one look."""
    context = running.new_context(**LOOKS[look])  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/accounts/login/")
    page.screenshot(path=folder / f"login-{look}.png", full_page=True)
    sign_in(page, address)
    _read_in(page, "nb" if look == "nb" else "en")
    for name, path in pages(source).items():
        page.goto(address + path)
        page.screenshot(path=folder / f"{name}-{look}.png", full_page=True)
    context.close()


def _read_in(page: Page, language: str) -> None:
    """Choose the person's language, where another one holds."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").click()
        page.locator(f"html[lang={language}]").wait_for()


def main() -> int:
    folder, looks = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    with product() as (address, source, _third), browser() as running:
        for look in looks:
            take(running, address, source, folder, look)
        if not looks:
            page = running.new_context(**LOOKS["light"]).new_page()  # type: ignore[arg-type]
            sign_in(page, address)
            page.screenshot(path=folder / "sources.png")
            page.goto(f"{address}/sources/{source}/proof/")
            page.screenshot(path=folder / "proof.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
