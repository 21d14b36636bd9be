"""The small scripts, in a real browser, on a plain-http origin that is not loopback (so without a clipboard interface)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import tieout.portal
from tests.browsers import browser, installed

STATIC = Path(tieout.portal.__file__).parent / "static"
ORIGIN = "http://portal.test"

pytestmark = [
    pytest.mark.skipif(installed() is None, reason="no browser is installed; run: python -m tests.browsers --install"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context() as context:
        context.set_default_timeout(5000)
        page = context.new_page()
        page.clock.install()
        yield page


def serve(page: Page, body: str, *scripts: str, poll: Callable[[], str] = str) -> None:
    """Open a page of ours with these scripts; /poll answers what `poll` gives."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.split("?")[0] == "/poll":
            route.fulfill(body=poll(), content_type="text/html")
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"))
        else:
            head = "".join(f'<script src="/static/{name}" defer></script>' for name in scripts)
            route.fulfill(body=f'<!doctype html>{head}{body}<p id="live" role="status"></p>', content_type="text/html")

    page.route(f"{ORIGIN}/**", answer)
    page.goto(ORIGIN)


def part(number: int, *, goes_on: bool) -> str:
    poll = ' data-poll="/poll" data-every="3"' if goes_on else ""
    return f'<div id="part"{poll}><p data-say>{number} of 2</p><details class="menu"><summary>Menu</summary></details></div>'


def test_polled_part_renews_itself_tells_and_stops_when_told(page: Page) -> None:
    asked = []

    def poll() -> str:
        asked.append(1)
        return f"<main>{part(len(asked), goes_on=len(asked) < 2)}</main>"

    serve(page, part(0, goes_on=True), "poll.js", poll=poll)
    page.clock.run_for(3000)
    expect(page.locator("#part p")).to_have_text("1 of 2")
    expect(page.locator("#live")).to_have_text("1 of 2")
    page.clock.run_for(3000)
    expect(page.locator("#part p")).to_have_text("2 of 2")
    page.clock.run_for(30_000)
    assert len(asked) == 2


def test_polled_part_waits_while_somebody_is_in_it(page: Page) -> None:
    serve(page, part(0, goes_on=True), "poll.js", poll=lambda: part(1, goes_on=False))
    page.locator("summary").click()
    page.clock.run_for(10_000)
    expect(page.locator("#part p")).to_have_text("0 of 2")
    page.locator("summary").click()
    page.locator("summary").blur()
    page.clock.run_for(3000)
    expect(page.locator("#part p")).to_have_text("1 of 2")


def test_polling_survives_a_server_that_is_away(page: Page) -> None:
    answers = iter([lambda: 1 / 0, lambda: part(1, goes_on=False)])

    def poll() -> str:
        try:
            return str(next(answers)())
        except ZeroDivisionError:
            return ""  # an answer without the part

    serve(page, part(0, goes_on=True), "poll.js", poll=poll)
    page.clock.run_for(3000)
    page.clock.run_for(3000)
    expect(page.locator("#part p")).to_have_text("1 of 2")


COPY = '<div class="copy"><input readonly value="https://a.link/"><button data-copy data-copied="Copied">Copy link</button></div><textarea id="paste"></textarea>'  # noqa: E501


def test_copying_works_without_https(page: Page) -> None:
    serve(page, COPY, "copy.js")
    assert page.evaluate("navigator.clipboard === undefined")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button")).to_have_text("Copied")
    expect(page.locator("#live")).to_have_text("Copied")
    page.clock.run_for(2000)
    expect(page.get_by_role("button")).to_have_text("Copy link")
    page.locator("#paste").focus()
    page.keyboard.press("Control+V")
    expect(page.locator("#paste")).to_have_value("https://a.link/")


def test_copy_field_selects_itself_for_copying_by_hand(page: Page) -> None:
    serve(page, COPY, "copy.js")
    page.locator(".copy input").focus()
    assert page.evaluate("getSelection().toString()") == "https://a.link/"


def test_menus_close_by_escape_and_by_a_click_elsewhere(page: Page) -> None:
    serve(page, '<h1>Page</h1><details class="menu"><summary>Menu</summary><a href="#">Act</a></details>', "menu.js")
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.locator("h1").click()):
        page.locator("summary").click()
        expect(page.locator("details")).to_have_attribute("open", "")
        close()
        expect(page.locator("details")).not_to_have_attribute("open", "")


PREVIEW = (
    '<select id="often" name="often"><option>a<option>b</select><div data-preview="/poll" data-of="often">first</div>'
)


def test_a_choice_shows_what_it_would_lead_to(page: Page) -> None:
    serve(page, PREVIEW, "preview.js", poll=lambda: "<p>then</p>")
    page.locator("select").select_option("b")
    expect(page.locator("[data-preview] p")).to_have_text("then")
    expect(page.locator("#live")).to_have_text("then")


FORM = '<form method="post" action="/sent"><button>Go</button></form>'
PRESS = """() => {
  const seen = [];
  addEventListener("submit", (event) => seen.push(event.defaultPrevented));
  for (let press = 0; press < 3; press++) document.querySelector("button").click();
  return seen;
}"""


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page) -> None:
    serve(page, FORM, "once.js")
    page.route(f"{ORIGIN}/sent", lambda route: route.fulfill(status=204))
    assert page.evaluate(PRESS) == [False, True, True]


THEME = '<fieldset class="theme"><input type="radio" name="theme" value="system" checked><input type="radio" name="theme" value="dark"></fieldset>'  # noqa: E501


def test_theme_is_remembered_by_the_browser(page: Page) -> None:
    serve(page, THEME, "theme.js")
    page.locator("[value=dark]").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[value=dark]")).to_be_checked()
    page.locator("[value=system]").check()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")


def test_who_signs_out_in_one_tab_has_left_the_others_and_no_page_outlasts_its_session(page: Page) -> None:
    signed_in = '<html data-person="1"><p>1,234.56</p>'
    serve(page, signed_in, "left.js")
    other = page.context.new_page()
    serve(other, "", "left.js")
    expect(page).to_have_url(f"{ORIGIN}/")
    other.goto(f"{ORIGIN}/accounts/login/")
    expect(page).to_have_url(f"{ORIGIN}/accounts/login/?next=%2F")
    page.goto(f"{ORIGIN}/sources/?q=a")
    page.clock.fast_forward("24:02:00")
    expect(page).to_have_url(f"{ORIGIN}/accounts/login/?next=%2Fsources%2F%3Fq%3Da")
