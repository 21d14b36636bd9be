"""Every page of a portal with figures in it, as axe sees it, light or dark; and those that differ most, by the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.accessibility import Inspector
from tests.browsers import browser
from tests.keyboard import Walker
from tests.screenshots import LOOKS, product, tour

pytestmark = pytest.mark.journey
WALKED = {
    "login",
    "sources",
    "source",
    "source-proof",
    "source-personal-data",
    "source-remove",
    "source-access",
    "new-share",
    "approval-link",
    "people-invited",
    "data-sql",
    "report-receivables",
    "budgets",
    "alerts-choices",
    "letter",
    "welcome",
}


@dataclass(frozen=True)
class Both:
    """Looks at each page of a tour with axe, and walks through some."""

    inspector: Inspector
    walker: Walker

    def take(self, page: Page, name: str) -> None:
        self.inspector.take(page, name)
        self.walker.take(page, name)


def test_no_page_breaks_a_rule_of_accessibility_and_no_mouse_is_needed() -> None:
    both = Both(Inspector(), Walker(only=WALKED))
    with product() as shown, browser() as running:
        tour(running, shown, both, LOOKS["light"])
    assert both.inspector.found == []
    assert both.inspector.pages > 50
    assert both.walker.found == []
    assert both.walker.pages == len(WALKED)
    assert both.walker.stops > 500
