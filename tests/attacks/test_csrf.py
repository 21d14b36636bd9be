"""Another site sends our forms through the browser of somebody who is signed in: nothing may come of it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.attacks.addresses import Address, every, everything_stored
from tests.portal.approvals.conftest import Outsider
from tests.portal.conftest import browser_of
from tieout.portal.approvals.actions import FreshLink
from tieout.portal.people.models import Person
from tieout.portal.sources.models import Source

WITHOUT_DJANGOS_CHECK = {
    "approvals.views.letter",  # a value of its own, bound to browser and page: Django's check needs a referrer
    "approvals.views.callback",
    "feeds.views",  # read-only; a token, never a session
    "ninja.operation",  # a token, never a session
}


def group(address: Address) -> str:
    """The module that answers, where it is exempt."""
    return str(address.view.__module__).removeprefix("tieout.portal.")


def test_only_what_has_a_check_of_its_own_is_without_djangos() -> None:
    assert {group(one) for one in every() if one.is_exempt} <= WITHOUT_DJANGOS_CHECK


def test_every_form_is_refused_without_the_value_of_its_page(owner: Person, source: Source) -> None:
    browser = browser_of(owner, enforce_csrf_checks=True)
    before = everything_stored()
    tried = [one for one in every() if not one.is_exempt]
    allowed = {
        one.pattern: answer.status_code
        for one in tried
        if (answer := browser.post(one.filled({"source_id": source.pk}), {"name": "attacked"})).status_code != 403
    }
    # "" only redirects, the description of the API is read by everybody: no POST does anything there
    assert {pattern for pattern, status in allowed.items() if status not in (401, 404, 405)} == set()
    assert len(tried) > 80
    assert everything_stored() == before


@pytest.mark.parametrize("path", ["", "key/", "report/", "ask/"])
def test_an_outsiders_form_is_refused_without_the_value_of_its_page_and_browser(
    accountant: Outsider, fresh: FreshLink, path: str
) -> None:
    address = f"/approve/{fresh.token}/{path}"
    accountant.open(fresh.token)
    before = everything_stored()
    for key in ("", "0" * 64):
        answer = accountant.browser.post(address, {"form_key": key, "client_key": "stolen"})
        assert answer.status_code == 403
    other = Outsider(accountant.system)
    page = other.open(fresh.token).content.decode()
    found = page.partition('name="form_key" value="')[2].partition('"')[0]
    assert found
    assert accountant.browser.post(address, {"form_key": found}).status_code == 403, "a value of another browser"
    assert everything_stored() == before


def test_a_session_opens_no_address_of_programs(owner_browser: Client, owner: Person, source: Source) -> None:
    before = everything_stored()
    for one in every():
        if one.is_exempt and group(one) in ("feeds.views", "ninja.operation"):
            for answer in (owner_browser.get(one.filled()), owner_browser.post(one.filled())):
                assert answer.status_code in (401, 405), one.pattern
    assert everything_stored() == before


def test_a_form_with_the_value_of_its_page_is_taken(owner: Person, source: Source) -> None:
    browser = browser_of(owner, enforce_csrf_checks=True)
    page = browser.get(f"/sources/{source.pk}/settings/").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = browser.post(f"/sources/{source.pk}/pause/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.is_paused
