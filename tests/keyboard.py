"""A page as somebody without a mouse has it: every stop of the Tab key, from the first to the last: `python -m tests.keyboard`.

What is told, by the criteria of WCAG 2.2: what can't be reached (2.1.1) or left (2.1.2), an order that is not the reading order
(2.4.3), focus that can't be seen (2.4.7) or lies under something (2.4.11), a page wider than the window (1.4.10), also with
wider spacing of text (1.4.12).
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Any

from playwright.sync_api import Page, ViewportSize

from tests.browsers import browser
from tests.screenshots import LOOKS, product, tour

MOST_STOPS = 600
WIDE: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 700}

# Each time the focus has moved: which element it is, and what is wrong with how it is shown.
LISTEN = """
() => {
  const name = (e) => (e.id ? '#' + e.id : e.tagName.toLowerCase()) + ' ' +
    (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().replace(/\\s+/g, ' ').slice(0, 50);
  const around = (e) => [e, e.closest('label'), e.closest('.choice')].filter(Boolean);
  const ringed = (e) => around(e).some((one) => {
    const s = getComputedStyle(one);
    const line = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 && !/, 0\\)|transparent/.test(s.outlineColor);
    return line || /\\d+px \\d+px \\d+px [1-9]/.test(s.boxShadow);
  });
  const covered = (e) => {
    const box = (e.getClientRects().length > 1 ? e.getClientRects()[0] : e.getBoundingClientRect());
    const seen = around(e).at(-1).getBoundingClientRect();
    const b = box.width > 2 && box.height > 2 ? box : seen;  // a radio of our own lies unseen in its label
    const top = Math.max(0, b.top), bottom = Math.min(innerHeight, b.bottom);  // a table may be taller than the window
    const left = Math.max(0, b.left), right = Math.min(innerWidth, b.right);
    for (const x of [0.08, 0.5, 0.92]) for (const y of [0.2, 0.5, 0.8]) {
      const hit = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      const isAround = (hit) => hit.contains(e) && getComputedStyle(hit).position !== 'sticky';
      if (hit && (around(e).some((one) => one.contains(hit)) || isAround(hit))) return false;
    }
    return true;
  };
  window.stops = [];
  window.listening?.abort();
  window.listening = new AbortController();
  document.addEventListener('focusin', (event) => {
    const e = event.target;
    const before = window.stops.at(-1);
    if (window.stops.some((stop) => stop.element === e)) { window.isRound = true; return; }
    const told = [];
    const ordered = !before || before.element.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (!ordered) told.push('2.4.3 before ' + name(before.element));
    if (!ringed(e)) told.push('2.4.7 focus is not seen');
    if (covered(e)) told.push('2.4.11 focus lies under something');
    window.stops.push({ element: e, told: told.map((what) => name(e) + ': ' + what) });
  }, { signal: window.listening.signal });
  window.isRound = false;
  window.unreached = () => {
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const met = (is) => window.stops.some((stop) => is(stop.element));
    return [...document.querySelectorAll(all)]
      .filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }) && !met((one) => one === e))
      .filter((e) => !(e.type === 'radio' && met((one) => one.name === e.name && one.form === e.form)))
      .map((e) => name(e) + ': 2.1.1 is not reached');
  };
}
"""
# The next Tab goes to the first stop of the page, wherever the focus was.
TO_THE_TOP = """
() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.scrollTo(0, 0);
}
"""
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"
DRESS = "(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }"
WIDTH = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Walker:
    """Tabs through pages of a tour, all of them or `only` some. `found` is what is wrong, an element a line."""

    def __init__(self, only: Collection[str] = ()) -> None:
        self.pages = self.stops = 0
        self.found = list[str]()
        self._only = only

    def take(self, page: Page, name: str) -> None:
        """As wide as it is, and as narrow as a page of 1,280 at four times its size."""
        if self._only and name not in self._only:
            return
        self.pages += 1
        page.emulate_media(reduced_motion="reduce")
        wide = page.viewport_size or WIDE
        for look, size in (("wide", wide), ("narrow", NARROW)):
            page.set_viewport_size(size)
            self._walk(page, f"{name}, {look}")
        page.set_viewport_size(wide)

    def _walk(self, page: Page, name: str) -> None:
        """From the top of the page until the focus has been everywhere."""
        page.evaluate(TO_THE_TOP)
        page.evaluate(LISTEN)
        for pressed in range(MOST_STOPS):
            page.keyboard.press("Tab")
            if pressed % 10 == 9 and page.evaluate("() => window.isRound || document.activeElement === document.body"):
                break
        told: list[Any] = page.evaluate("() => window.stops.map((stop) => stop.told)")
        self.stops += len(told)
        self.found += [f"{name}: {what}" for stop in told for what in stop]
        self.found += [f"{name}: {what}" for what in page.evaluate("() => window.unreached()")]
        self._measure(page, name)

    def _measure(self, page: Page, name: str) -> None:
        for criterion, style in (("1.4.10", ""), ("1.4.12", SPACED)):
            page.evaluate(DRESS, style)
            if (over := page.evaluate(WIDTH)) > 0:
                self.found.append(f"{name}: {criterion} the page is {over} px wider than the window")
        page.evaluate(DRESS, "")


def main() -> int:
    walker = Walker()
    with product() as shown, browser() as running:
        tour(running, shown, walker, LOOKS["light"])
    sys.stdout.write("".join(f"{told}\n" for told in walker.found))
    sys.stdout.write(f"{walker.pages} pages, {walker.stops} stops, {len(walker.found)} findings\n")
    return 1 if walker.found else 0


if __name__ == "__main__":
    sys.exit(main())
