"""axe over every page of the running product, light and dark: `python -m tests.accessibility [LOOK ...]`.

A look is light, narrow or nb, as of pictures (`tests/screenshots.py`). Prints what axe finds, and ends with 1 if anything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browsers import browser
from tests.screenshots import LOOKS, product, tour

# WCAG 2.0, 2.1 and 2.2, levels A and AA, and what axe holds for good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
THEMES: tuple[tuple[Literal["dark", "light"], dict[str, Any]], ...] = (("dark", COLOURS), ("light", ALL))


class Inspector:
    """Looks at each page of a tour. `found` are violations, an element a line."""

    def __init__(self) -> None:
        self.pages, self.found = 0, list[str]()

    def take(self, page: Page, name: str) -> None:
        """All rules in the light theme; in the dark one those of colours, which are all that differs."""
        self.pages += 1
        page.evaluate(Axe().axe_script)
        for theme, rules in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # no colour on its way to another
            self.found += [f"{name}, {theme}: {told}" for told in violations(page, rules)]


def violations(page: Page, rules: dict[str, Any]) -> Iterator[str]:
    """What axe, which the page has been given, finds wrong on it."""
    for rule in page.evaluate("(rules) => axe.run(rules).then((told) => told.violations)", rules):
        for node in rule["nodes"]:
            yield f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"


def main(looks: list[str]) -> int:
    inspector = Inspector()
    with product() as shown, browser() as running:
        for look in looks:
            tour(running, shown, inspector, LOOKS[look])
    sys.stdout.write("".join(f"{told}\n" for told in inspector.found))
    sys.stdout.write(f"{inspector.pages} pages, {len(inspector.found)} violations\n")
    return 1 if inspector.found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["light", "narrow", "nb"]))
