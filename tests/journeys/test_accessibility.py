"""Every page of a portal with figures in it, as axe sees it: no violation of WCAG 2.2 AA, light or dark."""

from __future__ import annotations

import pytest

from tests.accessibility import Inspector
from tests.browsers import browser
from tests.screenshots import LOOKS, product, tour

pytestmark = pytest.mark.journey


def test_no_page_breaks_a_rule_of_accessibility_in_either_theme() -> None:
    inspector = Inspector()
    with product() as shown, browser() as running:
        tour(running, shown, inspector, LOOKS["light"])
    assert inspector.found == []
    assert inspector.pages > 50
