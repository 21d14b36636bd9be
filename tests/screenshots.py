"""Pictures of every page of the running product: `python -m tests.screenshots FOLDER [LOOK ...]`.

A look is light, dark, narrow or nb: whole pages. Without looks: what the documents show, the first screen of each page.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb
from playwright.sync_api import Browser, Page

from tests.browsers import browser
from tests.programs import Installation, serving
from tests.simulators import running_simulator

REPORTS = ("trial-balance", "income-statement", "balance-sheet", "receivables", "vat", "month-end")
EMAIL, PASSWORD = "owner@example.com", "a long enough password"
WIDE = {"width": 1440, "height": 900}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": WIDE},
    "dark": {"color_scheme": "dark", "viewport": WIDE},
    "narrow": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
    "nb": {"color_scheme": "light", "viewport": WIDE, "locale": "nb-NO"},
}
# Pictures that tell no more than another one.
SHOWN_ELSEWHERE = ("people", "not-found", "new-key", "new-myself", "welcome", "source-recreate", "report-as-of")
DOCUMENTS: dict[str, Any] = {"color_scheme": "light", "viewport": {"width": 1240, "height": 700}}


@dataclass(frozen=True)
class Product:
    """A running portal: a proved company, one whose books were altered behind its back, and a third that has not approved."""

    address: str
    proved: str
    altered: str
    third: str  # organisation number


@contextmanager
def product() -> Iterator[Product]:
    with tempfile.TemporaryDirectory() as folder, running_simulator(size="demo", throttle=False, now=None) as simulator:
        installation = Installation(Path(folder) / "home", simulator.url)
        installation.home.mkdir(mode=0o700)
        installation.add_person(EMAIL, role="owner", password=PASSWORD, name="Test Owner")
        installation.add_person("reader@example.com", role="reader", password=PASSWORD, name="Test Reader")
        first, second, third = simulator.companies()[:3]
        proved, altered = (installation.add_company(company["client_key"])["source"] for company in (first, second))
        # A request for each invoice's lines, which no picture shows.
        installation.run("source", "sync", "--all", "--skip", "outgoing_invoice_lines", code=None)
        _alter(installation, altered)
        with serving(installation) as server:
            yield Product(server.url, proved, altered, third["organisation_number"])


def _alter(installation: Installation, source: str) -> None:
    """One posting changed by hand; the tie-out finds it."""
    (warehouse,) = (installation.home / "warehouse").glob("*.duckdb")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "update raw_poweroffice.account_transactions set amount = amount + 1250 "
            "where id = (select max(id) from raw_poweroffice.account_transactions where _source_id = ?)",
            [source],
        )
    installation.run("source", "tie-out", source, code=None)


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(EMAIL)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/sources/**")


def pages(shown: Product) -> dict[str, str]:
    """Name of each picture, and the path it shows."""
    tabs = ("streams", "history", "proof", "access", "settings", "personal-data", "remove", "access/recreate")
    wizard = {"": "new", "poweroffice/": "new-how", "poweroffice/myself/": "new-myself"}
    wizard |= {"poweroffice/share/": "new-share", "poweroffice/key/": "new-key"}
    return {
        "sources": "/sources/",
        "source": f"/sources/{shown.proved}/",
        **{f"source-{name.rpartition('/')[2]}": f"/sources/{shown.proved}/{name}/" for name in tabs},
        "source-not-proved": f"/sources/{shown.altered}/",
        "proof-not-proved": f"/sources/{shown.altered}/proof/",
        **{name: f"/sources/new/{path}" for path, name in wizard.items()},
        "sources-several": "/sources/?several=1",
        "groups": "/groups/",
        "firm": "/firm/poweroffice/",
        "approval-links": "/approval-links/",
        "data": "/data/",
        "data-sql": "/data/sql/",
        "data-table": "/data/raw_poweroffice/account_transactions/",
        **{
            f"source-{name}": f"/sources/{shown.proved}/{name}/"
            for name in ("vouchers", "stamps", "certificates", "witnesses")
        },
        "voucher": f"/sources/{shown.proved}/vouchers/30/",
        **{f"report-{name}": f"/reports/{name}/" for name in REPORTS},
        "source-saft": f"/sources/{shown.proved}/saft/",
        "source-codes": f"/sources/{shown.proved}/saft/codes/",
        "close": "/close/",
        "requests": "/requests/",
        "reports": "/reports/",
        "report-projects": "/reports/projects/",
        "report-as-of": f"/reports/trial-balance/?company={shown.proved}&as_of=1",
        "report-postings": f"/reports/postings/?company={shown.proved}",
        "report-open-items": f"/reports/open-items/?company={shown.proved}&ledger=receivable",
        "report-lines": "/report-lines/",
        "budgets": "/budgets/",
        "audit": "/audit/",
        "factors": "/accounts/factors/",
        "feeds": "/feeds/",
        "installation": "/installation/",
        "alerts": "/alerts/",
        "alerts-choices": "/alerts/choices/",
        "webhooks": "/webhooks/",
        "people": "/people/",
        "preferences": "/preferences/",
        "workspace-remove": "/workspace/remove/",
        "not-found": "/sources/00000000-0000-4000-8000-000000000000/",
    }


class Visitor(Protocol):
    """Whoever looks at each page of a tour."""

    def take(self, page: Page, name: str) -> None:
        """A page is shown."""


@dataclass(frozen=True)
class Camera:
    """Where pictures go, and how: whole pages with the look in their names, or the first screen."""

    folder: Path
    look: str = ""

    def take(self, page: Page, name: str) -> None:
        ending = f"-{self.look}" if self.look else ""
        page.screenshot(path=self.folder / f"{name}{ending}.png", full_page=bool(self.look))


def tour(running: Browser, shown: Product, camera: Visitor, options: dict[str, Any]) -> None:
    """All pages in one look: those with an account, then the letter that an outsider gets."""
    context = running.new_context(**options)
    page = context.new_page()
    page.goto(f"{shown.address}/accounts/login/")
    camera.take(page, "login")
    sign_in(page, shown.address)
    _read_in(page, "nb" if options.get("locale") == "nb-NO" else "en")
    link = _make_link(page, shown)
    camera.take(page, "approval-link")
    invitation = _invite(page, shown)
    camera.take(page, "people-invited")
    for name, path in pages(shown).items():
        answer = page.goto(shown.address + path)
        assert answer is not None
        assert answer.ok or name == "not-found", f"{path} is answered {answer.status}"
        camera.take(page, name)
    page.goto(f"{shown.address}/sources/{shown.altered}/history/")
    page.locator("th[scope=row] a").first.click()
    camera.take(page, "sync")
    context.close()
    outside = running.new_context(**options)
    for name, address in (("letter", link), ("welcome", invitation)):
        page = outside.new_page()
        page.goto(address)
        camera.take(page, name)
    outside.close()


def _make_link(page: Page, shown: Product) -> str:
    """An approval link for the third company; the page shows its address once."""
    page.goto(f"{shown.address}/sources/new/poweroffice/share/?company={shown.third}")
    page.locator("input[name=recipient_name]").fill("Test Accountant")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/approval-links/*/")
    return page.locator("#address").input_value()


def _invite(page: Page, shown: Product) -> str:
    page.goto(f"{shown.address}/people/")
    page.locator("input[name=email]").fill("fixture@example.com")
    page.locator("main form[aria-labelledby=invite] button[type=submit]").click()
    page.locator("#address").wait_for()
    return page.locator("#address").input_value()


def _read_in(page: Page, language: str) -> None:
    """Choose the person's language, where another one holds."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").click()
        page.locator(f"html[lang={language}]").wait_for()


def main() -> int:
    folder, looks = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    with product() as shown, browser() as running:
        for look in looks:
            tour(running, shown, Camera(folder, look), LOOKS[look])
        if not looks:
            tour(running, shown, Camera(folder), DOCUMENTS)
            for name in SHOWN_ELSEWHERE:
                (folder / f"{name}.png").unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
