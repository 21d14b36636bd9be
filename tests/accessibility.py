"""axe over every page of the running product, in each look: `python -m tests.accessibility [LOOK ...]`.

A look is light, dark, narrow or nb, as of pictures (`tests/screenshots.py`). Prints what axe finds, and ends with 1 if anything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browsers import browser
from tests.screenshots import LOOKS, product, tour

# WCAG 2.0, 2.1 and 2.2, levels A and AA, and what axe holds for good practice.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}


def violations(page: Page) -> Iterator[str]:
    """What axe finds wrong on the page that is shown, an element a line."""
    found: dict[str, Any] = Axe().run(page, options=RULES).response
    for rule in found["violations"]:
        for node in rule["nodes"]:
            yield f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]}"


class Inspector:
    """Looks at each page of a tour."""

    def __init__(self, look: str, tell: Callable[[str], object]) -> None:
        self.look, self._tell = look, tell
        self.pages = self.found = 0

    def take(self, page: Page, name: str) -> None:
        self.pages += 1
        for told in violations(page):
            self.found += 1
            self._tell(f"{self.look} {name}: {told}\n")


def main(looks: list[str]) -> int:
    inspected = list[Inspector]()
    with product() as shown, browser() as running:
        for look in looks:
            inspected.append(Inspector(look, sys.stdout.write))
            tour(running, shown, inspected[-1], LOOKS[look])
    for one in inspected:
        sys.stdout.write(f"{one.look}: {one.pages} pages, {one.found} violations\n")
    return 1 if any(one.found for one in inspected) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or list(LOOKS)))
